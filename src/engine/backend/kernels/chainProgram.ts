/**
 * @file Batch normalization and activation of a map `[units, channels]` in the heap of tfjs' WASM backend, four channels
 * at once. tfjs' own batch normalization takes a number at a time, with four indices that wrap around and a division: 4 ns
 * instead of 0.1.
 *
 *     for each four units
 *       for each four channels c
 *         y[unit, c] = (x[unit, c] − mean[c]) · factor[c] + offset[c]
 *         out[unit, c] = z = activation(y)
 *
 * Each step is rounded, as there is no FMA here: the result is the same on all machines.
 */
import { makeActivation } from './convolution/activated.ts'
import { type FunctionWriter, writeProgram } from './writer/program.ts'
import { loadF32x4, loadLanes } from './writer/memory.ts'
import { F32x4, I32, type Local, i32 } from './writer/values.ts'

/** What is made of a map: y = x if it is not normalized, and z = y if the activation is linear. */
export interface Chain {
  readonly normalized: boolean
  readonly activation: 'linear' | 'relu' | 'relu6'
}

/** In the WASM heap, as addresses. */
export interface ChainProgram {
  /** `numbers` is three rows: mean, factor, offset. `out` may be `map`. */
  run(map: number, units: number, numbers: number, out: number): void
}

/** Units that share the reading of their channels' numbers. */
const together = 4

export function chainProgram(channels: number, chain: Chain): Uint8Array<ArrayBuffer> {
  const stride = 4 * channels
  const row = rowBytes(channels)
  return writeProgram({
    run(f) {
      const [map, units, numbers, out] = [f.parameter(), f.parameter(), f.parameter(), f.parameter()]
      const [byte, numbersAt] = [f.local(I32), f.local(I32)]
      const [from, to] = [f.local(I32), f.local(I32)]

      const some = (count: number): void => {
        const vector = (lanes: number): void => {
          f.set(from, map.add(byte))
          f.set(to, out.add(byte))
          f.set(numbersAt, numbers.add(byte))
          const coefficients = chain.normalized
            ? coefficientsAt(f, (index) => loadF32x4(numbersAt, index * row))
            : null
          for (let unit = 0; unit < count; unit++) {
            const y = normalized(loadLanes(from, lanes, unit * stride), coefficients)
            f.storeLanes(to, f.keep(activate(f, y, chain)), lanes, unit * stride)
          }
          f.step(byte, 16)
        }
        f.set(byte, i32(0))
        const whole = Math.floor(channels / 4)
        if (whole > 0)
          f.repeat(() => {
            vector(4)
            return byte.ltU(16 * whole)
          })
        if (channels % 4 > 0) vector(channels % 4)
        f.step(map, count * stride)
        f.step(out, count * stride)
        f.step(units, -count)
      }

      f.when(units.gtU(together - 1), () =>
        f.repeat(() => {
          some(together)
          return units.gtU(together - 1)
        }),
      )
      f.when(units, () =>
        f.repeat(() => {
          some(1)
          return units
        }),
      )
    },
  })
}

/** Bytes of a row of numbers, one for each channel: see `withRows`. */
export function rowBytes(channels: number): number {
  return 16 * Math.ceil(channels / 4)
}

/** Mean, factor and offset of four channels. */
export type Coefficients = readonly [mean: Local<F32x4>, factor: Local<F32x4>, offset: Local<F32x4>]

export function coefficientsAt(f: FunctionWriter, load: (row: number) => F32x4): Coefficients {
  return [f.keep(load(0)), f.keep(load(1)), f.keep(load(2))]
}

/** y; without coefficients x itself. */
export function normalized(x: F32x4, coefficients: Coefficients | null): F32x4 {
  if (!coefficients) return x
  const [mean, factor, offset] = coefficients
  return x.sub(mean).mul(factor).add(offset)
}

/** z. */
export function activate(f: FunctionWriter, y: F32x4, chain: Chain | null): F32x4 {
  return makeActivation(f, { fn: chain?.activation ?? 'linear' })(y)
}
