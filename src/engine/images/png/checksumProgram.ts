/** @file The checksums of a PNG, many bytes at a time: that of each chunk (CRC-32), and that of its pixels (Adler-32). */
import { remainders } from '../../archives/crc32.ts'
import type { FunctionWriter } from '../../backend/kernels/writer/program.ts'
import { loadI32, loadU8, loadU8x16 } from '../../backend/kernels/writer/memory.ts'
import { I32, I32x4, type Local, i16x8, i32, i32x4 } from '../../backend/kernels/writer/values.ts'

/** The remainder of each byte with 0 to 7 zeros behind it, `[8, 256]`. */
export function crcTables(): Uint32Array {
  const tables = new Uint32Array(8 * 256)
  tables.set(remainders)
  for (let i = 256; i < tables.length; i++) {
    const before = tables[i - 256]!
    tables[i] = (before >>> 8) ^ tables[before & 0xff]!
  }
  return tables
}

/** `crc32(from, end, tables, result)`: CRC-32 of ISO 3309, of eight bytes at a time by a table for each of them. */
export function crc32(f: FunctionWriter): void {
  const [from, end, tables, result] = [f.parameter(), f.parameter(), f.parameter(), f.parameter()]
  const at = f.keep(from)
  const sum = f.keep(i32(-1))
  const [first, second] = [f.local(I32), f.local(I32)]
  const eightsEnd = f.keep(from.add(end.sub(from).and(-8)))
  const look = (table: number, byte: I32): I32 => loadI32(tables.add(byte.shl(2)), table * 1024)
  const bytesOf = (word: I32): I32[] => [0, 8, 16, 24].map((shift) => word.shrU(shift).and(0xff))

  f.when(at.ltU(eightsEnd), () =>
    f.repeat(() => {
      f.set(first, loadI32(at).xor(sum))
      f.set(second, loadI32(at, 4))
      const found = [...bytesOf(first), ...bytesOf(second)].map((byte, i) => look(7 - i, byte))
      f.set(
        sum,
        found.reduce((one, other) => one.xor(other)),
      )
      f.step(at, 8)
      return at.ltU(eightsEnd)
    }),
  )
  f.when(at.ltU(end), () =>
    f.repeat(() => {
      f.set(sum, sum.shrU(8).xor(look(0, sum.xor(loadU8(at)).and(0xff))))
      f.step(at, 1)
      return at.ltU(end)
    }),
  )
  f.store(result, sum.xor(-1))
}

const modulus = 65521

/** So many bytes at a time that no sum leaves 32 bits. */
const chunk = 4096

/**
 * `adler32(from, end, result)`: the checksum of zlib (RFC 1950). Sixteen bytes b add Σ b to the first sum s, and
 * 16·s + Σ (16 − i)·bᵢ to the second. Sixteen bytes at `result` are written, of which the first four count.
 */
export function adler32(f: FunctionWriter): void {
  const [from, end, result] = [f.parameter(), f.parameter(), f.parameter()]
  const at = f.keep(from)
  const sixteensEnd = f.keep(from.add(end.sub(from).and(-16)))
  const [stop, first, second] = [f.local(I32), f.keep(i32(1)), f.local(I32)]
  /** Sums over a chunk: of the bytes, of what this sum was before each sixteen, and of bytes times weights. */
  const [bytes, before, weighted] = [f.local(I32x4), f.local(I32x4), f.local(I32x4)]
  const ones = i16x8([1, 1, 1, 1, 1, 1, 1, 1])
  const total = (lanes: Local<I32x4>): I32 => {
    f.store(result, lanes)
    return f.keep([4, 8, 12].reduce((sum, offset) => sum.add(loadI32(result, offset)), loadI32(result)))
  }

  f.when(at.ltU(sixteensEnd), () =>
    f.repeat(() => {
      f.set(stop, at.add(chunk))
      f.when(stop.gtU(sixteensEnd), () => f.set(stop, sixteensEnd))
      f.set(second, second.add(first.mul(stop.sub(at))))
      for (const sum of [bytes, before, weighted]) f.set(sum, i32x4(0))
      f.repeat(() => {
        const [low, high] = [loadU8x16(at).low(), loadU8x16(at).high()]
        f.set(before, before.add(bytes))
        f.set(bytes, bytes.add(low.dot(ones)).add(high.dot(ones)))
        f.set(
          weighted,
          weighted
            .add(low.dot(i16x8([16, 15, 14, 13, 12, 11, 10, 9])))
            .add(high.dot(i16x8([8, 7, 6, 5, 4, 3, 2, 1]))),
        )
        f.step(at, 16)
        return at.ltU(stop)
      })
      f.set(first, first.add(total(bytes)).remU(modulus))
      f.set(second, second.add(total(before).shl(4)).add(total(weighted)).remU(modulus))
      return at.ltU(sixteensEnd)
    }),
  )
  f.when(at.ltU(end), () =>
    f.repeat(() => {
      f.set(first, first.add(loadU8(at)))
      f.set(second, second.add(first))
      f.step(at, 1)
      return at.ltU(end)
    }),
  )
  f.store(result, second.remU(modulus).shl(16).or(first.remU(modulus)))
}
