/** @file Small arithmetic of the bench. */

/** @param {readonly number[]} numbers */
export function mean(numbers) {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length
}

/** A quantile: the smallest number that at least this share does not exceed. @param {readonly number[]} numbers */
export function quantile(numbers, share = 0.5) {
  const sorted = numbers.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
}

/** @param {readonly number[]} numbers */
export function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b)
  const middle = (sorted.length - 1) / 2
  return mean([sorted[Math.floor(middle)] ?? Number.NaN, sorted[Math.ceil(middle)] ?? Number.NaN])
}

/** The number of images, in whole passes, for a scan that takes about so many seconds. */
export function imagesFor(
  /** @type {{ imagesPerSecond: number, seconds: number, passSize: number, available: number }} */
  { imagesPerSecond, seconds, passSize, available },
) {
  const batches = Math.max(1, Math.round((imagesPerSecond * seconds) / passSize))
  return Math.min(available, batches * passSize)
}
