/**
 * @file The gradient of pooling with respect to its input, a row of windows at a time:
 *
 *     for each window of the row, each four channels
 *       for each place of the window that lies in the map, row by row
 *         maximum:  the first place that equals the window's maximum gets the window's gradient
 *         mean:     each place gets it
 *
 * Places that several windows share get the sum, in the order of the windows.
 */
import { columnsAt, innerColumns } from './convolution/depthwiseProgram.ts'
import type { ConvolutionShape } from './convolution/shape.ts'
import { floatBytes, lanes } from './convolution/tiles.ts'
import { loadLanes } from './writer/memory.ts'
import { type FunctionWriter, writeProgram } from './writer/program.ts'
import { F32x4, I32, I32x4, f32x4, i32, i32x4 } from './writer/values.ts'

/** As many channels come out as go in. */
export type PoolShape = Pick<
  ConvolutionShape,
  'height' | 'width' | 'outHeight' | 'outWidth' | 'inChannels' | 'kernel' | 'strides' | 'dilation' | 'margins'
>

export interface PoolBackProgram {
  /**
   * `map` and `result` are the addresses of the first of the `rows` rows that the windows see of the map, and of the gradient with
   * respect to it, which is added to. `maxima` and `gradient` are those of the windows' row. A mean reads neither map nor maxima.
   */
  back(map: number, result: number, rows: number, maxima: number, gradient: number): void
}

export function poolBackProgram(shape: PoolShape, reduce: 'max' | 'average'): Uint8Array<ArrayBuffer> {
  const { width, inChannels: channels, outWidth, kernel, strides, dilation, margins } = shape
  const pixelBytes = channels * floatBytes
  const rowBytes = dilation[0] * width * pixelBytes

  return writeProgram({
    back(f: FunctionWriter) {
      const [map, result, rows] = [f.parameter(), f.parameter(), f.parameter()]
      const [maxima, gradient] = [f.parameter(), f.parameter()]
      const [pixel, at, left] = [f.local(I32), f.local(I32), f.local(I32)]
      const [from, to, own] = [f.local(I32), f.local(I32), f.local(I32)]
      const [share, maximum] = [f.local(F32x4), f.local(F32x4)]
      const [free, chosen] = [f.local(I32x4), f.local(I32x4)]
      const zero = f.keep(f32x4(0))

      /** Some channels of a window, of which the columns from `begin` to `end` lie in the map. */
      const vector = (count: number, begin: number, end: number): void => {
        f.set(own, pixel.mul(pixelBytes).add(at))
        f.set(share, loadLanes(gradient.add(own), count))
        if (reduce === 'max') {
          f.set(maximum, loadLanes(maxima.add(own), count))
          f.set(free, i32x4(-1))
        }
        // In the first columns it is before the map, but with the columns that are left out it is in the map again.
        f.set(own, pixel.mul(strides[1] * pixelBytes).add(at))
        f.set(own, own.sub((margins.left - begin * dilation[1]) * pixelBytes))
        f.set(from, map.add(own))
        f.set(to, result.add(own))
        f.set(left, rows)
        f.repeat(() => {
          for (let column = 0; column < end - begin; column++) {
            const offset = column * dilation[1] * pixelBytes
            let added: F32x4 = share
            if (reduce === 'max') {
              f.set(chosen, loadLanes(from, count, offset).ge(maximum).and(free))
              f.set(free, free.andNot(chosen))
              added = chosen.bitselect<F32x4>(share, zero)
            }
            f.storeLanes(to, f.keep(loadLanes(to, count, offset).add(added)), count, offset)
          }
          f.step(from, rowBytes)
          f.step(to, rowBytes)
          f.step(left, -1)
          return left
        })
      }

      const window = (begin: number, end: number): void => {
        if (begin >= end) return
        f.set(at, i32(0))
        const whole = Math.floor(channels / lanes) * lanes
        if (whole > 0)
          f.repeat(() => {
            vector(lanes, begin, end)
            f.step(at, lanes * floatBytes)
            return at.ltU(whole * floatBytes)
          })
        if (channels > whole) vector(channels - whole, begin, end)
      }

      f.when(rows, () => {
        const { first, end } = innerColumns(shape)
        for (let one = 0; one < outWidth; one++) {
          if (one === first && end > first) {
            f.set(pixel, i32(first))
            f.repeat(() => {
              window(0, kernel[1])
              f.step(pixel, 1)
              return pixel.ltU(end)
            })
          }
          if (one >= first && one < end) continue
          f.set(pixel, i32(one))
          window(...columnsAt(shape, one))
        }
      })
    },
  })
}
