/** @file How often a channel is active: in which share of the images, and with which share of all units, it is above 0. */
import type { Measure } from './measure.ts'

export const fires: Measure = {
  id: 'fires',
  label: 'Fires',
  sentence: 'The share of the images in which a unit is above 0.',
  unit: 'share',
  of: ({ activity, result: { scanned } }) => activity && ratio(activity.activeImages, scanned),
}

export const units: Measure = {
  id: 'units',
  label: 'Units',
  sentence: 'The share of the units of all images that are above 0.',
  unit: 'share',
  of: ({ activity, result: { scanned, units: each } }) =>
    activity && ratio(activity.activeUnits, scanned * each),
}

function ratio(part: number, whole: number): number | null {
  return whole > 0 ? part / whole : null
}
