/** @file Writes outputs of the network with as many digits as tell something. */
import { formatActivation } from '../common/format.ts'

/** Digits of a percentage behind its point, at most. */
const mostDecimals = 3

/** Of other numbers: as many as `formatActivation` writes, and the power of ten of the last one that is written out. */
const [usualDigits, smallest] = [4, -6]

/** Writes a probability so that those near 0 and 1 can be told apart, too: `0.031 %`, `47.5 %`, `99.97 %`. */
export function probabilityText(probability: number): string {
  const percent = 100 * probability
  const rest = Math.min(percent, 100 - percent)
  if (rest <= 0) return `${Math.round(percent)} %`
  const least = 10 ** -mostDecimals
  if (rest < least / 2) return percent < 50 ? `< ${least} %` : `> ${100 - least} %`
  const decimals = Math.max(1, 1 - Math.floor(Math.log10(rest)))
  return `${percent.toFixed(Math.min(mostDecimals, decimals))} %`
}

/**
 * Writes two means of the same images, before and after a change, to the first digit of the standard error of what is between
 * them: further ones would be others with other images. If that is not known, with as many digits as always.
 */
export function meanTexts(
  means: readonly [number, number],
  error: number,
  isProbability: boolean,
): readonly string[] {
  const usual = isProbability ? probabilityText : formatActivation
  if (!(error > 0 && error < Infinity)) return means.map(usual)
  const last = placeOf(isProbability ? 100 * error : error)
  return means.map((mean) => {
    if (isProbability) return `${rounded(100 * mean, Math.max(last, -mostDecimals))} %`
    if (mean === 0) return usual(mean)
    const first = placeOf(Math.abs(mean))
    if (first - last >= usualDigits - 1) return usual(mean)
    // As other numbers that are very large or very small.
    if (first >= last && (first < -3 || first >= 5)) return mean.toExponential(first - last)
    return rounded(mean, Math.max(last, smallest))
  })
}

/** The power of ten of a number's first digit. */
function placeOf(size: number): number {
  return Math.floor(Math.log10(size))
}

/** To the digit of that power of ten. What becomes 0 has no sign. */
function rounded(value: number, place: number): string {
  if (place > 0) return String(Math.round(value / 10 ** place) * 10 ** place)
  const text = value.toFixed(-place)
  return Number(text) === 0 ? text.replace('-', '') : text
}
