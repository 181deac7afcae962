/**
 * @file Values of a WebAssembly function as typed expressions, so that a kernel reads like its formula:
 * `loadF32x4(map).sub(mean).mul(factor)` (`memory.ts` loads and stores them). A value is the code that computes it, anew at each place where it is used;
 * what is to be computed once is kept in a local (`FunctionWriter.keep`). The names are WebAssembly's.
 */
import { type Bytes, float, signed, simd, unsigned } from './bytes.ts'

/** The types of locals in the binary format. The lanes of a `v128` have a type here only. */
const v128 = 0x7b

/** Instructions of one byte. */
const localGet = 0x20
const select = 0x1b

/** Code that leaves one value on the stack. */
abstract class Value {
  readonly code: Bytes

  constructor(code: Bytes) {
    this.code = code
  }
}

/** The code of both operands, then the instruction. */
function binary(left: Value, right: Value, instruction: Bytes): number[] {
  return [...left.code, ...right.code, ...instruction]
}

/** A whole number, an address, or a condition that is true unless it is 0. Comparisons take it as unsigned. */
export class I32 extends Value {
  static readonly type = 0x7f

  add(other: I32 | number): I32 {
    return new I32(binary(this, i32(other), [0x6a]))
  }
  sub(other: I32 | number): I32 {
    return new I32(binary(this, i32(other), [0x6b]))
  }
  mul(other: I32 | number): I32 {
    return new I32(binary(this, i32(other), [0x6c]))
  }
  divU(other: I32 | number): I32 {
    return new I32(binary(this, i32(other), [0x6e]))
  }
  and(other: I32 | number): I32 {
    return new I32(binary(this, i32(other), [0x71]))
  }
  or(other: I32 | number): I32 {
    return new I32(binary(this, i32(other), [0x72]))
  }
  shl(other: I32 | number): I32 {
    return new I32(binary(this, i32(other), [0x74]))
  }
  shrU(other: I32 | number): I32 {
    return new I32(binary(this, i32(other), [0x76]))
  }
  xor(other: I32 | number): I32 {
    return new I32(binary(this, i32(other), [0x73]))
  }
  remU(other: I32 | number): I32 {
    return new I32(binary(this, i32(other), [0x70]))
  }
  eq(other: I32 | number): I32 {
    return new I32(binary(this, i32(other), [0x46]))
  }
  /** Is true if its highest bit is set, that is, if it is negative as a signed number. */
  isNegative(): I32 {
    return new I32(binary(this, i32(0), [0x48]))
  }
  eqz(): I32 {
    return new I32([...this.code, 0x45])
  }
  /** How many of its lowest bits are 0; 32 if all are. */
  trailingZeros(): I32 {
    return new I32([...this.code, 0x68])
  }
  ltU(other: I32 | number): I32 {
    return new I32(binary(this, i32(other), [0x49]))
  }
  gtU(other: I32 | number): I32 {
    return new I32(binary(this, i32(other), [0x4b]))
  }
  leU(other: I32 | number): I32 {
    return new I32(binary(this, i32(other), [0x4d]))
  }
  /** `yes` if this is true, else `no`. Both are computed. */
  select(yes: I32 | number, no: I32 | number): I32 {
    return new I32([...i32(yes).code, ...i32(no).code, ...this.code, select])
  }
  splat(): I32x4 {
    return new I32x4([...this.code, ...simd(0x11)])
  }
  /** As many bytes, each of them this one's lowest. */
  splatByte(): U8x16 {
    return new U8x16([...this.code, ...simd(0x0f)])
  }
}

/** A whole number of 64 bits, without a sign. */
export class I64 extends Value {
  static readonly type = 0x7e

  /** Shifted right by the lowest six bits of `bits`. */
  shrU(bits: I32): I64 {
    return new I64([...this.code, ...bits.code, 0xad, 0x88])
  }
  /** The lowest 32 bits. */
  low(): I32 {
    return new I32([...this.code, 0xa7])
  }
}

/** Four whole numbers, or the outcome of four comparisons: all bits of a lane are set if it is true. */
export class I32x4 extends Value {
  static readonly type = v128

  add(other: I32x4): I32x4 {
    return new I32x4(binary(this, other, simd(0xae)))
  }
  sub(other: I32x4): I32x4 {
    return new I32x4(binary(this, other, simd(0xb1)))
  }
  and(other: I32x4): I32x4 {
    return new I32x4(binary(this, other, simd(0x4e)))
  }
  or(other: I32x4): I32x4 {
    return new I32x4(binary(this, other, simd(0x50)))
  }
  /** Of this the bits that `other` lacks. */
  andNot(other: I32x4): I32x4 {
    return new I32x4(binary(this, other, simd(0x4f)))
  }
  /** Lane by lane `yes` if this is true, else `no`. */
  bitselect<T extends I32x4 | F32x4>(yes: T, no: T): T {
    const type = yes.constructor as new (code: Bytes) => T
    return new type([...yes.code, ...no.code, ...this.code, ...simd(0x52)])
  }
  toFloats(): F32x4 {
    return new F32x4([...this.code, ...simd(0xfa)])
  }
  shl(by: number): I32x4 {
    return new I32x4([...this.code, ...i32(by).code, ...simd(0xab)])
  }
  /** The numbers in single precision that have these bits. */
  asF32x4(): F32x4 {
    return new F32x4(this.code)
  }
  /** The number in the first lane. */
  first(): I32 {
    return new I32([...this.code, ...simd(0x1b), 0])
  }
  /** Is true if a lane is not 0. */
  anyTrue(): I32 {
    return new I32([...this.code, ...simd(0x53)])
  }
  /** Is true if no lane is 0. */
  allTrue(): I32 {
    return new I32([...this.code, ...simd(0xa3)])
  }
}

/** Four numbers in single precision. */
export class F32x4 extends Value {
  static readonly type = v128

  add(other: F32x4): F32x4 {
    return new F32x4(binary(this, other, simd(0xe4)))
  }
  sub(other: F32x4): F32x4 {
    return new F32x4(binary(this, other, simd(0xe5)))
  }
  mul(other: F32x4): F32x4 {
    return new F32x4(binary(this, other, simd(0xe6)))
  }
  div(other: F32x4): F32x4 {
    return new F32x4(binary(this, other, simd(0xe7)))
  }
  /** The whole numbers that have these bits. */
  asI32x4(): I32x4 {
    return new I32x4(this.code)
  }
  abs(): F32x4 {
    return new F32x4([...this.code, ...simd(0xe0)])
  }
  /** `other` if it is less, else this: this one stays if they are equal or either is NaN. */
  pmin(other: F32x4): F32x4 {
    return new F32x4(binary(this, other, simd(0xea)))
  }
  /** `other` if it is greater, else this: this one stays if they are equal or either is NaN. */
  pmax(other: F32x4): F32x4 {
    return new F32x4(binary(this, other, simd(0xeb)))
  }
  ne(other: F32x4): I32x4 {
    return new I32x4(binary(this, other, simd(0x42)))
  }
  lt(other: F32x4): I32x4 {
    return new I32x4(binary(this, other, simd(0x43)))
  }
  gt(other: F32x4): I32x4 {
    return new I32x4(binary(this, other, simd(0x44)))
  }
  le(other: F32x4): I32x4 {
    return new I32x4(binary(this, other, simd(0x45)))
  }
  ge(other: F32x4): I32x4 {
    return new I32x4(binary(this, other, simd(0x46)))
  }
  /** `this · factor + addend`, rounded once by processors that have such an instruction. Needs relaxed SIMD. */
  relaxedMadd(factor: F32x4, addend: F32x4): F32x4 {
    return new F32x4([...this.code, ...factor.code, ...addend.code, ...simd(0x105)])
  }
}

/** Sixteen bytes. */
export class U8x16 extends Value {
  static readonly type = v128

  /** Modulo 256. */
  add(other: U8x16): U8x16 {
    return new U8x16(binary(this, other, simd(0x6e)))
  }
  sub(other: U8x16): U8x16 {
    return new U8x16(binary(this, other, simd(0x71)))
  }
  and(other: U8x16): U8x16 {
    return new U8x16(binary(this, other, simd(0x4e)))
  }
  or(other: U8x16): U8x16 {
    return new U8x16(binary(this, other, simd(0x50)))
  }
  xor(other: U8x16): U8x16 {
    return new U8x16(binary(this, other, simd(0x51)))
  }
  /** The mean of both, rounded up. */
  mean(other: U8x16): U8x16 {
    return new U8x16(binary(this, other, simd(0x7b)))
  }
  /** The bytes of this at these places. */
  shuffle(places: readonly number[]): U8x16 {
    return new U8x16(binary(this, this, [...simd(0x0d), ...places]))
  }
  /** The first eight. */
  low(): I16x8 {
    return new I16x8([...this.code, ...simd(0x89)])
  }
  /** The last eight. */
  high(): I16x8 {
    return new I16x8([...this.code, ...simd(0x8a)])
  }
}

/** Eight whole numbers of 16 bits, with a sign. */
export class I16x8 extends Value {
  static readonly type = v128

  add(other: I16x8): I16x8 {
    return new I16x8(binary(this, other, simd(0x8e)))
  }
  sub(other: I16x8): I16x8 {
    return new I16x8(binary(this, other, simd(0x91)))
  }
  abs(): I16x8 {
    return new I16x8([...this.code, ...simd(0x80)])
  }
  min(other: I16x8): I16x8 {
    return new I16x8(binary(this, other, simd(0x96)))
  }
  eq(other: I16x8): I16x8 {
    return new I16x8(binary(this, other, simd(0x2d)))
  }
  and(other: I16x8): I16x8 {
    return new I16x8(binary(this, other, simd(0x4e)))
  }
  /** Lane by lane `yes` if this is true, else `no`. */
  bitselect(yes: I16x8, no: I16x8): I16x8 {
    return new I16x8([...yes.code, ...no.code, ...this.code, ...simd(0x52)])
  }
  /** The first four. They are taken to be without a sign. */
  low(): I32x4 {
    return new I32x4([...this.code, ...simd(0xa9)])
  }
  /** The numbers as bytes, twice: below 0 they are 0, above 255 they are 255. */
  bytes(): U8x16 {
    return new U8x16(binary(this, this, simd(0x66)))
  }
  /** The products with other numbers, added up in pairs. */
  dot(other: I16x8): I32x4 {
    return new I32x4(binary(this, other, simd(0xba)))
  }
}

export type AnyValue = I32 | I64 | I32x4 | F32x4 | U8x16 | I16x8

/** A type of value: what makes one of its code. */
export interface ValueType<T extends AnyValue> {
  readonly type: number
  new (code: Bytes): T
}

/** A value that is a variable of its function. */
export type Local<T extends AnyValue> = T & { readonly local: number }

export function local<T extends AnyValue>(type: ValueType<T>, index: number): Local<T> {
  return Object.assign(new type([localGet, ...unsigned(index)]), { local: index })
}

export function i32(value: I32 | number): I32 {
  return typeof value === 'number' ? new I32([0x41, ...signed(value)]) : value
}

/** The same number in all lanes. */
export function f32x4(value: number): F32x4 {
  const lane = float(value)
  return new F32x4([...simd(0x0c), ...lane, ...lane, ...lane, ...lane])
}

/** The same number in all lanes. */
export function i32x4(value: number): I32x4 {
  const lane = [...new Uint8Array(Int32Array.of(value).buffer)]
  return new I32x4([...simd(0x0c), ...lane, ...lane, ...lane, ...lane])
}

/** The same numbers, of 16 bits each, in this order. */
export function i16x8(values: readonly number[]): I16x8 {
  return new I16x8([...simd(0x0c), ...new Uint8Array(Int16Array.from(values).buffer)])
}

/** The same bytes, in this order. */
export function u8x16(values: readonly number[]): U8x16 {
  return new U8x16([...simd(0x0c), ...values])
}
