/** @file All statistics of a channel, in the order of the results file and of the lines under "Numbers". */
import { activity } from './activity.ts'
import { classMeans } from './classMeans.ts'
import { histogram } from './histogram.ts'
import { lowest } from './lowest.ts'
import { maxima } from './maxima.ts'
import { median } from './median.ts'
import { quantiles } from './quantiles.ts'
import { sampledMaxima } from './sampledMaxima.ts'
import type { Statistic } from './statistic.ts'
import { where } from './where.ts'

const list = [
  lowest,
  quantiles,
  maxima,
  median,
  activity,
  histogram,
  where,
  classMeans,
  sampledMaxima,
] as const

export const statistics: readonly Statistic[] = list

/** The ids of those that are counted, which snapshots hold. */
export type CountedId = Extract<(typeof list)[number], { readonly counted: unknown }>['id']

type Listed = (typeof list)[number]

/** The ids of the orders that statistics offer. */
export type StatisticSort = Extract<Listed, { readonly sort: unknown }>['sort']['id']

type Both<U> = (U extends unknown ? (one: U) => void : never) extends (all: infer I) => void ? I : never

/** The keys that statistics write into a channel's record, or into its `statistics`. */
export type WrittenRecord<Within extends 'channel' | 'statistics'> = Both<
  ReturnType<Extract<Listed, { readonly record: { readonly within: Within } }>['record']['write']>
>

/** The sum of the versions of all statistics: it grows with each change of what is kept of them. */
export const statisticsVersion = statistics.reduce((sum, { counted }) => sum + (counted?.version ?? 0), 0)
