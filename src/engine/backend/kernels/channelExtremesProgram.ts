/**
 * @file One walk over a map x, `[units, channels]` in the heap of tfjs' WASM backend, for all that a scan asks of it, and
 * of what will become of it: y, its batch normalization, and z, the activation of y (`Chain`).
 *
 *     for each tile of units
 *       for each few channels
 *         for each unit of the tile
 *           greatest, least of the tile's group; active += x > 0; NaN |= x is NaN
 *           y = (x − mean) · factor + offset; active of y += y > 0
 *
 * The extremes of y and z need no comparisons: rounding keeps order, so y is monotone in x, and z in y. Their greatest
 * value in a group of units, or in the map, is that of the group's greatest or least x. `derive` computes them, and says
 * whether all are finite; only then are they right (a NaN in between is seen by nobody, and ∞ − ∞ is one).
 *
 * The place of a maximum is that of the first unit of at least a limit (`firstOfEqual`): first the group is looked for,
 * then the unit in it, eight units at a time. Nothing but x is read for that, so y and z need not be there.
 *
 * Units go in tiles so that a cache line that holds sixteen channels is still near for the next ones. If a unit is short,
 * four channels at a time read every so many lines, which no processor foresees: there a tile is a page of memory and is
 * walked through once before, line by line (0.30 instead of 0.55 ns a number of maps that come from far). Long units are
 * read like that anyhow.
 */
import {
  type Chain,
  type Coefficients,
  activate,
  coefficientsAt,
  normalized,
  rowBytes,
} from './chainProgram.ts'
import { tieOfChannel } from './firstOfEqual.ts'
import { type FunctionWriter, writeProgram } from './writer/program.ts'
import { loadF32x4, loadI32, loadI32x4, loadLanes, loadSplat } from './writer/memory.ts'
import { F32x4, I32, I32x4, type Local, f32x4, i32, i32x4 } from './writer/values.ts'

/** The maps that are looked at. */
export type Stage = 'x' | 'y' | 'z'

export function stagesOf({ normalized: isNormalized, activation }: Chain): Stage[] {
  return [
    'x',
    ...(isNormalized ? (['y'] as const) : []),
    ...(activation === 'linear' ? [] : (['z'] as const)),
  ]
}

/** Rows that a program writes (`withRows`), and after them two for each group: its greatest and its least number. */
export const rowOf = {
  x: { max: 0, min: 1 },
  y: { max: 2, min: 3 },
  z: { max: 4, min: 5 },
  active: 6,
  nan: 7,
  /** Active units of y, and of z. */
  activeAfter: 8,
  places: 9,
  /** In its first number: 1 if all numbers of x and y are finite, else 0. */
  finite: 10,
  /** What counts as the maximum when a place is looked for. */
  limits: 11,
} as const
export const rowsBeforeGroups = 12

/** In the WASM heap, as addresses. `numbers` is three rows: mean, factor, offset. */
export interface ChannelExtremesProgram {
  /** A group has `group` units, a multiple of `tileUnits`; the last one may have fewer. */
  walk(map: number, units: number, group: number, rows: number, numbers: number): void
  /** The rows `max` and `min` of y and z, and `finite`. */
  derive(rows: number, numbers: number): void
  /** The row `places`: the index of the maximum's unit; 0 if all units are NaN. */
  findX(map: number, units: number, group: number, rows: number, numbers: number): void
  findY(map: number, units: number, group: number, rows: number, numbers: number): void
  findZ(map: number, units: number, group: number, rows: number, numbers: number): void
}

const cacheLine = 64
/** Units that are looked at together for a place: a branch for each would be guessed wrong in most channels. */
const unitsOfRun = 8
/** Bytes of a unit. */
const longest = 1024

/** Units of a tile. */
export function tileUnits(channels: number): number {
  const bytes = 4 * channels
  if (bytes <= longest) return Math.floor(4096 / bytes)
  return bytes < 4096 ? Math.floor(16_384 / bytes) : 4
}

/** Units of a group: so many that there are about as many groups as units in a group. */
export function groupUnits(units: number, channels: number): number {
  const tile = tileUnits(channels)
  return Math.ceil(Math.sqrt(units) / tile) * tile
}

/** `tie` is the share of a map's largest number within which units count as equal. */
export function channelExtremesProgram(
  channels: number,
  chain: Chain | null,
  tie: number,
): Uint8Array<ArrayBuffer> {
  const stride = 4 * channels
  const row = rowBytes(channels)
  const tile = tileUnits(channels)
  const at = (rows: I32, index: number): I32 => (index === 0 ? rows : rows.add(index * row))
  const isNormalized = chain?.normalized ?? false

  const coefficients = (f: FunctionWriter, load: (row: number) => F32x4): Coefficients | null =>
    isNormalized ? coefficientsAt(f, load) : null
  const activated = (f: FunctionWriter, y: F32x4): F32x4 => activate(f, y, chain)

  /** Does `body` for each four channels of a row, also for those behind the last one; `byte` is where they begin. */
  const forVectors = (f: FunctionWriter, body: (byte: Local<I32>) => void): void => {
    const byte = f.keep(i32(0))
    f.repeat(() => {
      body(byte)
      f.step(byte, 16)
      return byte.ltU(row)
    })
  }

  const find = (stage: Stage) => (f: FunctionWriter) => {
    const [map, units, group] = [f.parameter(), f.parameter(), f.parameter()]
    const [rows, numbers] = [f.parameter(), f.parameter()]
    const through = (x: F32x4, own: Coefficients | null): F32x4 => {
      if (stage === 'x') return x
      const y = normalized(x, own)
      return stage === 'y' ? y : activated(f, y)
    }
    const [maxima, minima] = [at(rows, rowOf[stage].max), at(rows, rowOf[stage].min)].map((address) =>
      f.keep(address),
    )
    const places = f.keep(at(rows, rowOf.places))

    // The largest number of all channels that is not infinite, in all lanes.
    const largest = f.keep(f32x4(0))
    forVectors(f, (byte) => {
      for (const values of [maxima!, minima!]) {
        const size = f.keep(loadF32x4(values.add(byte)).abs())
        f.set(largest, largest.pmax(size.lt(f32x4(Infinity)).bitselect<F32x4>(size, largest)))
      }
    })
    f.store(places, largest)
    for (const lane of [0, 4, 8, 12]) f.set(largest, largest.pmax(loadSplat(places, lane)))
    const slack = f.keep(largest.mul(f32x4(tie)))
    const limitOf = (byte: I32): F32x4 => {
      const max = f.keep(loadF32x4(maxima!.add(byte)))
      const size = max.abs().pmax(loadF32x4(minima!.add(byte)).abs())
      return f.keep(max.sub(size.mul(f32x4(tieOfChannel)).pmin(slack)))
    }

    const firstGroup = f.keep(at(rows, rowsBeforeGroups))
    const lastGroup = f.keep(units.sub(1).divU(group))
    const limits = f.keep(at(rows, rowOf.limits))
    const [index, from] = [f.local(I32), f.local(I32)]
    const where = f.local(I32x4)
    forVectors(f, (byte) => {
      const limit = limitOf(byte)
      f.store(limits.add(byte), limit)
      const own = coefficients(f, (k) => loadF32x4(at(numbers, k).add(byte)))
      f.set(index, lastGroup)
      f.set(from, firstGroup.add(lastGroup.mul(2 * row)).add(byte))
      f.set(where, i32x4(0))
      // From the last to the first: no branch depends on where it is, which no processor foresees.
      f.repeat(() => {
        const greatest = through(loadF32x4(from), own)
        const reached = stage === 'x' ? greatest : greatest.pmax(through(loadF32x4(from, row), own))
        f.set(where, reached.ge(limit).bitselect<I32x4>(index.splat(), where))
        f.step(from, -2 * row)
        f.step(index, -1)
        return from.ltU(firstGroup).eqz()
      })
      f.store(places.add(byte), where)
    })

    const byte = f.keep(i32(0))
    /** A bit for each unit of a run, the first one's lowest: whether it has reached the limit. */
    const reached = f.local(I32x4)
    const findUnit = (run: number): void => {
      const limit = f.keep(loadSplat(limits.add(byte)))
      const own = coefficients(f, (k) => loadSplat(at(numbers, k).add(byte)))
      f.set(index, loadI32(places.add(byte)).mul(group))
      f.repeat(() => {
        // What comes before the group has not reached the limit.
        f.set(index, index.ltU(units.sub(run)).select(index, units.sub(run)))
        f.set(from, map.add(index.mul(stride)).add(byte))
        f.set(reached, i32x4(0))
        for (let unit = run - 1; unit >= 0; unit--)
          // A comparison that is true is −1.
          f.set(reached, reached.add(reached).sub(through(loadSplat(from, unit * stride), own).ge(limit)))
        f.step(index, run)
        return reached.anyTrue().eqz().and(index.ltU(units))
      })
      const unit = index.sub(run).add(reached.first().trailingZeros())
      f.store(places.add(byte), reached.anyTrue().select(unit, 0))
    }
    const each = (run: number): void =>
      f.repeat(() => {
        findUnit(run)
        f.step(byte, 4)
        return byte.ltU(stride)
      })
    f.when(
      units.ltU(unitsOfRun),
      () => each(1),
      () => each(unitsOfRun),
    )
  }

  return writeProgram({
    walk(f) {
      const [map, units, group] = [f.parameter(), f.parameter(), f.parameter()]
      const [rows, numbers] = [f.parameter(), f.parameter()]
      const [first, end, groupEnd] = [f.local(I32), f.local(I32), f.local(I32)]
      const [byte, unit, from] = [f.local(I32), f.local(I32), f.local(I32)]
      /** The rows of the tile's group. */
      const groupRows = f.keep(at(rows, rowsBeforeGroups))
      const counts = f.keep(at(rows, rowOf.active))
      /** Keeps the loads of the walk from being left out. */
      const walked = f.local(I32)
      const zero = f.local(F32x4)
      const addressOf = (index: I32): I32 => map.add(index.mul(stride))

      /** So many vectors at once, each of so many channels. */
      const block = (vectors: number, lanes: number): void => {
        const all = Array.from({ length: vectors }, (_, v) => {
          const offset = 16 * v
          const groupAt = groupRows.add(byte)
          const countsAt = counts.add(byte)
          return {
            offset,
            value: f.local(F32x4),
            max: f.keep(loadF32x4(groupAt, offset)),
            min: f.keep(loadF32x4(groupAt, row + offset)),
            active: f.keep(loadI32x4(countsAt, offset)),
            nan: f.keep(loadI32x4(countsAt, row + offset)),
            activeAfter: isNormalized ? f.keep(loadI32x4(countsAt, 2 * row + offset)) : null,
            own: coefficients(f, (k) => loadF32x4(at(numbers, k).add(byte), offset)),
          }
        })
        f.set(unit, first)
        f.set(from, addressOf(first).add(byte))
        f.repeat(() => {
          for (const { value, offset } of all) f.set(value, loadLanes(from, lanes, offset))
          for (const { value, max, min, active, nan, activeAfter, own } of all) {
            // NaN is neither greater nor less, so it never gets in.
            f.set(max, max.pmax(value))
            f.set(min, min.pmin(value))
            // A comparison that is true is −1.
            f.set(active, active.sub(value.gt(zero)))
            f.set(nan, nan.or(value.ne(value)))
            if (activeAfter) f.set(activeAfter, activeAfter.sub(normalized(value, own).gt(zero)))
          }
          f.step(from, stride)
          f.step(unit, 1)
          return unit.ltU(end)
        })
        for (const { max, min, active, nan, activeAfter, offset } of all) {
          f.store(groupRows.add(byte), max, offset)
          f.store(groupRows.add(byte), min, row + offset)
          f.store(counts.add(byte), active, offset)
          f.store(counts.add(byte), nan, row + offset)
          if (activeAfter) f.store(counts.add(byte), activeAfter, 2 * row + offset)
        }
        f.step(byte, 16 * vectors)
      }

      f.clearMemory(counts, 3 * row)
      f.repeat(() => {
        f.set(end, first.add(tile))
        f.when(end.gtU(units), () => f.set(end, units))
        f.when(groupEnd.leU(first), () => {
          f.when(first, () => f.step(groupRows, 2 * row))
          f.step(groupEnd, group)
          forVectors(f, (vector) => {
            f.store(groupRows.add(vector), f32x4(-Infinity))
            f.store(groupRows.add(vector), f32x4(Infinity), row)
          })
        })

        if (stride <= longest) {
          f.set(from, addressOf(first))
          f.repeat(() => {
            f.set(walked, walked.or(loadI32(from)))
            f.step(from, cacheLine)
            return from.ltU(addressOf(end))
          })
        }

        // With a batch normalization one vector fills the registers.
        const vectors = isNormalized ? 1 : 2
        const rounds = Math.floor(channels / (4 * vectors))
        f.set(byte, i32(0))
        if (rounds > 0)
          f.repeat(() => {
            block(vectors, 4)
            return byte.ltU(16 * vectors * rounds)
          })
        const left = channels - 4 * vectors * rounds
        if (left >= 4) block(1, 4)
        if (left % 4 > 0) block(1, left % 4)
        f.set(first, end)
        return first.ltU(units)
      })

      // From the last group to the first, which is the one that is always there.
      forVectors(f, (vector) => {
        const [max, min] = [f.keep(f32x4(-Infinity)), f.keep(f32x4(Infinity))]
        f.set(from, groupRows.add(vector))
        f.repeat(() => {
          f.set(max, max.pmax(loadF32x4(from)))
          f.set(min, min.pmin(loadF32x4(from, row)))
          f.step(from, -2 * row)
          return from.ltU(at(rows, rowsBeforeGroups)).eqz()
        })
        // −0 becomes 0, as it depends on the order which of the two is found.
        f.store(at(rows, rowOf.x.max).add(vector), max.add(zero))
        f.store(at(rows, rowOf.x.min).add(vector), min.add(zero))
      })
    },

    derive(f) {
      const [rows, numbers] = [f.parameter(), f.parameter()]
      const finite = f.keep(i32x4(-1))
      const zero = f.keep(f32x4(0))
      const rowAt = (index: number, byte: I32): I32 => at(rows, index).add(byte)
      const check = (value: F32x4): void => f.set(finite, finite.and(value.abs().lt(f32x4(Infinity))))
      forVectors(f, (byte) => {
        const [max, min] = [rowOf.x.max, rowOf.x.min].map((index) => f.keep(loadF32x4(rowAt(index, byte))))
        const own = coefficients(f, (k) => loadF32x4(at(numbers, k).add(byte)))
        f.set(finite, loadI32x4(rowAt(rowOf.nan, byte)).bitselect<I32x4>(i32x4(0), finite))
        for (const x of [max!, min!]) {
          check(x)
          f.set(x, normalized(x, own))
          check(x)
        }
        const y = { max: f.keep(max!.pmax(min!).add(zero)), min: f.keep(max!.pmin(min!).add(zero)) }
        for (const which of ['max', 'min'] as const) {
          f.store(rowAt(rowOf.y[which], byte), y[which])
          f.store(rowAt(rowOf.z[which], byte), activated(f, y[which]).add(zero))
        }
      })
      f.store(at(rows, rowOf.finite), finite.allTrue().select(1, 0))
    },

    findX: find('x'),
    ...(isNormalized ? { findY: find('y') } : {}),
    ...(chain && chain.activation !== 'linear' ? { findZ: find('z') } : {}),
  })
}
