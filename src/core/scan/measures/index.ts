/** @file All measures of a channel, in the order of the table's columns. */
import { alike } from './alike.ts'
import { border } from './border.ts'
import { choosy } from './choosy.ts'
import { colourMeasures } from './colourOrShape.ts'
import { dead } from './dead.ts'
import { fires, units } from './fires.ts'
import { lookAlike } from './lookAlike.ts'
import { loss } from './loss.ts'
import type { Measure, MeasureHead } from './measure.ts'
import { bimodality, skewness } from './shape.ts'
import { spread } from './spread.ts'
import { highest, mean } from './strength.ts'
import { topClass } from './topClass.ts'

/** Those that follow from what a scan has found. */
export const foundMeasures: readonly Measure[] = [
  highest,
  mean,
  fires,
  units,
  choosy,
  topClass,
  skewness,
  bimodality,
  spread,
  alike,
  border,
  dead,
]

export type AskedMeasure = 'colour' | 'alike'

/** Those that are measured for the channels that they are asked for, by what is asked for. */
export const askedMeasures: Readonly<Record<AskedMeasure, readonly MeasureHead[]>> = {
  colour: colourMeasures,
  alike: [lookAlike],
}

export const measures: readonly MeasureHead[] = [
  ...foundMeasures,
  ...Object.values(askedMeasures).flat(),
  loss,
]

/** What is said of measures, without those of another version of the app, which an address may name. */
export function knownOnes<T>(byMeasure: Readonly<Record<string, T>>): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(byMeasure).filter(([id]) => measures.some((one) => one.id === id)))
}
