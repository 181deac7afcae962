/**
 * @file How choosy a channel is: the class selectivity of A. S. Morcos and others, "On the importance of single directions
 * for generalization" (2018). There, a channel's answer to an image is its mean over the map; here it is the maximum, as
 * everywhere in this app.
 */
import type { ClassMean } from '../classMeans.ts'
import type { Evidence } from './evidence.ts'
import type { Measure } from './measure.ts'

export interface Selectivity {
  readonly classNumber: number
  /** `(a − b) / (a + b)`: 0 if all classes have the same mean, 1 if all but the best one have a mean of 0. */
  readonly value: number
}

/**
 * `a` is the mean maximum of the best class, `b` the mean of those of the other classes, each class counted once. Of equal
 * classes the one with the lowest number is the best. Returns null if there are fewer than two classes, if an image has a
 * maximum below 0, or if all are 0.
 */
export function selectivityOf({ classMeans, bins, isDead }: Evidence): Selectivity | null {
  if (!classMeans || classMeans.length < 2 || isDead || bins?.some(({ negative }) => negative)) return null
  const best = classMeans.reduce((a, b) => (b.mean > a.mean ? b : a))
  const others = classMeans.filter((one) => one !== best)
  if (classMeans.some(({ mean }) => mean < 0) || best.mean === 0) return null
  const b = meanOf(others)
  return { classNumber: best.classNumber, value: (best.mean - b) / (best.mean + b) }
}

function meanOf(classes: readonly ClassMean[]): number {
  return classes.reduce((sum, { mean }) => sum + mean, 0) / classes.length
}

export const choosy: Measure = {
  id: 'choosy',
  label: 'Choosy',
  sentence:
    'Class selectivity: how far the mean maximum of the best class lies above the mean of the other classes, divided by their sum (Morcos et al. 2018); it has no meaning if maxima are below 0.',
  unit: 'number',
  of: (evidence) => selectivityOf(evidence)?.value ?? null,
}
