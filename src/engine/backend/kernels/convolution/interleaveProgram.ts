/**
 * @file Puts the pixels of a map between those of a larger one:
 *
 *     for each row, each column
 *       out[row · row's step + column · column's step] = map[row][column]
 */
import { writeProgram } from '../writer/program.ts'
import { I32 } from '../writer/values.ts'

export interface Interleave {
  /** `to` is the address of the first pixel that is written; steps are bytes of the larger map. */
  spread(
    map: number,
    rows: number,
    columns: number,
    pixelBytes: number,
    to: number,
    columnStep: number,
    rowStep: number,
  ): void
}

export function interleaveProgram(): Uint8Array<ArrayBuffer> {
  return writeProgram({
    spread(f) {
      const [map, rows, columns, pixelBytes] = [f.parameter(), f.parameter(), f.parameter(), f.parameter()]
      const [to, columnStep, rowStep] = [f.parameter(), f.parameter(), f.parameter()]
      const [at, left] = [f.local(I32), f.local(I32)]
      f.repeat(() => {
        f.set(at, to)
        f.set(left, columns)
        f.repeat(() => {
          f.copyMemory(at, map, pixelBytes)
          f.step(map, pixelBytes)
          f.step(at, columnStep)
          f.step(left, -1)
          return left
        })
        f.step(to, rowStep)
        f.step(rows, -1)
        return rows
      })
    },
  })
}
