/**
 * @file Are all numbers of a map tame: none NaN, infinite, or so large that Winograd's sums of them could be?
 *
 *     state = 1 if |x| ≤ 10³⁰ for all x, else 0
 *
 * Winograd would spread such a number over its tile as NaN; a map that has one is convolved directly.
 */
import { writeProgram } from '../writer/program.ts'
import { loadF32x4 } from '../writer/memory.ts'
import { I32, f32x4, i32x4 } from '../writer/values.ts'
import { floatBytes, forTiles, lanes } from './tiles.ts'

/** A sum of 36 products of so large numbers by factors up to 10 is finite. */
export const largestTame = 1e30

/** Numbers looked at in a round; a map for Winograd has more. */
const together = 16

export interface TameProgram {
  /** `count` is 16 at least. */
  areTame(numbers: number, count: number, state: number): void
}

export function tameProgram(): Uint8Array<ArrayBuffer> {
  return writeProgram({
    areTame(f) {
      const [numbers, count, state] = [f.parameter(), f.parameter(), f.parameter()]
      const index = f.local(I32)
      const tame = f.keep(i32x4(-1))
      const limit = f.keep(f32x4(largestTame))
      forTiles(f, index, { end: count, width: together }, () => {
        const at = f.keep(numbers.add(index.mul(floatBytes)))
        for (let i = 0; i < together; i += lanes)
          f.set(
            tame,
            tame.and(
              loadF32x4(at, i * floatBytes)
                .abs()
                .le(limit),
            ),
          )
      })
      f.store(state, tame.allTrue())
    },
  })
}
