/**
 * @file The inner loop of inflating (RFC 1951): reads symbols until a block ends, and writes the bytes that they stand for.
 *
 *     repeat
 *       bits = the 57 or more bits that follow
 *       up to four times: if the next symbol is a literal, write it
 *       if the next symbol is no literal
 *         bits = those that follow now
 *         length: read the distance, and copy so many bytes from there
 *         end of the block: stop
 *     until it stops, or has read or written too much
 *
 * The tables are those of `huffman`. Bits are read at a place that counts bits, so nothing is kept between two blocks but
 * this number and the end of what is written.
 */
import type { FunctionWriter } from '../../backend/kernels/writer/program.ts'
import { loadI32, loadI64, loadU8 } from '../../backend/kernels/writer/memory.ts'
import { I32, I64, i32 } from '../../backend/kernels/writer/values.ts'
import { entries, primaryBits } from './huffman.ts'

/** The numbers of the state, `[3]`: both places, and whether the block has come to its end. */
export const stateOf = { bit: 0, out: 4, hasEnded: 8 } as const

/** It may write so many bytes behind the end before it stops: four literals, then a copy that ends with eight bytes. */
export const overshoot = 4 + 258 + 8

/**
 * `inflateBlock(state, source, bits, start, end, symbols, distances)`: addresses, but `bits` is the number of bits of the
 * source. Eight bytes behind the source are read, and `overshoot` bytes behind `end` are written.
 */
export function inflateBlock(f: FunctionWriter): void {
  const [state, source, bits, start] = [f.parameter(), f.parameter(), f.parameter(), f.parameter()]
  const [end, symbols, distances] = [f.parameter(), f.parameter(), f.parameter()]
  const bit = f.keep(loadI32(state, stateOf.bit))
  const out = f.keep(loadI32(state, stateOf.out))
  const goesOn = f.keep(i32(1))
  const ahead = f.local(I64)
  const [entry, length, from, copied] = [f.local(I32), f.local(I32), f.local(I32), f.local(I32)]

  const refill = (): void => f.set(ahead, loadI64(source.add(bit.shrU(3))).shrU(bit.and(7)))
  const look = (table: I32, at: I32): void => f.set(entry, loadI32(table.add(at.shl(2))))
  const lookFirst = (table: I32, most: number): void => look(table, ahead.low().and((1 << most) - 1))
  const isLiteral = (): I32 => entry.isNegative()
  const has = (flag: number): I32 => entry.and(flag)
  const payload = (): I32 => entry.shrU(entries.payload)
  /** The lowest six bits of an entry are the bits that it takes, with those that follow the code. */
  const take = (): void => {
    f.set(ahead, ahead.shrU(entry))
    f.step(bit, entry.and(63))
  }
  /** The bits behind the code, added to the least number that the code stands for. */
  const number = (): I32 => {
    const code = entry.shrU(entries.codeBits).and(15)
    const extra = entry.and(63).sub(code)
    return payload().add(ahead.shrU(code).low().and(i32(1).shl(extra).sub(1)))
  }
  /** Goes on in the second table if the code has more bits than the first one is looked up with. */
  const follow = (table: I32): void =>
    f.when(has(entries.longer), () => {
      f.set(from, entry)
      take()
      const places = i32(1).shl(from.shrU(entries.codeBits).and(15))
      look(table, from.shrU(entries.payload).add(ahead.low().and(places.sub(1))))
    })
  const literal = (): void => {
    f.storeByte(out, payload())
    f.step(out, 1)
    take()
  }

  const literals = (left: number): void => {
    if (left === 0) return
    f.when(isLiteral(), () => {
      literal()
      lookFirst(symbols, primaryBits.symbols)
      literals(left - 1)
    })
  }

  f.repeat(() => {
    refill()
    lookFirst(symbols, primaryBits.symbols)
    literals(4)
    f.when(isLiteral().eqz(), () => {
      refill()
      follow(symbols)
      f.when(
        isLiteral(),
        () => literal(),
        () =>
          f.when(
            has(entries.special),
            () => {
              f.set(goesOn, i32(0))
              f.store(state, payload(), stateOf.hasEnded)
              take()
            },
            () => {
              f.set(length, number())
              take()
              lookFirst(distances, primaryBits.distances)
              follow(distances)
              f.when(
                has(entries.special),
                () => f.set(goesOn, i32(0)),
                () => {
                  f.set(from, out.sub(number()))
                  take()
                  f.when(
                    from.ltU(start),
                    () => f.set(goesOn, i32(0)),
                    () => copy(),
                  )
                },
              )
            },
          ),
      )
    })
    return goesOn.and(bit.leU(bits)).and(out.leU(end))
  })
  f.store(state, bit, stateOf.bit)
  f.store(state, out, stateOf.out)

  /** Bytes that lie nearer than eight are written while they are read, so they go one by one. */
  function copy(): void {
    f.set(copied, i32(0))
    f.when(
      out.sub(from).ltU(8),
      () =>
        f.repeat(() => {
          f.storeByte(out.add(copied), loadU8(from.add(copied)))
          f.step(copied, 1)
          return copied.ltU(length)
        }),
      () =>
        f.repeat(() => {
          f.store(out.add(copied), loadI64(from.add(copied)))
          f.step(copied, 8)
          return copied.ltU(length)
        }),
    )
    f.step(out, length)
  }
}
