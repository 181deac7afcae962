/** @file The checksum of zip archives, and of the chunks of a PNG (CRC-32 of ISO 3309). */

const polynomial = 0xedb88320

/** The remainder of each byte, `[256]`. */
export const remainders: Readonly<Uint32Array> = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte
  for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ (value & 1 ? polynomial : 0)
  return value
})

export function crc32(bytes: Uint8Array): number {
  let sum = 0xffffffff
  for (const byte of bytes) sum = (sum >>> 8) ^ remainders[(sum ^ byte) & 0xff]!
  return ~sum >>> 0
}
