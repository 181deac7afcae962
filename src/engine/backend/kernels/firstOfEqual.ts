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
 * The share of a map's largest number by which a unit may be less than its channel's maximum and still count as that.
 * tfjs' convolutions give equal units the same bits, and so do ours without Winograd: with them it is the maximum itself.
 */
export function tieShare(): number {
  return chosenConvolutions() === 'fast' ? tie : 0
}
