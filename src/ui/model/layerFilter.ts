/** @file Filters the list of layers. */
import type { LayerFacts } from './layerFacts.ts'

export interface LayerFilter {
  /** Words that must all occur in the layer's name or type, whatever the letters' case. */
  readonly text: string
  /** The name of the layer's class; null means any. */
  readonly type: string | null
  readonly onlyScannable: boolean
}

export const noFilter: LayerFilter = { text: '', type: null, onlyScannable: false }

export function filterLayers(facts: readonly LayerFacts[], filter: LayerFilter): readonly LayerFacts[] {
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean)
  return facts.filter(({ name, className, notScannable }) => {
    const text = `${name} ${className}`.toLowerCase()
    return (
      words.every((word) => text.includes(word)) &&
      (filter.type === null || className === filter.type) &&
      (!filter.onlyScannable || notScannable === null)
    )
  })
}

/** Class names with the number of their layers, the most frequent first. */
export function typeCounts(facts: readonly LayerFacts[]): [type: string, count: number][] {
  const counts = new Map<string, number>()
  for (const { className } of facts) counts.set(className, (counts.get(className) ?? 0) + 1)
  return [...counts].toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
}
