/** @file Converts colours to grey in the two ways that Python's libraries do it. */

/** Converts RGBA `[n, 4]` to bytes `[n]` as Pillow's `convert('L')` does: rounded integers. Alpha is ignored. */
export function pillowGrey(rgba: Uint8ClampedArray | Uint8Array): Uint8Array {
  const out = new Uint8Array(rgba.length / 4)
  for (let i = 0, o = 0; o < out.length; i += 4, o++)
    out[o] = (rgba[i]! * 19595 + rgba[i + 1]! * 38470 + rgba[i + 2]! * 7471 + 0x8000) >> 16
  return out
}

/**
 * Converts a colour to grey as `tf.image.rgb_to_grayscale` does, up to the last bit or two of float32: there the order
 * of the sum depends on the processor. The weights add up to 0.9999, so a grey pixel of a coloured picture gets a little
 * darker.
 */
export function tensorflowGrey(red: number, green: number, blue: number): number {
  return Math.fround(red * 0.2989 + green * 0.587 + blue * 0.114)
}
