/** @file Bytes of a file, and half-precision numbers in them, for all formats. */

/** Reads a part of a file synchronously, which only workers can. */
export function readBytes(blob: Blob): ArrayBuffer {
  return new FileReaderSync().readAsArrayBuffer(blob)
}

/** Converts IEEE 754 half precision, exactly. */
export function floatsOfHalves(halves: Uint16Array): Float32Array {
  return Float32Array.from(halves, (bits) => {
    const sign = bits & 0x8000 ? -1 : 1
    const exponent = (bits >> 10) & 0x1f
    const fraction = bits & 0x3ff
    if (exponent === 0) return sign * fraction * 2 ** -24
    if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY
    return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
  })
}
