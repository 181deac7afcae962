/**
 * @file What was measured of colour or shape, which stays as long as the results that it is about. It is kept beside the state, by
 * the number of top patches that counted.
 */
import type { FoundEntry } from '../../core/scan/foundEntry.ts'
import { colourMeasures } from '../../core/scan/measures/colourOrShape.ts'
import type { ReadableResult } from '../../core/scan/statistics/statistic.ts'
import type { ColourOrShape } from './colourOrShape.ts'

interface Kept {
  /** Is null if no patch had an activation above 0. */
  readonly found: ColourOrShape | null
  /** The top patches when it was measured. */
  readonly entries: readonly FoundEntry[]
}

interface KeptOfLayer {
  readonly byChannel: Map<number, Kept>
  /** By the measure's id, `[channels]`: NaN if it is not known. */
  readonly values: ReadonlyMap<string, Float64Array>
}

const keptOf = new WeakMap<ReadableResult, Map<number, KeptOfLayer>>()

function keptOfLayer(result: ReadableResult, k: number): KeptOfLayer {
  let byK = keptOf.get(result)
  if (!byK) keptOf.set(result, (byK = new Map()))
  let kept = byK.get(k)
  if (!kept) {
    const values = new Map(
      colourMeasures.map(({ id }) => [id, new Float64Array(result.channels).fill(Number.NaN)]),
    )
    byK.set(k, (kept = { byChannel: new Map(), values }))
  }
  return kept
}

/** The values of all channels by the id of the measure, `[channels]`. These very arrays change when more is measured. */
export function colourValues(result: ReadableResult, k: number): ReadonlyMap<string, Float64Array> {
  return keptOfLayer(result, k).values
}

/** `entries` are the top k that were measured. */
export function keepColour(
  result: ReadableResult,
  channel: number,
  k: number,
  entries: readonly FoundEntry[],
  found: ColourOrShape | null,
): void {
  const { byChannel, values } = keptOfLayer(result, k)
  byChannel.set(channel, { found, entries })
  for (const { id } of colourMeasures) values.get(id)![channel] = found?.[id] ?? Number.NaN
}

/** Returns undefined if it was not measured. */
export function keptColour(
  result: ReadableResult,
  channel: number,
  k: number,
): ColourOrShape | null | undefined {
  return keptOf.get(result)?.get(k)?.byChannel.get(channel)?.found
}

/** Whether it was measured, and the top patches are still those. */
export function isColourCurrent(result: ReadableResult, channel: number, k: number): boolean {
  const measured = keptOf.get(result)?.get(k)?.byChannel.get(channel)?.entries
  if (!measured) return false
  const now = result.top(channel, k)
  return (
    now.length === measured.length &&
    now.every(
      ({ image, position }, rank) => image === measured[rank]!.image && position === measured[rank]!.position,
    )
  )
}

/** Whether any channel was measured. */
export function isAnyColourKept(result: ReadableResult, k: number): boolean {
  return (keptOf.get(result)?.get(k)?.byChannel.size ?? 0) > 0
}
