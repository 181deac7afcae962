import { describe, expect, it } from 'vitest'
import { realFourier } from '../../../src/core/reasons/realFourier.ts'

describe.each([1, 2, 3, 8, 15, 20, 131])('the real Fourier transform of %i numbers', (size) => {
  const { matrix, frequencies } = realFourier(size)

  it('has orthonormal rows', () => {
    for (let a = 0; a < size; a++)
      for (let b = 0; b <= a; b++) {
        let dot = 0
        for (let i = 0; i < size; i++) dot += matrix[a * size + i]! * matrix[b * size + i]!
        expect(Math.abs(dot - (a === b ? 1 : 0))).toBeLessThan(1e-6)
      }
  })

  it('finds a wave at its frequency and nowhere else', () => {
    for (let frequency = 0; 2 * frequency <= size; frequency++) {
      const wave = Float64Array.from({ length: size }, (_, i) =>
        Math.cos((2 * Math.PI * frequency * i) / size + 0.4),
      )
      for (let row = 0; row < size; row++) {
        let found = 0
        for (let i = 0; i < size; i++) found += matrix[row * size + i]! * wave[i]!
        if (frequencies[row] !== frequency) expect(Math.abs(found)).toBeLessThan(1e-5)
      }
    }
    expect(Math.max(...frequencies)).toBe(Math.floor(size / 2))
  })
})
