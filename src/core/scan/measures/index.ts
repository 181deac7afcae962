/** @file All measures of a channel, in the order of the table's columns. */
import { alike } from './alike.ts'
import { border } from './border.ts'
import { choosy } from './choosy.ts'
import { dead } from './dead.ts'
import { fires, units } from './fires.ts'
import type { Measure } from './measure.ts'
import { bimodality, skewness } from './shape.ts'
import { spread } from './spread.ts'
import { highest, mean } from './strength.ts'
import { topClass } from './topClass.ts'

export const measures: readonly Measure[] = [
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
