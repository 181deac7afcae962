/**
 * @file What the kernel `ChannelExtremes` does to one map `[units, channels]` in the heap of tfjs' WASM backend, four
 * channels at once:
 *
 *     for each tile of units
 *       for each four channels
 *         read maximum, unit, minimum, active and NaN from `state`, or begin with them
 *         for each unit of the tile
 *           if value > maximum: maximum, unit = value, this unit     (so the first of equal ones stays)
 *           minimum = least of minimum and value
 *           active += value > 0
 *           NaN |= value is NaN
 *         write them to `state`
 *
 * Units go in tiles so that a cache line that holds sixteen channels is still near for the next four. If a unit is
 * short, four channels at a time read every so many lines, which no processor foresees: there a tile is a page of
 * memory and is walked through once before, line by line (0.30 instead of 0.55 ns a number of maps that come from
 * far). Long units are read like that anyhow.
 */
import { writeProgram } from './writer/program.ts'
import { F32x4, I32, I32x4, f32x4, i32, i32x4, loadF32x4, loadI32, loadI32x4 } from './writer/values.ts'

export interface ChannelExtremesProgram {
  /**
   * In the WASM heap, as addresses. `state` is five rows as of `withRows`: maximum, unit, minimum, active, NaN (not 0).
   * 12 bytes behind the map must be readable.
   */
  reduce(map: number, units: number, channels: number, state: number): void
}

const cacheLine = 64

export function channelExtremesProgram(): Uint8Array<ArrayBuffer> {
  return writeProgram({
    reduce(f) {
      const [map, units, channels, state] = [f.parameter(), f.parameter(), f.parameter(), f.parameter()]
      /** Bytes of a unit, and of a row of `state`. */
      const stride = f.keep(channels.shl(2))
      const row = f.keep(stride.add(15).and(-16))
      const isShort = f.keep(stride.leU(1024))
      const ofLong = stride.ltU(4096).select(i32(16_384).divU(stride), 4)
      const tile = f.keep(isShort.select(i32(4096).divU(stride), ofLong))

      const [first, end, channel, unit, at, slot] = [
        f.local(I32),
        f.local(I32),
        f.local(I32),
        f.local(I32),
        f.local(I32),
        f.local(I32),
      ]
      const [max, min, value] = [f.local(F32x4), f.local(F32x4), f.local(F32x4)]
      const [where, active, nan, here] = [f.local(I32x4), f.local(I32x4), f.local(I32x4), f.local(I32x4)]
      /** Keeps the loads of the walk from being left out. */
      const walked = f.local(I32)
      const zero = f.local(F32x4)
      const none = f.local(I32x4)
      const one = f.keep(i32x4(1))
      const addressOf = (index: I32): I32 => map.add(index.mul(stride))
      const slotOf = (rows: number): I32 => (rows === 0 ? slot : slot.add(row.mul(rows)))

      f.repeat(() => {
        f.set(end, first.add(tile))
        f.when(end.gtU(units), () => f.set(end, units))

        f.when(isShort, () => {
          f.set(at, addressOf(first))
          f.repeat(() => {
            f.set(walked, walked.or(loadI32(at)))
            f.step(at, cacheLine)
            return at.ltU(addressOf(end))
          })
        })

        f.set(channel, i32(0))
        f.repeat(() => {
          f.set(slot, state.add(channel.shl(2)))
          f.when(
            first.eqz(),
            () => {
              f.set(max, f32x4(-Infinity))
              f.set(min, f32x4(Infinity))
              for (const count of [where, active, nan]) f.set(count, none)
            },
            () => {
              f.set(max, loadF32x4(slotOf(0)))
              f.set(where, loadI32x4(slotOf(1)))
              f.set(min, loadF32x4(slotOf(2)))
              f.set(active, loadI32x4(slotOf(3)))
              f.set(nan, loadI32x4(slotOf(4)))
            },
          )

          f.set(unit, first)
          f.set(here, first.splat())
          f.set(at, addressOf(first).add(channel.shl(2)))
          f.repeat(() => {
            f.set(value, loadF32x4(at))
            // No comparison is true of NaN, so it never wins, and `pmax` and `pmin` never let it in.
            f.set(where, value.gt(max).bitselect<I32x4>(here, where))
            f.set(max, max.pmax(value))
            f.set(min, min.pmin(value))
            // A comparison that is true is −1.
            f.set(active, active.sub(value.gt(zero)))
            f.set(nan, nan.or(value.ne(value)))
            f.set(here, here.add(one))
            f.step(at, stride)
            f.step(unit, 1)
            return unit.ltU(end)
          })

          for (const [rows, numbers] of [max, where, min, active, nan].entries())
            f.store(slotOf(rows), numbers)
          f.step(channel, 4)
          return channel.ltU(channels)
        })

        f.set(first, end)
        return first.ltU(units)
      })
    },
  })
}
