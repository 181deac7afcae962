import { expect, it } from 'vitest'
import { coursesOf } from '../../../src/core/compare/course.ts'
import { seeded } from '../../fixtures/random.ts'
import { scanned } from '../../fixtures/summaries.ts'

it('tells the statistics of a channel in each scan, and nothing of a scan without it', () => {
  const scans = [1, 2].map((seed) => {
    const random = seeded(seed)
    return Array.from({ length: 30 }, () => [random.next(), random.next() * 2 - 1])
  })
  const [one, two] = scans.map((rows) => scanned(rows, 5))
  const points = [{ result: one!, channel: 0 }, null, { result: two!, channel: 1 }]
  const courses = new Map(
    coursesOf(points, 5, new Int32Array(30).fill(-1)).map(({ measure, values }) => [measure.id, values]),
  )
  const columns = [
    scans[0]!.map((row) => Math.fround(row[0]!)),
    null,
    scans[1]!.map((row) => Math.fround(row[1]!)),
  ]
  const expected = (of: (values: readonly number[]) => number): number[] =>
    columns.map((column) => (column ? of(column) : Number.NaN))
  expect(courses.get('max')).toEqual(expected((values) => Math.max(...values)))
  expect(courses.get('fires')).toEqual(
    expected((values) => values.filter((value) => value > 0).length / values.length),
  )
  const means = expected((values) => values.reduce((a, b) => a + b, 0) / values.length)
  expect(courses.get('mean')![0]).toBeCloseTo(means[0]!, 12)
  expect(courses.get('mean')![1]).toBeNaN()
  expect(courses.get('mean')![2]).toBeCloseTo(means[2]!, 12)
  expect(courses.get('choosy')).toEqual([Number.NaN, Number.NaN, Number.NaN])
})
