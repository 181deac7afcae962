/** @file A fraction of whole numbers of any size as the nearest float64. */

/** The bits of the quotient: more than the 53 of a float64, so that what is cut off decides nothing but ties. */
const quotientBits = 64

/** `numerator / denominator · 2^exponent`, rounded once, to the nearest. `denominator` is above 0. */
export function ratio(numerator: bigint, denominator: bigint, exponent: number): number {
  if (numerator < 0n) return -ratio(-numerator, denominator, exponent)
  if (numerator === 0n) return 0
  const shift = Math.max(0, quotientBits - (bitLength(numerator) - bitLength(denominator)))
  const shifted = numerator << BigInt(shift)
  const quotient = shifted / denominator
  // A rest, however small, breaks a tie.
  const sticky = quotient * denominator === shifted ? quotient : quotient | 1n
  return scale(Number(sticky), exponent - shift)
}

function bitLength(value: bigint): number {
  return 4 * value.toString(16).length
}

/** Multiplies in two steps, as 2^exponent alone may be beyond a float64. */
function scale(value: number, exponent: number): number {
  const half = Math.trunc(exponent / 2)
  return value * 2 ** half * 2 ** (exponent - half)
}
