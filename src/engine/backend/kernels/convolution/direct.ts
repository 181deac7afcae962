/** @file Runs direct convolutions: see `directProgram`. */
import {
  type DirectProgram,
  directProgram,
  isLinear,
  packDirect,
  packedDirectLength,
  windowOffsets,
} from './directProgram.ts'
import {
  type Job,
  type Operands,
  type Runner,
  addressOf,
  filterOf,
  ownerOf,
  packedKey,
  programOf,
} from './job.ts'
import { packed } from './packedWeights.ts'
import { keyOf } from './shape.ts'
import { floatBytes } from './tiles.ts'

/** So much of a map stays in the second cache of a small processor while all weights go over it. */
const chunkBytes = 128 * 1024

export function directly({ backend, shape, epilogue, arithmetic }: Job, operands: Operands): Runner {
  const { filter, bias, factors } = operands
  const { groups, inChannels, outChannels, outHeight, outWidth, strides } = shape
  const key = `${arithmetic} ${keyOf(shape, epilogue)}`
  const program = programOf<DirectProgram>(backend, `direct ${key}`, () =>
    directProgram(shape, epilogue, arithmetic),
  )
  const lengths = packedDirectLength(shape, arithmetic)
  const weights = packed(
    backend,
    ownerOf(operands),
    packedKey('direct', operands),
    lengths.all * floatBytes,
    (buffer, address) =>
      packDirect(
        shape,
        { filter: filterOf(backend, operands), factors },
        new Float32Array(buffer, address, lengths.all),
        arithmetic,
      ),
  )
  const pixels = outHeight * outWidth
  const offsets = isLinear(shape)
    ? 0
    : packed(backend, filter, packedKey(`offsets ${key}`, operands), pixels * 4, (buffer, address) =>
        new Int32Array(buffer, address, pixels).set(windowOffsets(shape)),
      )
  const perPixel = inChannels * floatBytes * strides[0] * strides[1]
  const chunk = Math.max(48, Math.floor(chunkBytes / perPixel / 12) * 12)
  return {
    scratchBytes: 0,
    run(input, output, _, images) {
      const biases = bias ? addressOf(backend, bias) : 0
      for (let first = 0; first < images * pixels; first += chunk) {
        const end = Math.min(images * pixels, first + chunk)
        for (let group = 0; group < groups; group++) {
          const [ins, outs] = [(group * inChannels) / groups, (group * outChannels) / groups]
          program.convolve(
            input + ins * floatBytes,
            weights + group * lengths.group * floatBytes,
            biases + outs * floatBytes,
            offsets,
            output + outs * floatBytes,
            first,
            end,
          )
        }
      }
    },
  }
}
