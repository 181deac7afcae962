/** Every instruction and statement that the writer knows, run. */
import { describe, expect, it } from 'vitest'
import {
  type FunctionWriter,
  writeProgram,
} from '../../../../../src/engine/backend/kernels/writer/program.ts'
import {
  loadF32x4,
  loadFourBytes,
  loadI32,
  loadI32x4,
  loadI64,
  loadLanes,
  loadSplat,
  loadU8,
  loadU8x16,
} from '../../../../../src/engine/backend/kernels/writer/memory.ts'
import {
  type AnyValue,
  F32x4,
  I32,
  I32x4,
  f32x4,
  i16x8,
  i32,
  i32x4,
  u8x16,
} from '../../../../../src/engine/backend/kernels/writer/values.ts'

/** Runs a program on a memory that begins with `floats` and `whole` (at byte 64); its result is the memory. */
function run(
  write: (f: FunctionWriter) => void,
  floats: readonly number[],
  whole: readonly number[] = [],
  ...given: number[]
): DataView {
  const memory = new WebAssembly.Memory({ initial: 1 })
  new Float32Array(memory.buffer).set(floats)
  new Int32Array(memory.buffer, 64).set(whole)
  const bytes = writeProgram({ main: write })
  expect(WebAssembly.validate(bytes)).toBe(true)
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } })
  ;(exports['main'] as (...numbers: number[]) => void)(...given)
  return new DataView(memory.buffer)
}

/** What `value` is, as numbers. */
function valueOf(value: AnyValue, floats: readonly number[], whole: readonly number[]): number[] {
  const memory = run((f) => f.store(i32(1024), value, 16), floats, whole)
  const lanes = value instanceof I32 ? 1 : 4
  const isWhole = value instanceof I32 || value instanceof I32x4
  return Array.from({ length: lanes }, (_, lane) =>
    isWhole ? memory.getInt32(1040 + 4 * lane, true) : memory.getFloat32(1040 + 4 * lane, true),
  )
}

const floats = [1, -2, NaN, 4, 3, -2, 5, -0.5]
const whole = [7, -1, 0, 12, 3, 5, 0, -4]
const [a, b] = [loadI32(i32(64)), loadI32(i32(68))]
const [m, n] = [loadI32x4(i32(64)), loadI32x4(i32(64), 16)]
const [u, v] = [loadF32x4(i32(0)), loadF32x4(i32(0), 16)]
const [no, yes] = [0, -1]

describe('values', () => {
  it.each<[string, AnyValue, number[]]>([
    ['constant', i32(-123_456), [-123_456]],
    ['the address 2³¹', i32(2 ** 31), [-(2 ** 31)]],
    ['add', a.add(b), [6]],
    ['add a number', a.add(100), [107]],
    ['sub', a.sub(b), [8]],
    ['mul', a.mul(b), [-7]],
    ['divU', a.divU(2), [3]],
    ['and', a.and(-4), [4]],
    ['or', a.or(8), [15]],
    ['shl', a.shl(2), [28]],
    ['shrU', b.shrU(28), [15]],
    ['xor', a.xor(5), [2]],
    ['remU', b.remU(16), [15]],
    ['trailingZeros', loadI32(i32(76)).trailingZeros(), [2]],
    ['trailingZeros of 0', i32(0).trailingZeros(), [32]],
    ['eq', a.eq(7), [1]],
    ['eq of others', a.eq(b), [0]],
    ['isNegative', b.isNegative(), [1]],
    ['isNegative of 7', a.isNegative(), [0]],
    ['eqz of 7', a.eqz(), [0]],
    ['eqz of 0', i32(0).eqz(), [1]],
    // −1 is the greatest.
    ['ltU', a.ltU(b), [1]],
    ['ltU of equal', a.ltU(a), [0]],
    ['gtU', a.gtU(b), [0]],
    ['leU', a.leU(a), [1]],
    ['select yes', a.select(10, 20), [10]],
    ['select no', i32(0).select(10, 20), [20]],
    ['splat', a.splat(), [7, 7, 7, 7]],
    ['i32x4 constant', i32x4(-3), [-3, -3, -3, -3]],
    ['i32x4 add', m.add(n), [10, 4, 0, 8]],
    ['i32x4 sub', m.sub(n), [4, -6, 0, 16]],
    ['i32x4 and', m.and(n), [3, 5, 0, 12]],
    ['i32x4 or', m.or(n), [7, -1, 0, -4]],
    ['i32x4 andNot', m.andNot(n), [4, -6, 0, 0]],
    ['i32x4 toFloats', m.toFloats(), [7, -1, 0, 12]],
    ['i32x4 shl', m.shl(4), [112, -16, 0, 192]],
    ['i32x4 as f32x4', i32x4(0x40400000).asF32x4(), [3, 3, 3, 3]],
    ['f32x4 as i32x4', f32x4(3).asI32x4(), Array<number>(4).fill(0x40400000)],
    ['i32x4 first', n.first(), [3]],
    ['i32x4 anyTrue', m.anyTrue(), [1]],
    ['i32x4 anyTrue of zeros', i32x4(0).anyTrue(), [0]],
    ['i32x4 allTrue with a 0', m.allTrue(), [0]],
    ['i32x4 allTrue', i32x4(2).allTrue(), [1]],
    ['bitselect whole numbers', u.gt(v).bitselect(m, n), [3, 5, 0, 12]],
    ['bitselect', u.lt(v).bitselect(u, v), [1, -2, 5, -0.5]],
    ['f32x4 constant', f32x4(-Infinity), [-Infinity, -Infinity, -Infinity, -Infinity]],
    ['f32x4 add', u.add(v), [4, -4, NaN, 3.5]],
    ['f32x4 sub', u.sub(v), [-2, 0, NaN, 4.5]],
    ['f32x4 mul', u.mul(v), [3, 4, NaN, -2]],
    ['f32x4 abs', u.abs(), [1, 2, NaN, 4]],
    ['f32x4 pmin', u.pmin(v), [1, -2, NaN, -0.5]],
    ['f32x4 pmin with NaN behind', v.pmin(u), [1, -2, 5, -0.5]],
    ['f32x4 pmax', u.pmax(v), [3, -2, NaN, 4]],
    ['f32x4 pmax with NaN behind', v.pmax(u), [3, -2, 5, 4]],
    ['f32x4 ne', u.ne(v), [yes, no, yes, yes]],
    ['f32x4 lt', u.lt(v), [yes, no, no, no]],
    ['f32x4 gt', u.gt(v), [no, no, no, yes]],
    ['f32x4 ge', u.ge(v), [no, yes, no, yes]],
    ['f32x4 le', u.le(v), [yes, yes, no, no]],
    ['loadSplat', loadSplat(i32(4), 8), [4, 4, 4, 4]],
    ['loadLanes 1', loadLanes(i32(0), 1, 4), [-2, 0, 0, 0]],
    ['loadLanes 2', loadLanes(i32(0), 2, 12), [4, 3, 0, 0]],
    ['loadLanes 3', loadLanes(i32(0), 3, 12), [4, 3, -2, 0]],
    ['loadLanes 4', loadLanes(i32(0), 4, 12), [4, 3, -2, 5]],
  ])('%s', (_, value, expected) => {
    expect(valueOf(value, floats, whole)).toEqual(expected)
  })

  describe('of other widths', () => {
    /** Two rows of bytes at byte 64. */
    const rows = [
      [1, 2, 3, 4, 250, 251, 0, 255, 9, 9, 9, 9, 128, 127, 1, 0],
      [1, 1, 5, 3, 10, 4, 0, 255, 8, 0, 9, 255, 127, 128, 0, 1],
    ]
    const words = [...new Int32Array(Uint8Array.from(rows.flat()).buffer)]
    const [p, q] = [loadU8x16(i32(64)), loadU8x16(i32(64), 16)]
    const [s, t] = [p.low(), q.low()]
    const each = (combine: (one: number, other: number) => number): number[] =>
      rows[0]!.map((one, i) => combine(one, rows[1]![i]!))
    const firstEight = (combine: (one: number, other: number) => number): number[] =>
      each(combine).slice(0, 8)

    it.each<[string, AnyValue, number[]]>([
      ['constant', u8x16(rows[1]!), rows[1]!],
      ['add', p.add(q), each((one, other) => (one + other) % 256)],
      ['sub', p.sub(q), each((one, other) => (one - other + 256) % 256)],
      ['and', p.and(q), each((one, other) => one & other)],
      ['or', p.or(q), each((one, other) => one | other)],
      ['xor', p.xor(q), each((one, other) => one ^ other)],
      ['mean', p.mean(q), each((one, other) => (one + other + 1) >> 1)],
      ['shuffle', p.shuffle(rows[0]!.map((_, i) => 15 - i)), rows[0]!.toReversed()],
      ['splatByte', i32(0x1_07).splatByte(), rows[0]!.map(() => 7)],
      [
        'loadFourBytes',
        loadFourBytes(i32(64), 4),
        [250, 251, 0, 255, ...Array.from({ length: 12 }, () => 0)],
      ],
      [
        'bytes',
        i16x8([1, -2, 300, 4, 255, 256, 0, -300]).bytes(),
        [1, 0, 255, 4, 255, 255, 0, 0, 1, 0, 255, 4, 255, 255, 0, 0],
      ],
    ])('u8x16 %s', (_, value, expected) => {
      const memory = run((f) => f.store(i32(1024), value), [], words)
      expect([...new Uint8Array(memory.buffer, 1024, 16)]).toEqual(expected)
    })

    it.each<[string, AnyValue, number[]]>([
      ['constant', i16x8([1, -2, 3, -4, 5, -6, 300, -300]), [1, -2, 3, -4, 5, -6, 300, -300]],
      ['low', s, rows[0]!.slice(0, 8)],
      ['high', p.high(), rows[0]!.slice(8)],
      ['add', s.add(t), firstEight((one, other) => one + other)],
      ['sub', s.sub(t), firstEight((one, other) => one - other)],
      ['abs', t.sub(s).abs(), firstEight((one, other) => Math.abs(one - other))],
      ['min', s.min(t.sub(s)), firstEight((one, other) => Math.min(one, other - one))],
      ['eq', s.eq(t), firstEight((one, other) => (one === other ? -1 : 0))],
      ['and', s.and(t), firstEight((one, other) => one & other)],
      [
        'bitselect',
        s.eq(t).bitselect(s, i16x8([9, 9, 9, 9, 9, 9, 9, 9])),
        firstEight((one, other) => (one === other ? one : 9)),
      ],
    ])('i16x8 %s', (_, value, expected) => {
      const memory = run((f) => f.store(i32(1024), value), [], words)
      expect([...new Int16Array(memory.buffer, 1024, 8)]).toEqual(expected)
    })

    it('low, as numbers without a sign', () => {
      expect(valueOf(i16x8([1, -1, 300, 0, 5, 6, 7, 8]).low(), [], [])).toEqual([1, 65_535, 300, 0])
    })

    it('dot', () => {
      expect(valueOf(s.dot(i16x8([1, 2, 3, -4, 5, 6, 7, 8])), [], words)).toEqual([
        1 + 4,
        9 - 16,
        1250 + 1506,
        2040,
      ])
    })

    it('single bytes, and 64 bits at once', () => {
      const memory = run(
        (f) => {
          f.storeByte(i32(1024), loadU8(i32(64), 5), 2)
          f.store(i32(1032), loadI64(i32(64)))
          f.store(
            i32(1040),
            loadI64(i32(64))
              .shrU(i32(64 + 12))
              .low(),
          )
        },
        [],
        words,
      )
      expect([...new Uint8Array(memory.buffer, 1024, 4)]).toEqual([0, 0, 251, 0])
      expect([...new Uint8Array(memory.buffer, 1032, 8)]).toEqual(rows[0]!.slice(0, 8))
      // ff 00 fb fa 04 03 02 01 without its last twelve bits; shifts are modulo 64.
      expect(memory.getUint32(1040, true)).toBe(0xbfa04030)
    })
  })

  it('relaxedMadd, as far as relaxed SIMD is known here', () => {
    const value = u.relaxedMadd(v, f32x4(10))
    const bytes = writeProgram({ main: (f) => f.store(i32(0), value) })
    if (WebAssembly.validate(bytes)) expect(valueOf(value, floats, whole)).toEqual([13, 14, NaN, 8])
    else expect(() => new WebAssembly.Module(bytes)).toThrow(/relaxed|simd|opcode/i)
  })

  it('are computed where they are used, not where they are written down', () => {
    const memory = run(
      (f) => {
        const later = loadI32(i32(64))
        const now = f.keep(later)
        f.store(i32(64), i32(9))
        f.store(i32(1024), later)
        f.store(i32(1028), now)
      },
      [],
      [7],
    )
    expect([memory.getInt32(1024, true), memory.getInt32(1028, true)]).toEqual([9, 7])
  })
})

describe('statements', () => {
  it('repeats once at least, and counts', () => {
    const memory = run(
      (f) => {
        const limit = f.parameter()
        const [count, sum] = [f.local(I32), f.local(I32)]
        f.repeat(() => {
          f.step(count, 1)
          f.step(sum, count)
          return count.ltU(limit)
        })
        f.store(i32(0), sum)
        f.set(count, i32(0))
        f.repeat(() => {
          f.step(count, 1)
          return i32(0)
        })
        f.store(i32(4), count)
      },
      [],
      [],
      100,
    )
    expect([memory.getInt32(0, true), memory.getInt32(4, true)]).toEqual([5050, 1])
  })

  it.each([
    [0, 2],
    [5, 1],
  ])('does one thing or the other: %i', (condition, expected) => {
    const memory = run(
      (f) => {
        const given = f.parameter()
        f.when(
          given,
          () => f.store(i32(0), i32(1)),
          () => f.store(i32(0), i32(2)),
        )
        f.when(given, () => f.store(i32(4), i32(1)))
      },
      [],
      [],
      condition,
    )
    expect(memory.getInt32(0, true)).toBe(expected)
    expect(memory.getInt32(4, true)).toBe(condition === 0 ? 0 : 1)
  })

  it.each([1, 2, 3, 4])('stores %i lanes and nothing behind them', (lanes) => {
    const memory = run((f) => f.storeLanes(i32(0), loadF32x4(i32(16)), lanes, 4), [9, 9, 9, 9, 1, 2, 3, 4])
    const found = Array.from({ length: 4 }, (_, i) => memory.getFloat32(4 + 4 * i, true))
    expect(found).toEqual([1, 2, 3, 4].map((value, i) => (i < lanes ? value : i === 3 ? 1 : 9)))
  })

  it('copies and clears memory', () => {
    const memory = run(
      (f) => {
        f.copyMemory(i32(8), i32(0), 8)
        f.clearMemory(i32(4), 4)
      },
      [1, 2, 3, 4, 5],
    )
    expect(Array.from({ length: 5 }, (_, i) => memory.getFloat32(4 * i, true))).toEqual([1, 0, 1, 2, 5])
  })

  it('has locals of every type, and more than one function with its own', () => {
    const memory = new WebAssembly.Memory({ initial: 1 })
    const bytes = writeProgram({
      first(f) {
        const to = f.parameter()
        const [i, m4, x4] = [f.local(I32), f.local(I32x4), f.local(F32x4)]
        f.set(i, i32(3))
        f.set(m4, i32x4(5))
        f.set(x4, f32x4(6))
        f.store(to, x4, 64)
        f.store(to, m4, 48)
        f.store(to, i, 40)
      },
      second(f) {
        const [to, value] = [f.parameter(), f.parameter()]
        f.store(to, value)
      },
    })
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } })
    ;(exports['first'] as (to: number) => void)(0)
    ;(exports['second'] as (to: number, value: number) => void)(4, 8)
    expect([...new Int32Array(memory.buffer, 0, 13)]).toEqual([0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 5])
    expect(new Float32Array(memory.buffer)[16]).toBe(6)
  })

  it('refuses a parameter behind a local, which would take its place', () => {
    expect(() =>
      writeProgram({
        main(f) {
          f.local(I32)
          f.parameter()
        },
      }),
    ).toThrow(/parameter/)
  })
})
