/**
 * @file What the kernel `ChannelExtremes` does to one map `[units, channels]` in the heap of tfjs' WASM backend, four
 * channels at once. First all but the place of the maximum, and the maximum of each tile of units:
 *
 *     for each tile of units
 *       for each four channels
 *         read maximum, minimum, active and NaN from `state`, or begin with them
 *         for each unit of the tile
 *           tile's maximum = greatest of it and value
 *           minimum = least of minimum and value
 *           active += value > 0
 *           NaN |= value is NaN
 *         maximum = greatest of maximum and the tile's
 *         write them to `state`
 *
 * Then the first tile that has a unit of at least a limit (`firstOfEqual`):
 *
 *     for each four channels
 *       for each tile, until all four have one
 *         if the tile's maximum ≥ limit, and this is the first: tile = this one
 *
 * Units go in tiles so that a cache line that holds sixteen channels is still near for the next four. If a unit is
 * short, four channels at a time read every so many lines, which no processor foresees: there a tile is a page of
 * memory and is walked through once before, line by line (0.30 instead of 0.55 ns a number of maps that come from
 * far). Long units are read like that anyhow.
 */
import { writeProgram } from './writer/program.ts'
import { F32x4, I32, I32x4, f32x4, i32, i32x4, loadF32x4, loadI32, loadI32x4 } from './writer/values.ts'

/** In the WASM heap, as addresses. Rows are those of `withRows`. */
export interface ChannelExtremesProgram {
  /**
   * `state` is four rows: maximum, minimum, active, NaN (not 0). `maxima` is a row for each tile. 12 bytes behind the map
   * must be readable.
   */
  reduce(map: number, units: number, channels: number, tile: number, state: number, maxima: number): void
  /** `limits` and `found` are rows. */
  findTiles(limits: number, maxima: number, tiles: number, channels: number, found: number): void
}

const cacheLine = 64
/** Bytes of a unit. */
const longest = 1024

/** Units of a tile. */
export function tileUnits(channels: number): number {
  const bytes = 4 * channels
  if (bytes <= longest) return Math.floor(4096 / bytes)
  return bytes < 4096 ? Math.floor(16_384 / bytes) : 4
}

export function channelExtremesProgram(): Uint8Array<ArrayBuffer> {
  return writeProgram({
    reduce(f) {
      const [map, units, channels, tile] = [f.parameter(), f.parameter(), f.parameter(), f.parameter()]
      const [state, maxima] = [f.parameter(), f.parameter()]
      /** Bytes of a unit, and of a row. */
      const stride = f.keep(channels.shl(2))
      const row = f.keep(stride.add(15).and(-16))

      const [first, end, channel] = [f.local(I32), f.local(I32), f.local(I32)]
      const [unit, at, slot] = [f.local(I32), f.local(I32), f.local(I32)]
      const [max, tileMax, min, value] = [f.local(F32x4), f.local(F32x4), f.local(F32x4), f.local(F32x4)]
      const [active, nan] = [f.local(I32x4), f.local(I32x4)]
      /** Keeps the loads of the walk from being left out. */
      const walked = f.local(I32)
      const zero = f.local(F32x4)
      const none = f.local(I32x4)
      const addressOf = (index: I32): I32 => map.add(index.mul(stride))
      const slotOf = (rows: number): I32 => (rows === 0 ? slot : slot.add(row.mul(rows)))

      f.repeat(() => {
        f.set(end, first.add(tile))
        f.when(end.gtU(units), () => f.set(end, units))

        f.when(stride.leU(longest), () => {
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
              f.set(active, none)
              f.set(nan, none)
            },
            () => {
              f.set(max, loadF32x4(slotOf(0)))
              f.set(min, loadF32x4(slotOf(1)))
              f.set(active, loadI32x4(slotOf(2)))
              f.set(nan, loadI32x4(slotOf(3)))
            },
          )

          f.set(tileMax, f32x4(-Infinity))
          f.set(unit, first)
          f.set(at, addressOf(first).add(channel.shl(2)))
          f.repeat(() => {
            f.set(value, loadF32x4(at))
            // NaN is neither greater nor less, so it never gets in.
            f.set(tileMax, tileMax.pmax(value))
            f.set(min, min.pmin(value))
            // A comparison that is true is −1.
            f.set(active, active.sub(value.gt(zero)))
            f.set(nan, nan.or(value.ne(value)))
            f.step(at, stride)
            f.step(unit, 1)
            return unit.ltU(end)
          })

          f.store(maxima.add(channel.shl(2)), tileMax)
          for (const [rows, numbers] of [max.pmax(tileMax), min, active, nan].entries())
            f.store(slotOf(rows), numbers)
          f.step(channel, 4)
          return channel.ltU(channels)
        })

        f.step(maxima, row)
        f.set(first, end)
        return first.ltU(units)
      })
    },

    findTiles(f) {
      const [limits, maxima, tiles] = [f.parameter(), f.parameter(), f.parameter()]
      const [channels, found] = [f.parameter(), f.parameter()]
      const row = f.keep(channels.shl(2).add(15).and(-16))
      const [channel, at, tile] = [f.local(I32), f.local(I32), f.local(I32)]
      const limit = f.local(F32x4)
      const [where, done, fresh] = [f.local(I32x4), f.local(I32x4), f.local(I32x4)]
      f.repeat(() => {
        f.set(limit, loadF32x4(limits.add(channel.shl(2))))
        f.set(at, maxima.add(channel.shl(2)))
        f.set(tile, i32(0))
        f.set(where, i32x4(0))
        f.set(done, i32x4(0))
        f.repeat(() => {
          f.set(fresh, loadF32x4(at).ge(limit).andNot(done))
          f.when(fresh.anyTrue(), () => {
            f.set(where, fresh.bitselect<I32x4>(tile.splat(), where))
            f.set(done, done.or(fresh))
          })
          f.step(at, row)
          f.step(tile, 1)
          return done.allTrue().eqz().and(tile.ltU(tiles))
        })
        f.store(found.add(channel.shl(2)), where)
        f.step(channel, 4)
        return channel.ltU(channels)
      })
    },
  })
}
