/** @file Random numbers of the normal distribution. */
import { seededRandom } from '../seededRandom.ts'

/** Independent ones of mean 0 and variance 1, by the method of Box and Muller; the same seed gives the same ones. */
export function gaussians(count: number, seed: number): Float32Array {
  const random = seededRandom(seed)
  const out = new Float32Array(count)
  for (let i = 0; i < count; i += 2) {
    // It must not be 0.
    const radius = Math.sqrt(-2 * Math.log(1 - random()))
    const angle = 2 * Math.PI * random()
    out[i] = radius * Math.cos(angle)
    if (i + 1 < count) out[i + 1] = radius * Math.sin(angle)
  }
  return out
}
