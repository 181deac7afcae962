/**
 * @file Batch normalization of a map `[units, channels]` in the heap of tfjs' WASM backend, four channels at once. tfjs'
 * own kernel takes a number at a time, with four indices that wrap around and a division: 4 ns instead of 0.3.
 *
 *     for each unit
 *       for each channel c
 *         out[unit, c] = (map[unit, c] − mean[c]) · factor[c] + offset[c]
 *
 * Each step is rounded, as there is no FMA here: the result is the same on all machines.
 */
import { writeProgram } from './writer/program.ts'
import { type Arithmetic, I32, loadF32, loadF32x4 } from './writer/values.ts'

/** In the WASM heap, as addresses. `numbers` is three rows as of `withRows`: mean, factor, offset. */
export interface BatchNormProgram {
  normalize(map: number, units: number, channels: number, numbers: number, out: number): void
}

export function batchNormProgram(): Uint8Array<ArrayBuffer> {
  return writeProgram({
    normalize(f) {
      const [map, units, channels] = [f.parameter(), f.parameter(), f.parameter()]
      const [numbers, out] = [f.parameter(), f.parameter()]
      const ofFour = f.keep(channels.and(-4))
      const row = f.keep(channels.shl(2).add(15).and(-16))
      const end = f.keep(map.add(units.mul(channels).shl(2)))
      const slot = f.local(I32)
      const left = f.local(I32)

      /** What is `left` of a unit's channels, so many at a time. */
      const normalize = <T extends Arithmetic<T>>(count: 1 | 4, load: (address: I32) => T): void =>
        f.when(left, () =>
          f.repeat(() => {
            const [mean, factor, offset] = [load(slot), load(slot.add(row)), load(slot.add(row.shl(1)))]
            f.store(out, load(map).sub(mean).mul(factor).add(offset))
            for (const address of [map, out, slot]) f.step(address, 4 * count)
            f.step(left, -count)
            return left
          }),
        )

      f.repeat(() => {
        f.set(slot, numbers)
        f.set(left, ofFour)
        normalize(4, loadF32x4)
        f.set(left, channels.sub(ofFour))
        normalize(1, loadF32)
        return map.ltU(end)
      })
    },
  })
}
