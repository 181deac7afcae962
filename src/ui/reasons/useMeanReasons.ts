/** @file The mean contributions over the top patches, as they grow: each patch takes a run of the network. */
import { useEffect, useState } from 'react'
import type { MeanTerms } from '../../core/reasons/strongest.ts'
import type { Patch } from '../../state/mosaic/patches.ts'
import { type Asking, meanReasons } from '../../state/reasons/circuits.ts'
import { preprocessingOf } from '../../state/selectors/shown.ts'
import { untilCleanup } from '../common/untilCleanup.ts'
import { useApp, useAppStore } from '../useApp.ts'

export interface Means {
  readonly terms: MeanTerms
  /** How many patches are in it, and of how many. */
  readonly count: number
  readonly of: number
}

/** The images and units of patches as a text; patches whose images are not open are left out. */
export function unitsOf(patches: readonly Patch[]): string {
  return patches
    .filter(({ image }) => image >= 0)
    .map(({ image, unit }) => [image, ...unit].join('/'))
    .join(' ')
}

/** `units` is what `unitsOf` says of the patches. Runs while it is `wanted`; null until the first patch is known. */
export function useMeanReasons(asking: Asking, units: string, wanted: boolean): Means | null {
  const { getState } = useAppStore()
  const images = useApp((state) => state.images)
  const preprocessing = useApp(preprocessingOf)
  const [known, setKnown] = useState<{ key: string; means: Means } | null>(null)
  const key = `${asking.layer}/${asking.channel}: ${units}`
  useEffect(() => {
    if (!wanted || !images || units === '') return undefined
    const asked = units.split(' ').map((text) => {
      const [image, row, column] = text.split('/').map(Number) as [number, number, number]
      return { image, unit: [row, column] as const }
    })
    return untilCleanup(async (signal) => {
      await meanReasons({ ...asking, images, preprocessing }, asked, signal, (terms) => {
        if (!signal.aborted) setKnown({ key, means: { terms, count: terms.count, of: asked.length } })
      })
    }, getState().report)
  }, [asking, images, preprocessing, units, wanted, key, getState])
  return known?.key === key ? known.means : null
}
