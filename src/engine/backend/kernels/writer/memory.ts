/** @file Loads values from the memory of a WebAssembly program, and stores them there. Offsets are bytes behind the address. */
import { simd, unsigned } from './bytes.ts'
import { type AnyValue, F32x4, I32, I32x4, I64, U8x16 } from './values.ts'

/**
 * Where a load or store happens: `offset` bytes behind the address. The first byte is the logarithm of the alignment, a
 * hint that no engine takes on the processors of today: four bytes, unless a number is shorter.
 */
function place(offset: number): number[] {
  return [2, ...unsigned(offset)]
}

/** The same for numbers of one byte, of which no other alignment is valid. */
function bytePlace(offset: number): number[] {
  return [0, ...unsigned(offset)]
}

/** One byte. */
export function loadU8(address: I32, offset = 0): I32 {
  return new I32([...address.code, 0x2d, ...bytePlace(offset)])
}

export function loadI64(address: I32, offset = 0): I64 {
  return new I64([...address.code, 0x29, ...place(offset)])
}

export function loadU8x16(address: I32, offset = 0): U8x16 {
  return new U8x16([...address.code, ...simd(0x00), ...place(offset)])
}

/** The first four bytes; the others are 0. */
export function loadFourBytes(address: I32, offset = 0): U8x16 {
  return new U8x16([...address.code, ...simd(0x5c), ...place(offset)])
}

export function loadI32(address: I32, offset = 0): I32 {
  return new I32([...address.code, 0x28, ...place(offset)])
}

export function loadI32x4(address: I32, offset = 0): I32x4 {
  return new I32x4([...address.code, ...simd(0x00), ...place(offset)])
}

export function loadF32x4(address: I32, offset = 0): F32x4 {
  return new F32x4([...address.code, ...simd(0x00), ...place(offset)])
}

/** One number in all lanes. */
export function loadSplat(address: I32, offset = 0): F32x4 {
  return new F32x4([...address.code, ...simd(0x09), ...place(offset)])
}

/** The first `lanes` numbers only, 1 to 4; the other lanes are 0. Reads nothing behind them. */
export function loadLanes(address: I32, lanes: number, offset = 0): F32x4 {
  if (lanes === 4) return loadF32x4(address, offset)
  if (lanes === 1) return new F32x4([...address.code, ...simd(0x5c), ...place(offset)])
  const two = new F32x4([...address.code, ...simd(0x5d), ...place(offset)])
  if (lanes === 2) return two
  return new F32x4([...address.code, ...two.code, ...simd(0x56), ...place(offset + 8), 2])
}

/** The statement that stores a value. */
export function storeCode(address: I32, value: AnyValue, offset: number): number[] {
  const instruction = value instanceof I32 ? [0x36] : value instanceof I64 ? [0x37] : simd(0x0b)
  return [...address.code, ...value.code, ...instruction, ...place(offset)]
}

/** The statement that stores the lowest byte. */
export function storeByteCode(address: I32, value: I32, offset: number): number[] {
  return [...address.code, ...value.code, 0x3a, ...bytePlace(offset)]
}

/** The statement that stores two lanes (`lane` 0 or 2, as `pair`) or one. */
export function storeLaneCode(
  address: I32,
  value: F32x4 | U8x16,
  lane: number,
  pair: boolean,
  offset: number,
): number[] {
  const instruction = simd(pair ? 0x5b : 0x5a)
  return [...address.code, ...value.code, ...instruction, ...place(offset), pair ? lane / 2 : lane]
}
