/** @file The eigenvectors of a small symmetric matrix, by Jacobi's rotations. */

const mostSweeps = 50

/**
 * Orthonormal axes of a covariance matrix `[size, size]`, as the rows of a matrix of the same shape, largest variance first. The
 * largest component of each is positive, so that the same matrix gives the same axes.
 */
export function principalAxes(covariance: Float64Array, size: number): Float64Array {
  const left = covariance.slice()
  const axes = new Float64Array(size * size)
  for (let i = 0; i < size; i++) axes[i * size + i] = 1
  const scale = left.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  for (let sweep = 0; sweep < mostSweeps; sweep++) {
    let isDone = true
    for (let p = 0; p < size; p++)
      for (let q = p + 1; q < size; q++)
        if (Math.abs(left[p * size + q]!) > 1e-15 * scale) {
          isDone = false
          rotate(left, axes, size, p, q)
        }
    if (isDone) break
  }
  const variance = (axis: number): number => left[axis * size + axis]!
  const order = [...Array(size).keys()].toSorted((a, b) => variance(b) - variance(a))
  return Float64Array.from(order.flatMap((axis) => upright(axes.subarray(axis * size, (axis + 1) * size))))
}

/** Makes the element p, q zero by a rotation of both axes. */
function rotate(left: Float64Array, axes: Float64Array, size: number, p: number, q: number): void {
  const angle = 0.5 * Math.atan2(2 * left[p * size + q]!, left[q * size + q]! - left[p * size + p]!)
  const [c, s] = [Math.cos(angle), Math.sin(angle)]
  const turn = (values: Float64Array, first: number, second: number): void => {
    const [a, b] = [values[first]!, values[second]!]
    values[first] = c * a - s * b
    values[second] = s * a + c * b
  }
  for (let i = 0; i < size; i++) turn(left, i * size + p, i * size + q)
  for (let i = 0; i < size; i++) turn(left, p * size + i, q * size + i)
  for (let i = 0; i < size; i++) turn(axes, p * size + i, q * size + i)
}

function upright(axis: Float64Array): number[] {
  const largest = axis.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0)
  return [...axis].map((value) => (largest < 0 ? -value : value))
}
