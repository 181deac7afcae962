/** @file How the statistics of a channel go on from scan to scan. */
import { Evidence } from '../scan/measures/evidence.ts'
import { choosy } from '../scan/measures/choosy.ts'
import { fires, units } from '../scan/measures/fires.ts'
import type { Measure } from '../scan/measures/measure.ts'
import { highest, mean } from '../scan/measures/strength.ts'
import { topClass } from '../scan/measures/topClass.ts'
import type { ReadableResult } from '../scan/statistics/statistic.ts'

/** Those that scans of different networks can be compared by at a glance. */
export const courseMeasures: readonly Measure[] = [highest, mean, fires, units, choosy, topClass]

/** A channel in one of the scans. */
export interface CoursePoint {
  readonly result: ReadableResult
  readonly channel: number
}

export interface Course {
  readonly measure: Measure
  /** One for each scan; NaN if it is not known, or has no meaning. */
  readonly values: readonly number[]
}

/** A point is null if the scan has no such channel. `classOf` is the class of each image, -1 if it has none. */
export function coursesOf(points: readonly (CoursePoint | null)[], k: number, classOf: Int32Array): Course[] {
  const evidence = points.map((point) => point && new Evidence(point.result, point.channel, k, classOf))
  return courseMeasures.map((measure) => ({
    measure,
    values: evidence.map((one) => (one && measure.of(one)) ?? Number.NaN),
  }))
}
