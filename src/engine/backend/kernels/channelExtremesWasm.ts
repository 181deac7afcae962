/**
 * @file What `ChannelExtremes` does, on WASM: in the heap of tfjs' backend, by SIMD where there is any
 * (`channelExtremesProgram`; about ten times as fast, without which all layers of a small network cost more than its
 * forward pass), else by the obvious loop. No kernel of tfjs' and no tensor: the numbers lie in this thread's memory
 * anyhow, and two more copies of them took as long as a tenth of the reduction.
 */
import * as tf from '@tensorflow/tfjs'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { type ChannelSummary, emptySummary } from '../../../core/scan/channelSummary.ts'
import { type BatchNormWeights, numbersOf, runChain } from './batchNormWasm.ts'
import type { Chain } from './chainProgram.ts'
import {
  type ChannelExtremesProgram,
  channelExtremesProgram,
  groupUnits,
  rowOf,
  rowsBeforeGroups,
  type Stage,
  stagesOf,
} from './channelExtremesProgram.ts'
import { chosenConvolutions } from './convolution/choice.ts'
import { addressOf, arithmeticOf } from './convolution/job.ts'
import { tieShare } from './firstOfEqual.ts'
import { type ChannelRows, wasmPrograms, withRows } from './wasmProgram.ts'

const programOf = wasmPrograms()

/** `x` is `[N, H, W, C]` or `[N, C]`, on this backend, and stays the caller's. */
export function summarizeOnWasm(x: tf.Tensor): ChannelSummary {
  const backend = tf.backend() as BackendWasm
  if (arithmeticOf(backend)) return walked(backend, x, null)![0]!
  const summary = emptySummary(x.shape[0]!, x.shape.at(-1)!)
  byLoop(backend.typedArrayFromHeap(x), x.shape[0]!, summary)
  return summary
}

/** Batch normalization, unless it is null, then an activation. */
export interface ChainOfMap {
  readonly batchNorm: BatchNormWeights | null
  readonly activation: Chain['activation']
}

export interface Chained {
  /** The map at the end of the chain; the caller's. */
  readonly output: tf.Tensor
  /** The summaries of its stages (`stagesOf`). */
  readonly summaries: readonly ChannelSummary[]
}

/**
 * Does what the layers and `summarizeOnWasm` do one after the other, to the bit, in one walk for all summaries and one for
 * the output. `x`, which nothing else may need, is disposed of. Returns null, and leaves `x` as it was, if it cannot be
 * done: without SIMD, if tfjs' own kernels are chosen, or if a number is not finite.
 */
export function chainOnWasm(x: tf.Tensor, { batchNorm, activation }: ChainOfMap): Chained | null {
  const backend = tf.backend() as BackendWasm
  if (chosenConvolutions() === 'tfjs' || !arithmeticOf(backend)) return null
  const chain = { normalized: batchNorm !== null, activation }
  const numbers = batchNorm ? numbersOf(backend, batchNorm) : 0
  const summaries = walked(backend, x, { chain, numbers })
  if (!summaries) return null
  const output = tf.engine().makeTensorFromTensorInfo(runChain(backend, x, chain, numbers, true))
  x.dispose()
  return { output, summaries }
}

interface ChainRun {
  readonly chain: Chain
  /** The address of the rows of the batch normalization. */
  readonly numbers: number
}

/** The summaries of the chain's stages; null if some of its numbers are not finite. */
function walked(backend: BackendWasm, x: tf.TensorInfo, run: ChainRun | null): ChannelSummary[] | null {
  const images = x.shape[0]!
  const channels = x.shape.at(-1)!
  const { chain, numbers } = run ?? { chain: null, numbers: 0 }
  const stages = chain ? stagesOf(chain) : (['x'] as const)
  const summaries = stages.map(() => emptySummary(images, channels))
  const count = tf.util.sizeFromShape(x.shape)
  if (count === 0) return summaries
  const tie = tieShare()
  const program = programOf<ChannelExtremesProgram>(
    backend,
    `${channels} ${chain?.normalized} ${chain?.activation} ${tie}`,
    () => channelExtremesProgram(channels, chain, tie),
  )
  const units = count / images / channels
  const group = groupUnits(units, channels)
  return withRows(backend, rowsBeforeGroups + 2 * Math.ceil(units / group), channels, (rows) => {
    // Views are of now, as an allocation may move the heap.
    const found = stages.map((stage, s) => ({
      summary: summaries[s]!,
      find: program[finderOf[stage]],
      ...viewsOf(rows, stage, chain),
    }))
    const [places, nan, finite] = [rowOf.places, rowOf.nan, rowOf.finite].map((row) => rows.whole(row))
    const from = addressOf(backend, x)
    for (let n = 0; n < images; n++) {
      const image = from + n * units * channels * 4
      program.walk(image, units, group, rows.address, numbers)
      if (chain) {
        program.derive(rows.address, numbers)
        if (finite![0] === 0) return null
      }
      const at = n * channels
      for (const { summary, find, max, min, active } of found) {
        summary.max.set(max, at)
        summary.min.set(min, at)
        summary.active.set(active, at)
        if (units === 1) continue
        find(image, units, group, rows.address, numbers)
        summary.position.set(places!, at)
      }
      if (!chain) for (let c = 0; c < channels; c++) if (nan![c] !== 0) summaries[0]!.nan[at + c] = 1
    }
    return summaries
  })
}

const finderOf = { x: 'findX', y: 'findY', z: 'findZ' } as const

function viewsOf(
  rows: ChannelRows,
  stage: Stage,
  chain: Chain | null,
): { max: Float32Array; min: Float32Array; active: Uint32Array } {
  const active = stage === 'x' || !chain?.normalized ? rowOf.active : rowOf.activeAfter
  return {
    max: rows.floats(rowOf[stage].max),
    min: rows.floats(rowOf[stage].min),
    active: rows.whole(active),
  }
}

function byLoop(
  values: ArrayLike<number>,
  images: number,
  { channels, max, position, min, active, nan }: ChannelSummary,
): void {
  max.fill(-Infinity)
  min.fill(Infinity)
  const units = values.length / max.length
  let i = 0
  for (let n = 0; n < images; n++)
    for (let p = 0; p < units; p++)
      for (let at = n * channels; at < (n + 1) * channels; at++) {
        const value = values[i++]!
        if (value > max[at]!) max[at] = value
        // Written so that NaN, for which no comparison is true, is counted.
        if (!(value >= min[at]!)) {
          if (value < min[at]!) min[at] = value
          else nan[at] = 1
        }
        if (value > 0) active[at]! += 1
      }
  for (let n = 0; n < images; n++)
    for (let c = 0; c < channels; c++) {
      let unit = 0
      while (unit < units && !(values[(n * units + unit) * channels + c]! >= max[n * channels + c]!)) unit++
      position[n * channels + c] = unit % units
    }
}
