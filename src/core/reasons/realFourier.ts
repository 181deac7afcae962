/**
 * @file The discrete Fourier transform of real numbers as an orthogonal matrix: for each frequency a cosine and a sine. It keeps
 * norms, and its transpose is its inverse and the way back of gradients, so no complex numbers are needed.
 */

export interface RealFourier {
  /** `[size, size]`: each row is a wave; the rows are orthonormal. */
  readonly matrix: Float32Array
  /** The frequency of each row, in waves a length. */
  readonly frequencies: Uint16Array
}

/** The rows for one frequency stand beside each other, the cosine first. */
export function realFourier(size: number): RealFourier {
  const matrix = new Float32Array(size * size)
  const frequencies = new Uint16Array(size)
  for (let row = 0; row < size; row++) {
    const frequency = Math.floor((row + 1) / 2)
    frequencies[row] = frequency
    const isSine = row > 0 && row % 2 === 0
    // The constant, and for even sizes the highest frequency, have no sine beside them.
    const isAlone = frequency === 0 || 2 * frequency === size
    const norm = Math.sqrt((isAlone ? 1 : 2) / size)
    for (let i = 0; i < size; i++) {
      // The remainder keeps the angle small, and so exact.
      const angle = (2 * Math.PI * ((frequency * i) % size)) / size
      matrix[row * size + i] = norm * (isSine ? Math.sin(angle) : Math.cos(angle))
    }
  }
  return { matrix, frequencies }
}
