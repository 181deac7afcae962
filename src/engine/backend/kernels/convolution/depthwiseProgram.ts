/**
 * @file Depthwise convolution, in which each channel has a kernel of its own, row by row:
 *
 *     for each tile of output pixels of the row      (6 pixels; fewer where the kernel reaches over the border)
 *       for each 4 channels
 *         sums = bias
 *         for each row of the kernel that lies in the map
 *           for each column that does
 *             sums += inputs · weights
 *         store activation(sums)
 *
 * Borders are taps that are left out, as the copy with margins would cost half of the convolution. Weights are read as
 * tfjs has them, `[row][column][channel]`. Six sums, and a kernel's row of three weights, are what registers hold.
 */
import { type FunctionWriter, writeProgram } from '../writer/program.ts'
import { loadLanes } from '../writer/memory.ts'
import { F32x4, I32, i32 } from '../writer/values.ts'
import { makeActivation } from './activated.ts'
import type { ConvolutionShape, Epilogue } from './shape.ts'
import { type Arithmetic, biasOf, floatBytes, forTiles, lanes, multiplyAdd } from './tiles.ts'

export interface DepthwiseProgram {
  /**
   * Computes a row of the output. `input` is the address of the first row of the map that it sees, `weights` that of the
   * kernel's row that lies on it, `rows` how many they share.
   */
  convolve(input: number, weights: number, rows: number, bias: number, output: number): void
}

/** Output pixels of a tile. */
const largest = 6

export function depthwiseProgram(
  shape: ConvolutionShape,
  { bias: hasBias, activation }: Epilogue,
  arithmetic: Arithmetic,
): Uint8Array<ArrayBuffer> {
  const { width, inChannels: channels, outWidth, kernel, strides, dilation } = shape
  const pixelBytes = channels * floatBytes
  const vector = Math.min(lanes, channels)

  return writeProgram({
    convolve(f: FunctionWriter) {
      const [input, weights, rows] = [f.parameter(), f.parameter(), f.parameter()]
      const [bias, output] = [f.parameter(), f.parameter()]
      const [pixel, channel, left] = [f.local(I32), f.local(I32), f.local(I32)]
      const [from, factors, to] = [f.local(I32), f.local(I32), f.local(I32)]
      const value = f.local(F32x4)
      const activated = makeActivation(f, activation, arithmetic)
      const sums = Array.from({ length: largest }, () => f.local(F32x4))
      const taps = Array.from({ length: kernel[1] }, () => f.local(F32x4))

      /** `count` pixels from `first` on, by the columns of the kernel from `begin` to `end`. */
      const tile = (first: I32, count: number, begin: number, end: number): void =>
        forTiles(f, channel, { end: channels, width: vector }, () => {
          const at = channel.mul(floatBytes)
          // Before the map in the first columns, but with the columns that are left out it is in the map again.
          f.set(from, input.add(first.mul(strides[1] * pixelBytes)).add(at))
          f.set(from, from.sub((shape.margins.left - begin * dilation[1]) * pixelBytes))
          f.set(factors, weights.add(at).add(begin * pixelBytes))
          for (const sum of sums.slice(0, count)) f.set(sum, biasOf(hasBias ? bias.add(at) : null, vector, 0))
          f.set(left, rows)
          f.when(left, () =>
            f.repeat(() => {
              const used = taps.slice(0, end - begin)
              for (const [column, tap] of used.entries())
                f.set(tap, loadLanes(factors, vector, column * pixelBytes))
              for (const { offset, uses } of inputsOf(count, end - begin)) {
                f.set(value, loadLanes(from, vector, offset * pixelBytes))
                for (const [i, column] of uses)
                  f.set(sums[i]!, multiplyAdd(arithmetic, value, used[column]!, sums[i]!))
              }
              f.step(from, dilation[0] * width * pixelBytes)
              f.step(factors, kernel[1] * pixelBytes)
              f.step(left, -1)
              return left
            }),
          )
          f.set(to, output.add(first.mul(pixelBytes)).add(at))
          for (const [i, sum] of sums.slice(0, count).entries())
            f.storeLanes(to, activated(sum), vector, i * pixelBytes)
        })

      /** The input pixels of a tile, each with the sums and taps that want it, in the order of the taps for each sum. */
      const inputsOf = (count: number, columns: number): { offset: number; uses: [number, number][] }[] => {
        const inputs = new Map<number, [number, number][]>()
        for (let i = 0; i < count; i++)
          for (let column = 0; column < columns; column++) {
            const offset = i * strides[1] + column * dilation[1]
            inputs.set(offset, [...(inputs.get(offset) ?? []), [i, column]])
          }
        return [...inputs]
          .toSorted(([one], [other]) => one - other)
          .map(([offset, uses]) => ({ offset, uses }))
      }

      const { first, end } = innerColumns(shape)
      for (const pixelOfRow of Array.from({ length: outWidth }, (_, i) => i)) {
        if (pixelOfRow === first && end > first) {
          const count = Math.min(largest, end - first)
          forTiles(f, pixel, { from: first, end, width: count }, () => tile(pixel, count, 0, kernel[1]))
        }
        if (pixelOfRow >= first && pixelOfRow < end) continue
        const [begin, behind] = columnsAt(shape, pixelOfRow)
        f.set(pixel, i32(pixelOfRow))
        tile(pixel, 1, begin, behind)
      }
    },
  })
}

/** The taps of a kernel that lie in a map of `length`, where it begins at `start`: the first one, and behind the last. */
export function tapsInside(start: number, length: number, taps: number, dilation: number): [number, number] {
  const first = Math.min(taps, Math.max(0, Math.ceil(-start / dilation)))
  const behind = Math.min(taps, Math.max(first, Math.ceil((length - start) / dilation)))
  return [first, behind]
}

type Columns = Pick<ConvolutionShape, 'width' | 'outWidth' | 'kernel' | 'strides' | 'dilation' | 'margins'>

/** The columns of a window that lie in the map: the first one, and behind the last. */
export function columnsAt(
  { width, kernel, strides, dilation, margins }: Columns,
  pixel: number,
): [number, number] {
  return tapsInside(pixel * strides[1] - margins.left, width, kernel[1], dilation[1])
}

/** The output pixels of a row whose windows lie in the map. */
export function innerColumns(shape: Columns): { first: number; end: number } {
  const inside = Array.from({ length: shape.outWidth }, (_, pixel) => pixel).filter((pixel) => {
    const [begin, end] = columnsAt(shape, pixel)
    return end - begin === shape.kernel[1]
  })
  return inside.length > 0 ? { first: inside[0]!, end: inside.at(-1)! + 1 } : { first: 0, end: 0 }
}
