/**
 * @file Direct convolution of a map for a layer's shape: any kernel, stride, dilation and groups. A map with margins is
 * copied into a frame of zeros first (`frame`).
 *
 *     for each chunk of pixels                      (so that what it reads stays in the cache)
 *       for each 8 output channels
 *         for each 6 output pixels                  (the tile of `tiles.ts`)
 *           sums = bias
 *           for each row of the kernel, each column, each input channel
 *             sums += inputs · weights
 *           store activation(sums)
 *
 * An output is the sum of its products in this one order, from the bias on, so it does not depend on chunks, tiles, or on
 * the images beside it; without FMA it has the bits that tfjs gives. A table holds where in the map each output pixel's
 * window begins, so rows and borders are no special cases; windows of one pixel need no table, as they lie one behind the
 * other. Weights are packed in the order in which they are read: `[output channels / 8][row][column][input channel][8]`.
 */
import { type FunctionWriter, writeProgram } from '../writer/program.ts'
import { loadI32 } from '../writer/memory.ts'
import { I32 } from '../writer/values.ts'
import { makeActivation } from './activated.ts'
import { type ConvolutionShape, type Epilogue, paddedSize } from './shape.ts'
import {
  type Arithmetic,
  addProducts,
  biasOf,
  blockStarts,
  floatBytes,
  forTiles,
  lanes,
  lanesOf,
  largestTile,
  makeTile,
  times,
} from './tiles.ts'

export interface DirectProgram {
  /**
   * Computes the pixels from `first` to `end`, of one group: `input`, `bias` and `output` are addresses of its first
   * channel. `offsets` is that of the table.
   */
  convolve(
    input: number,
    weights: number,
    bias: number,
    offsets: number,
    output: number,
    first: number,
    end: number,
  ): void
}

export function directProgram(
  shape: ConvolutionShape,
  { bias: hasBias, activation }: Epilogue,
  arithmetic: Arithmetic,
): Uint8Array<ArrayBuffer> {
  const { kernel, dilation, groups, inChannels, outChannels } = shape
  const [depth, channels] = [inChannels / groups, outChannels / groups]
  const { pixels, width } = tileOf(shape, arithmetic)
  const vectors = Math.ceil(width / lanes)
  const [, mapWidth] = paddedSize(shape)
  const runs = runsOf(shape)
  const blockBytes = kernel[0] * kernel[1] * depth * vectors * lanes * floatBytes
  /** Bytes from behind a run to the next one, and from behind a row's last one to the next row. */
  const isDense = runs.count === 1
  const columnGap = (dilation[1] * inChannels - runs.length) * floatBytes
  const rowGap =
    (dilation[0] * mapWidth * inChannels - (isDense ? runs.length : kernel[1] * dilation[1] * inChannels)) *
    floatBytes

  return writeProgram({
    convolve(f: FunctionWriter) {
      const [input, packed, biases] = [f.parameter(), f.parameter(), f.parameter()]
      const [offsets, output, first, end] = [f.parameter(), f.parameter(), f.parameter(), f.parameter()]
      const [channel, pixel, out, weights] = [f.local(I32), f.local(I32), f.local(I32), f.local(I32)]
      const inputs = Array.from({ length: pixels }, () => f.local(I32))
      const tile = makeTile(f, pixels, vectors)
      const activated = makeActivation(f, activation, arithmetic)

      forTiles(f, channel, { end: channels, width }, () => {
        const bias = hasBias ? f.keep(biases.add(channel.mul(floatBytes))) : null
        forTiles(f, pixel, { from: first, end, width: pixels }, () => {
          for (const [i, address] of inputs.entries())
            f.set(
              address,
              isLinear(shape)
                ? input.add(pixel.add(i).mul(inChannels * floatBytes))
                : input.add(loadI32(offsets.add(pixel.mul(4)), 4 * i)),
            )
          f.set(weights, packed)
          for (const sums of tile.sums)
            for (const [v, sum] of sums.entries()) f.set(sum, biasOf(bias, width, v))
          times(f, kernel[0], () => {
            times(f, runs.count, () => {
              addProducts(f, tile, arithmetic, { inputs, weights, length: runs.length })
              if (!isDense) for (const address of inputs) f.step(address, columnGap)
            })
            if (kernel[0] > 1) for (const address of inputs) f.step(address, rowGap)
          })
          f.set(out, output.add(pixel.mul(outChannels).add(channel).mul(floatBytes)))
          for (const [i, sums] of tile.sums.entries())
            for (const [v, sum] of sums.entries())
              f.storeLanes(out, activated(sum), lanesOf(width, v), (i * outChannels + v * lanes) * floatBytes)
        })
        f.step(packed, blockBytes)
      })
    },
  })
}

/** Windows of one pixel each, one behind the other: no table is needed, and all images are one map. */
export function isLinear({ kernel, strides, margins }: ConvolutionShape): boolean {
  const isSingle = [...kernel, ...strides].every((number) => number === 1)
  return isSingle && Object.values(margins).every((margin: number) => margin === 0)
}

/** Numbers that lie side by side in a row of the window, and how many such runs a row has. */
function runsOf({ kernel, dilation, groups, inChannels }: ConvolutionShape): {
  length: number
  count: number
} {
  const isDense = groups === 1 && dilation[1] === 1
  return isDense
    ? { length: kernel[1] * inChannels, count: 1 }
    : { length: inChannels / groups, count: kernel[1] }
}

/** The pixels and channels of a tile: fewer if the map or a group has fewer. */
export function tileOf(
  { outHeight, outWidth, outChannels, groups }: ConvolutionShape,
  arithmetic: Arithmetic,
): { pixels: number; width: number } {
  const { pixels, vectors } = largestTile[arithmetic]
  return {
    pixels: Math.min(pixels, outHeight * outWidth),
    width: Math.min(vectors * lanes, outChannels / groups),
  }
}

/** Where in the map, in bytes, the window of each output pixel begins; a map with margins is framed. */
export function windowOffsets(shape: ConvolutionShape): Int32Array {
  const { outHeight, outWidth, strides, inChannels } = shape
  const [, width] = paddedSize(shape)
  return Int32Array.from({ length: outHeight * outWidth }, (_, pixel) => {
    const [row, column] = [Math.floor(pixel / outWidth), pixel % outWidth]
    return (row * strides[0] * width + column * strides[1]) * inChannels * floatBytes
  })
}

/** Filters, and the factor of each output channel that they are multiplied by, if there are any. */
export interface Filters {
  readonly filter: ArrayLike<number>
  readonly factors?: Float64Array | undefined
}

/** `filter` is `[row, column, input channel of a group, output channel]`; one group after the other. */
export function packDirect(
  shape: ConvolutionShape,
  { filter, factors }: Filters,
  packed: Float32Array,
  arithmetic: Arithmetic,
): void {
  const { groups, outChannels } = shape
  const channels = outChannels / groups
  const { width } = tileOf(shape, arithmetic)
  const padded = Math.ceil(width / lanes) * lanes
  const taps = filter.length / outChannels
  let at = 0
  for (let group = 0; group < groups; group++)
    for (const start of blockStarts(channels, width))
      for (let tap = 0; tap < taps; tap++, at += padded)
        for (let c = 0; c < width; c++) {
          const channel = group * channels + start + c
          packed[at + c] = filter[tap * outChannels + channel]! * (factors ? factors[channel]! : 1)
        }
}

/** Numbers of the packed weights. */
export function packedDirectLength(
  shape: ConvolutionShape,
  arithmetic: Arithmetic,
): { group: number; all: number } {
  const { kernel, groups, inChannels, outChannels } = shape
  const { width } = tileOf(shape, arithmetic)
  const blocks = Math.ceil(outChannels / groups / width)
  const group = kernel[0] * kernel[1] * (inChannels / groups) * blocks * Math.ceil(width / lanes) * lanes
  return { group, all: groups * group }
}
