/**
 * @file Multiplies colours by alpha and divides them again, in bytes. Pillow does so around the resizing of pictures that
 * keep their alpha (`Convert.c`, RGBA → RGBa → RGBA).
 */

/** Multiplies the colours of `[…, 4]` by alpha. */
export function premultiply(rgba: Uint8ClampedArray | Uint8Array): Uint8Array {
  const out = new Uint8Array(rgba.length)
  for (let i = 0; i < rgba.length; i += 4) {
    const alpha = rgba[i + 3]!
    for (let c = i; c < i + 3; c++) {
      // This divides by 255 and rounds, without a division.
      const product = rgba[c]! * alpha + 128
      out[c] = ((product >> 8) + product) >> 8
    }
    out[i + 3] = alpha
  }
  return out
}

/** Divides the colours by alpha again, in place, and rounds down as Pillow does. */
export function unpremultiply(rgba: Uint8Array): Uint8Array {
  for (let i = 0; i < rgba.length; i += 4) {
    const alpha = rgba[i + 3]!
    if (alpha === 0 || alpha === 255) continue
    for (let c = i; c < i + 3; c++) rgba[c] = Math.min(255, Math.trunc((255 * rgba[c]!) / alpha))
  }
  return rgba
}
