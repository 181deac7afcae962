/**
 * @file Bilinear resizing and normalizing, as `core/preprocessing/resizeBilinear` and `normalize` do it, to the bit: the
 * same steps in single precision, for the bands of a pixel at once. A row of the picture is widened once, and each row of
 * the input lies between two of these.
 *
 *     widen:  left + (right − left) · distance, for each column of the input
 *     join:   ((top + (bottom − top) · distance) / divisor − shift − mean) / deviation
 */
import { type FunctionWriter, writeProgram } from '../../backend/kernels/writer/program.ts'
import { loadF32x4, loadFourBytes, loadI32, loadSplat } from '../../backend/kernels/writer/memory.ts'
import { F32x4, type U8x16 } from '../../backend/kernels/writer/values.ts'

/** Bytes of a column: the places of both pixels in the row, in bytes, and the distance from the left one. */
export const columnBytes = 12
/** Bytes of a widened pixel, and of one of the input. */
export const [wideBytes, inputBytes] = [16, 12]

/** All parameters are addresses. */
export interface BilinearProgram {
  /** Widens a row of RGBA by the columns from `columns` to `end`, into `wide`; `widenReversed` gives blue first. */
  widen(row: number, columns: number, end: number, wide: number): void
  widenReversed(row: number, columns: number, end: number, wide: number): void
  /**
   * Joins the widened row from `top` to `end` and that at `bottom` by the number at `distance`, and writes three numbers a
   * pixel; four bytes behind them are overwritten. At `steps` are four numbers each: divisors, shifts, means and
   * deviations. `joinAndDivide` needs the divisors only.
   */
  join(top: number, end: number, bottom: number, distance: number, steps: number, to: number): void
  joinAndDivide(top: number, end: number, bottom: number, distance: number, steps: number, to: number): void
}

const reversed = [0, 4, 8, 12].flatMap((first) => [first + 2, first + 1, first, first + 3])

export function bilinearProgram(): Uint8Array<ArrayBuffer> {
  const all = (bytes: U8x16): U8x16 => bytes
  return writeProgram({
    widen: (f) => widen(f, all),
    widenReversed: (f) => widen(f, (bytes) => bytes.shuffle(reversed)),
    join: (f) => join(f, true),
    joinAndDivide: (f) => join(f, false),
  })
}

function widen(f: FunctionWriter, order: (bytes: U8x16) => U8x16): void {
  const [row, columns, end, wide] = [f.parameter(), f.parameter(), f.parameter(), f.parameter()]
  const [left, right] = [f.local(F32x4), f.local(F32x4)]
  const pixel = (place: number): F32x4 =>
    order(loadFourBytes(row.add(loadI32(columns, place))))
      .low()
      .low()
      .toFloats()
  f.repeat(() => {
    f.set(left, pixel(0))
    f.set(right, pixel(4))
    f.store(wide, left.add(right.sub(left).mul(loadSplat(columns, 8))))
    f.step(columns, columnBytes)
    f.step(wide, wideBytes)
    return columns.ltU(end)
  })
}

function join(f: FunctionWriter, isWhole: boolean): void {
  const [top, end, bottom] = [f.parameter(), f.parameter(), f.parameter()]
  const [distance, steps, to] = [f.parameter(), f.parameter(), f.parameter()]
  const at = f.keep(top)
  const weight = f.keep(loadSplat(distance))
  const [divisor, shift, mean, deviation] = [0, 16, 32, 48].map((place) => f.keep(loadF32x4(steps, place)))
  const [above, below] = [f.local(F32x4), f.local(F32x4)]
  f.repeat(() => {
    f.set(above, loadF32x4(at))
    f.set(below, loadF32x4(bottom))
    const ranged = above.add(below.sub(above).mul(weight)).div(divisor!)
    f.store(to, isWhole ? ranged.sub(shift!).sub(mean!).div(deviation!) : ranged)
    f.step(at, wideBytes)
    f.step(bottom, wideBytes)
    f.step(to, inputBytes)
    return at.ltU(end)
  })
}
