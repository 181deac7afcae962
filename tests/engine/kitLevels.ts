/** @file The picture that the kit's golden numbers are of. */

/** `(37h + 61w + 97c + 11·((h·w) mod 53)) mod 256`, row by row. */
export function kitLevels([height, width, channels]: readonly [number, number, number]): Float32Array {
  const levels = new Float32Array(height * width * channels)
  let i = 0
  for (let h = 0; h < height; h++)
    for (let w = 0; w < width; w++)
      for (let c = 0; c < channels; c++) levels[i++] = (37 * h + 61 * w + 97 * c + 11 * ((h * w) % 53)) % 256
  return levels
}
