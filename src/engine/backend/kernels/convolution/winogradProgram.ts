/**
 * @file Convolution 3×3 by Winograd's F(4×4, 3×3): 4×4 outputs at once from 6×6 inputs by 36 products a channel instead
 * of 144 (A. Lavin, S. Gray: "Fast Algorithms for Convolutional Neural Networks", 2016).
 *
 *     U = G g Gᵀ                                     once for all weights g, in double precision
 *     for each block of tiles
 *       for each tile, each 4 input channels         `transformInput`
 *         V = Bᵀ d B                                 d: the tile's 6×6 inputs
 *       for each of the 36 places, each 8 output channels, each 6 tiles      `multiply`
 *         M = Σ over input channels of V · U         (the tile of `tiles.ts`)
 *       for each tile, each 4 output channels        `transformOutput`
 *         store activation(Aᵀ M A + bias)
 *
 * The points of the transforms are 0, ±√½, ±√2 and ∞: with the usual 0, ±1, ±2 rounding errors are 3 to 6 times as large,
 * with these they are those of direct convolution. The last tiles of a row and column begin where they still fit in the
 * map, so tiles never read what lies beside it, nor another image. An output depends on its tile alone, so on nothing
 * that shares a block or a pass with it.
 *
 * Blocks keep V and M in the processor's second cache. There are 64 bytes between the planes of a block, without which
 * all 36 would fall on the same few lines of the cache (three times as long for the input).
 */
import { type FunctionWriter, writeProgram } from '../writer/program.ts'
import { loadF32x4, loadI32 } from '../writer/memory.ts'
import { F32x4, I32, type Local, f32x4 } from '../writer/values.ts'
import { makeActivation } from './activated.ts'
import type { Filters } from './directProgram.ts'
import { type ConvolutionShape, type Epilogue, paddedSize } from './shape.ts'
import {
  type Arithmetic,
  addProducts,
  blockStarts,
  floatBytes,
  forTiles,
  lanes,
  largestTile,
  makeTile,
  multiplyAdd,
} from './tiles.ts'

export interface WinogradProgram {
  /** `tiles`: an entry of the table for each tile of the block. */
  transformInput(input: number, tiles: number, count: number, v: number): void
  multiply(v: number, u: number, m: number, count: number): void
  transformOutput(m: number, tiles: number, count: number, bias: number, output: number): void
}

/** Outputs and inputs of a tile in each direction. */
const outSize = 4
const inSize = 6
export const places = inSize * inSize

/** √½ in single precision, and √2, its double: so the points are what the transforms say, to the last bit. */
const a = Math.fround(Math.SQRT1_2)
const b = 2 * a

/** Channels of a tile of products. */
const width = largestTile.fused.vectors * lanes

const betweenPlanes = 64

/** Bytes of a plane of V or M. */
export function planeBytes(tiles: number, channels: number): number {
  return tiles * channels * floatBytes + betweenPlanes
}

export function winogradProgram(
  shape: ConvolutionShape,
  blockTiles: number,
  { bias: hasBias, activation }: Epilogue,
  arithmetic: Arithmetic,
): Uint8Array<ArrayBuffer> {
  const { inChannels, outChannels, outWidth } = shape
  const [, mapWidth] = paddedSize(shape)
  const madd = (x: F32x4, factor: number, y: F32x4): F32x4 => multiplyAdd(arithmetic, x, f32x4(factor), y)
  const vPlane = planeBytes(blockTiles, inChannels)
  const mPlane = planeBytes(blockTiles, outChannels)

  /** Bᵀ d, of one row or column. */
  const transformed = (f: FunctionWriter, d: readonly F32x4[]): Local<F32x4>[] => {
    const [d0, d1, d2, d3, d4, d5] = d as [F32x4, F32x4, F32x4, F32x4, F32x4, F32x4]
    const [evenA, oddA] = [f.keep(madd(d2, -2, d4)), f.keep(madd(d1, -2, d3))]
    const [evenB, oddB] = [f.keep(madd(d2, -0.5, d4)), f.keep(madd(d1, -0.5, d3))]
    return [
      f.keep(madd(d2, -2.5, d4.add(d0))),
      f.keep(madd(oddA, a, evenA)),
      f.keep(madd(oddA, -a, evenA)),
      f.keep(madd(oddB, b, evenB)),
      f.keep(madd(oddB, -b, evenB)),
      f.keep(madd(d3, -2.5, d5.add(d1))),
    ]
  }

  /** Aᵀ m, of one row or column. */
  const gathered = (f: FunctionWriter, m: readonly F32x4[]): Local<F32x4>[] => {
    const [m0, m1, m2, m3, m4, m5] = m as [F32x4, F32x4, F32x4, F32x4, F32x4, F32x4]
    const [sumA, differenceA] = [f.keep(m1.add(m2)), f.keep(m1.sub(m2))]
    const [sumB, differenceB] = [f.keep(m3.add(m4)), f.keep(m3.sub(m4))]
    return [
      f.keep(m0.add(sumA).add(sumB)),
      f.keep(madd(differenceB, b, differenceA.mul(f32x4(a)))),
      f.keep(madd(sumB, 2, sumA.mul(f32x4(0.5)))),
      f.keep(madd(differenceB, 2 * b, madd(differenceA, a / 2, m5))),
    ]
  }

  return writeProgram({
    transformInput(f) {
      const [input, tiles, count, v] = [f.parameter(), f.parameter(), f.parameter(), f.parameter()]
      const [tile, channel, from, to] = [f.local(I32), f.local(I32), f.local(I32), f.local(I32)]
      forTiles(f, tile, { end: count, width: 1 }, () =>
        forTiles(f, channel, { end: inChannels, width: lanes }, () => {
          f.set(from, input.add(loadI32(tiles.add(tile.shl(3)))).add(channel.shl(2)))
          f.set(to, v.add(tile.mul(inChannels).add(channel).shl(2)))
          const columns = Array.from({ length: inSize }, (_, column) =>
            transformed(
              f,
              Array.from({ length: inSize }, (__, row) =>
                f.keep(loadF32x4(from, (row * mapWidth + column) * inChannels * floatBytes)),
              ),
            ),
          )
          for (let row = 0; row < inSize; row++)
            for (const [column, value] of transformed(
              f,
              columns.map((one) => one[row]!),
            ).entries())
              f.store(to, value, (row * inSize + column) * vPlane)
        }),
      )
    },

    multiply(f) {
      const [v, u, m, count] = [f.parameter(), f.parameter(), f.parameter(), f.parameter()]
      const [place, channel, tileIndex] = [f.local(I32), f.local(I32), f.local(I32)]
      const [weights, out] = [f.local(I32), f.local(I32)]
      const pixels = Math.min(largestTile[arithmetic].pixels, blockTiles)
      const inputs = Array.from({ length: pixels }, () => f.local(I32))
      const tile = makeTile(f, pixels, width / lanes)
      forTiles(f, place, { end: places, width: 1 }, () => {
        forTiles(f, channel, { end: outChannels, width }, () => {
          forTiles(f, tileIndex, { end: count, width: pixels }, () => {
            for (const [i, address] of inputs.entries())
              f.set(address, v.add(tileIndex.add(i).mul(inChannels * floatBytes)))
            f.set(weights, u)
            for (const sum of tile.sums.flat()) f.set(sum, f32x4(0))
            addProducts(f, tile, arithmetic, { inputs, weights, length: inChannels })
            f.set(out, m.add(tileIndex.mul(outChannels).add(channel).shl(2)))
            for (const [i, sums] of tile.sums.entries())
              for (const [vector, sum] of sums.entries())
                f.store(out, sum, (i * outChannels + vector * lanes) * floatBytes)
          })
          f.step(u, inChannels * width * floatBytes)
        })
        f.step(v, vPlane)
        f.step(m, mPlane)
      })
    },

    transformOutput(f) {
      const [m, tiles, count] = [f.parameter(), f.parameter(), f.parameter()]
      const [bias, output] = [f.parameter(), f.parameter()]
      const activated = makeActivation(f, activation, arithmetic)
      const [tile, channel, from, to] = [f.local(I32), f.local(I32), f.local(I32), f.local(I32)]
      forTiles(f, tile, { end: count, width: 1 }, () =>
        forTiles(f, channel, { end: outChannels, width: lanes }, () => {
          f.set(from, m.add(tile.mul(outChannels).add(channel).shl(2)))
          f.set(to, output.add(loadI32(tiles.add(tile.shl(3)), 4)).add(channel.shl(2)))
          const columns = Array.from({ length: inSize }, (_, column) =>
            gathered(
              f,
              Array.from({ length: inSize }, (__, row) =>
                f.keep(loadF32x4(from, (row * inSize + column) * mPlane)),
              ),
            ),
          )
          const shift = hasBias ? f.keep(loadF32x4(bias.add(channel.shl(2)))) : null
          for (let row = 0; row < outSize; row++)
            for (const [column, sum] of gathered(
              f,
              columns.map((one) => one[row]!),
            ).entries())
              f.store(
                to,
                activated(shift ? sum.add(shift) : sum),
                (row * outWidth + column) * outChannels * floatBytes,
              )
        }),
      )
    },
  })
}

/** Where each tile's input begins and its output, in bytes; a map with margins is framed. */
export function tileOffsets(shape: ConvolutionShape): Int32Array {
  const { outHeight, outWidth, inChannels, outChannels } = shape
  const [, mapWidth] = paddedSize(shape)
  const offsets: number[] = []
  for (const row of blockStarts(outHeight, outSize))
    for (const column of blockStarts(outWidth, outSize))
      offsets.push(
        (row * mapWidth + column) * inChannels * floatBytes,
        (row * outWidth + column) * outChannels * floatBytes,
      )
  return Int32Array.from(offsets)
}

/** So many that V and M stay in the second cache, and that the products take a whole number of times. */
const mostTiles = 12

/** The tiles of a block. The last one may have fewer. */
export function tilesOfBlock(shape: ConvolutionShape): number {
  return Math.min(mostTiles, tileCount(shape))
}

export function tileCount({ outHeight, outWidth }: ConvolutionShape): number {
  return Math.ceil(outHeight / outSize) * Math.ceil(outWidth / outSize)
}

export function packedWinogradLength({ inChannels, outChannels }: ConvolutionShape): number {
  return places * inChannels * Math.ceil(outChannels / width) * width
}

/** G by the points, row after row: what is left of the other factors is in Bᵀ. */
const g = Float64Array.from([
  ...[0, a, -a, b, -b].flatMap((point, i, points): [number, number, number] => {
    const scale = points.reduce((product, other, j) => (j === i ? product : product * (point - other)), 1)
    return [1 / scale, point / scale, point ** 2 / scale]
  }),
  0,
  0,
  1,
])

/** A row of G times three numbers. */
function ofPoint(point: number, x: number, y: number, z: number): number {
  return g[point * 3]! * x + g[point * 3 + 1]! * y + g[point * 3 + 2]! * z
}

/** U as it is read: `[place][output channels / 8][input channel][8]`. `filter` is `[3, 3, input channel, output channel]`. */
export function packWinograd(
  { inChannels, outChannels }: ConvolutionShape,
  { filter, factors: ofChannels }: Filters,
  packed: Float32Array,
): void {
  const starts = blockStarts(outChannels, width)
  const plane = starts.length * inChannels * width
  const below = 3 * inChannels * outChannels
  const columns = new Float64Array(3 * inSize)
  // Plain loops: this runs once for each weight, before code is optimised, while the user waits for the first patches.
  for (let input = 0; input < inChannels; input++)
    for (let block = 0; block < starts.length; block++)
      for (let c = 0; c < width; c++) {
        const channel = starts[block]! + c
        const channelFactor = ofChannels ? ofChannels[channel]! : 1
        for (let column = 0; column < 3; column++) {
          const tap = (column * inChannels + input) * outChannels + channel
          for (let row = 0; row < inSize; row++)
            columns[row * 3 + column] = ofPoint(
              row,
              filter[tap]!,
              filter[tap + below]!,
              filter[tap + 2 * below]!,
            )
        }
        let at = (block * inChannels + input) * width + c
        for (let row = 0; row < 3 * inSize; row += 3)
          for (let column = 0; column < inSize; column++, at += plane)
            packed[at] = ofPoint(column, columns[row]!, columns[row + 1]!, columns[row + 2]!) * channelFactor
      }
}
