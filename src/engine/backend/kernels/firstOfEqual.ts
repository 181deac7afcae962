/**
 * @file Where the maximum of a channel is, on WASM when our convolutions compute: at the first unit that is less than the
 * maximum by no more than rounding. Winograd's convolutions (`convolution/winogradProgram`) round differently at the 16
 * places of a tile. So units that are equal by right, as on a plain background, come out a little different, and the
 * greatest of them may be anywhere; NumPy, which gets them equal, takes the first.
 *
 * How far apart do they come? The sums that Winograd adds up have the size of the map's numbers, and so have their errors,
 * however small the numbers of one channel are. So a unit counts as equal if it is less than its channel's maximum by up
 * to `tie` times the largest number of the whole map, all its channels: "the map's maximum" means that one. A place whose
 * gap is larger is never moved.
 *
 * That alone would call all units of a faint channel equal, one whose numbers are 10⁵ times smaller than those of the
 * strongest (700 of the 6,057 channels of the trained `mobileface` in the kit are). So a unit must also be as near to the
 * maximum as `tieOfChannel` times the channel's own largest number.
 *
 * On graphics cards each unit is computed in the same way, and equal ones are equal.
 */
import { chosenConvolutions } from './convolution/choice.ts'

/**
 * Equal units were apart by up to 1.1·10⁻⁶ of their map's largest number in trained networks, and by 2.1·10⁻⁶ in one of
 * random weights with 512 channels a layer.
 */
export const tie = 4e-6
export const tieOfChannel = 1e-3

/**
 * The share of a map's largest number by which a unit may be less than its channel's maximum and still count as that.
 * tfjs' convolutions give equal units the same bits, and so do ours without Winograd: with them it is the maximum itself.
 */
export function tieShare(): number {
  return chosenConvolutions() === 'fast' ? tie : 0
}
