/** @file The smallest parts of a WebAssembly module as bytes: numbers, names, lists and sections. */

export type Bytes = readonly number[]

/** A whole number from 0 to 2³² − 1 in LEB128: seven bits a byte, the lowest first; bit 7 says that more follow. */
export function unsigned(value: number): number[] {
  const bytes: number[] = []
  let left = value
  while (left > 127) {
    bytes.push((left % 128) + 128)
    left = Math.floor(left / 128)
  }
  return [...bytes, left]
}

/**
 * A whole number of 32 bits in signed LEB128: as `unsigned`, but bit 6 of the last byte is the sign. From 2³¹ on it is
 * the negative number with the same 32 bits, as for an address in the upper half of the memory.
 */
export function signed(value: number): number[] {
  const bytes: number[] = []
  let left = value | 0
  while (left < -64 || left > 63) {
    bytes.push((left & 127) | 128)
    left >>= 7
  }
  return [...bytes, left & 127]
}

const single = new Float32Array(1)
const bytesOfSingle = new Uint8Array(single.buffer)

/** The four bytes of a number in single precision. */
export function float(value: number): number[] {
  single[0] = value
  return [...bytesOfSingle]
}

/** UTF-8 with its length before it. */
export function name(text: string): number[] {
  return list([...new TextEncoder().encode(text)].map((byte) => [byte]))
}

/** The number of items, then the items. */
export function list(items: readonly Bytes[]): number[] {
  return unsigned(items.length).concat(...items)
}

/** `content` with the number of its bytes before it. */
export function sized(content: Bytes): number[] {
  return unsigned(content.length).concat(content)
}

/** An instruction of the SIMD proposals. */
export function simd(instruction: number): number[] {
  return [0xfd, ...unsigned(instruction)]
}
