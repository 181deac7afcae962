/** @file Runs convolutions by Winograd: see `winogradProgram`. */
import type * as tf from '@tensorflow/tfjs'
import { largestIn } from '../../../../core/model/folding/foldedWeights.ts'
import { directly } from './direct.ts'
import {
  type Job,
  type Operands,
  type Runner,
  addressOf,
  filterOf,
  numbersOf,
  ownerOf,
  packedKey,
  programOf,
} from './job.ts'
import { packed } from './packedWeights.ts'
import { keyOf, paddedSize } from './shape.ts'
import { type TameProgram, largestTame, tameProgram } from './tameProgram.ts'
import { floatBytes, largestTile } from './tiles.ts'
import {
  type WinogradProgram,
  packWinograd,
  packedWinogradLength,
  places,
  planeBytes,
  tileCount,
  tileOffsets,
  tilesOfBlock,
  winogradProgram,
} from './winogradProgram.ts'

/** A convolution whose weights are not tame, and maps that are not, are convolved directly. */
export function byWinograd(job: Job, operands: Operands): Runner {
  const { backend, shape, epilogue, arithmetic } = job
  const { filter, bias, factors } = operands
  if (!areTame(numbersOf(backend, filter), filter)) return directly(job, operands)
  const { inChannels, outChannels } = shape
  const weightCount = packedWinogradLength(shape)
  const tiles = tileCount(shape)
  const ofBlock = tilesOfBlock(shape)
  const key = `${arithmetic} ${keyOf(shape, epilogue)}`
  const program = programOf<WinogradProgram>(backend, `winograd ${key}`, () =>
    winogradProgram(shape, ofBlock, epilogue, arithmetic),
  )
  const tame = programOf<TameProgram>(backend, 'tame', tameProgram)
  const weights = packed(
    backend,
    ownerOf(operands),
    packedKey('winograd', operands),
    weightCount * floatBytes,
    (buffer, address) =>
      packWinograd(
        shape,
        { filter: filterOf(backend, operands), factors },
        new Float32Array(buffer, address, weightCount),
      ),
  )
  const offsets = packed(backend, filter, packedKey(`tiles ${key}`, operands), tiles * 8, (buffer, address) =>
    new Int32Array(buffer, address, tiles * 2).set(tileOffsets(shape)),
  )
  const [rows, columns] = paddedSize(shape)
  const vBytes = places * planeBytes(ofBlock, inChannels)
  const mBytes = places * planeBytes(ofBlock, outChannels)
  return {
    scratchBytes: vBytes + mBytes,
    run(input, output, scratch, images) {
      const [v, m] = [scratch, scratch + vBytes]
      tame.areTame(input, rows * columns * inChannels, v)
      if (new Int32Array(backend.wasm.HEAPU8.buffer, v, 1)[0] === 0)
        return directly(job, operands).run(input, output, scratch, images)
      const biases = bias ? addressOf(backend, bias) : 0
      for (let first = 0; first < tiles; first += ofBlock) {
        // The last block has what is left, but as many as the products take at once.
        const count = Math.min(ofBlock, Math.max(tiles - first, largestTile[arithmetic].pixels))
        const block = offsets + Math.min(first, tiles - count) * 8
        program.transformInput(input, block, count, v)
        program.multiply(v, weights, m, count)
        program.transformOutput(m, block, count, biases, output)
      }
    },
  }
}

const tameFilters = new WeakMap<object, boolean>()

/** Looked at once for each tensor of weights: see `tameProgram`. */
function areTame(numbers: Float32Array, { dataId }: tf.TensorInfo): boolean {
  let tame = tameFilters.get(dataId)
  if (tame === undefined) tameFilters.set(dataId, (tame = largestIn(numbers) <= largestTame))
  return tame
}
