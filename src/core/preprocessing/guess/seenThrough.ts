/**
 * @file What pictures a first convolution has seen in training, reckoned back from the mean and variance of its outputs
 * that the batch normalization behind it has stored.
 *
 * The mean of an output is the sum of its kernel over each channel times the channel's mean: as many equations as
 * filters for three unknowns, solved by least squares. On networks of the kit they agree to 99 % and more, and give
 * ImageNet's means to the second digit. The deviation follows from the variances, as neighbouring pixels and the
 * colours of photographs are alike to a known degree.
 */

interface Convolution {
  /** `[rows, columns, channels, filters]`, flat. */
  readonly kernel: ArrayLike<number>
  readonly shape: readonly [rows: number, columns: number, channels: number, filters: number]
  readonly bias: ArrayLike<number> | null
}

interface Moments {
  readonly mean: ArrayLike<number>
  readonly variance: ArrayLike<number>
}

/** Correlation of pixels side by side, and of colours, in photographs as networks see them. */
const neighbours = 0.95
const colours = 0.9
/** Part of the outputs' means that must be explained; less, and the statistics are of something else. */
const leastExplained = 0.9

/** Of the input, `[channels]`; null where the stored numbers do not agree. */
export function seenThrough(
  convolution: Convolution,
  stored: Moments,
): { mean: readonly number[]; variance: readonly number[] } | null {
  const [, , channels, filters] = convolution.shape
  if (filters < 2 * channels) return null
  const sums = kernelSums(convolution)
  const targets = Array.from(stored.mean, (mean, f) => mean - (convolution.bias?.[f] ?? 0))
  const mean = leastSquares(sums, targets)
  if (!mean || explained(sums, targets, mean) < leastExplained) return null
  const ratios = outputVariances(convolution)
    .map((variance, f) => stored.variance[f]! / variance)
    .filter((ratio) => Number.isFinite(ratio) && ratio > 0)
    .toSorted((a, b) => a - b)
  const variance = ratios[ratios.length >> 1]
  return variance === undefined ? null : { mean, variance: mean.map(() => variance) }
}

/** `[filters][channels]` */
function kernelSums({ kernel, shape: [rows, columns, channels, filters] }: Convolution): number[][] {
  return Array.from({ length: filters }, (_, f) =>
    Array.from({ length: channels }, (__, c) => {
      let sum = 0
      for (let p = 0; p < rows * columns; p++) sum += kernel[(p * channels + c) * filters + f]!
      return sum
    }),
  )
}

/** Solves the normal equations by Gauss and Jordan; null where the rows do not tell the unknowns apart. */
function leastSquares(rows: readonly (readonly number[])[], targets: readonly number[]): number[] | null {
  const n = rows[0]!.length
  const matrix = Array.from({ length: n }, (_, i) => [
    ...Array.from({ length: n }, (__, j) =>
      dot(
        rows.map((row) => row[i]!),
        rows.map((row) => row[j]!),
      ),
    ),
    dot(
      rows.map((row) => row[i]!),
      targets,
    ),
  ])
  for (let i = 0; i < n; i++) {
    let pivot = i
    for (let j = i + 1; j < n; j++) if (Math.abs(matrix[j]![i]!) > Math.abs(matrix[pivot]![i]!)) pivot = j
    ;[matrix[i], matrix[pivot]] = [matrix[pivot]!, matrix[i]!]
    const lead = matrix[i]![i]!
    if (Math.abs(lead) < 1e-12) return null
    matrix[i] = matrix[i]!.map((value) => value / lead)
    for (let j = 0; j < n; j++) {
      if (j === i) continue
      const factor = matrix[j]![i]!
      matrix[j] = matrix[j]!.map((value, k) => value - factor * matrix[i]![k]!)
    }
  }
  return matrix.map((row) => row[n]!)
}

function explained(
  rows: readonly (readonly number[])[],
  targets: readonly number[],
  solution: readonly number[],
): number {
  const left = targets.reduce((sum, target, i) => sum + (target - dot(rows[i]!, solution)) ** 2, 0)
  return 1 - left / Math.max(dot(targets, targets), 1e-12)
}

/** Of each filter, for photographs whose pixels have variance 1. */
function outputVariances({ kernel, shape: [rows, columns, channels, filters] }: Convolution): number[] {
  const variances = Array<number>(filters).fill(0)
  for (let p = 0; p < rows * columns; p++)
    for (let q = 0; q < rows * columns; q++) {
      const [dy, dx] = [Math.floor(p / columns) - Math.floor(q / columns), (p % columns) - (q % columns)]
      const near = neighbours ** Math.hypot(dy, dx)
      for (let c = 0; c < channels; c++)
        for (let d = 0; d < channels; d++) {
          const alike = near * (c === d ? 1 : colours)
          const [a, b] = [(p * channels + c) * filters, (q * channels + d) * filters]
          for (let f = 0; f < filters; f++) variances[f]! += alike * kernel[a + f]! * kernel[b + f]!
        }
    }
  return variances
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0)
}
