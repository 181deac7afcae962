/**
 * @file The place of a maximum on WASM when our convolutions compute: the first unit within `tie` of it. Winograd's convolutions
 * (`convolution/winogradProgram`) round differently at the 16 places of a tile, so where a map is flat, units that are
 * equal by right come out a little different, and the greatest of them is anywhere. Such an error has the size of the
 * map's numbers, not of the channel's, which may be small beside them: so `tie` is a share of the largest number of all
 * channels. On graphics cards each unit is computed in the same way, and equal ones are equal.
 */
import { chosenConvolutions } from './convolution/choice.ts'

/** A share of the largest number of a map. On flat and striped images units are apart by 5·10⁻⁷ of it at most. */
export const tie = 1e-6

/**
 * Writes how large a unit must be to count as its channel's maximum. `max` and `min` are those of all channels of a map.
 * tfjs' convolutions give equal units the same bits: with them it is the maximum itself.
 */
export function limitsOf(max: Float32Array, min: Float32Array, limits: Float32Array): void {
  if (chosenConvolutions() !== 'fast') return limits.set(max)
  let largest = 0
  for (const [c, most] of max.entries())
    for (const size of [Math.abs(most), Math.abs(min[c]!)])
      if (size > largest && size < Infinity) largest = size
  for (const [c, most] of max.entries()) limits[c] = most - tie * largest
}
