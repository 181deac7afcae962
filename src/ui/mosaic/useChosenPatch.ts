/** @file The patches of the shown channel, and the one that is chosen. */
import { useEffect, useState } from 'react'
import type { FoundEntry } from '../../core/scan/foundEntry.ts'
import { type DistinctEntry, distinctTop } from '../../state/mosaic/alike.ts'
import { findAlike } from '../../state/mosaic/findAlike.ts'
import { type Patch, patchesAt, patchesOf } from '../../state/mosaic/patches.ts'
import { patchSources } from '../../state/selectors/patchSources.ts'
import { resultOf } from '../../state/selectors/shown.ts'
import { patchesShown, pickedOf } from '../../state/selectors/view.ts'
import { untilCleanup } from '../common/untilCleanup.ts'
import { useApp, useAppStore } from '../useApp.ts'

export interface ChosenPatch {
  /** Best first; none if no channel is shown or nothing was found. With `alikeOnce` they look different from each other. */
  readonly patches: readonly Patch[]
  /** For each of them those that look like it, if they are shown once; otherwise none. */
  readonly alike: readonly (readonly FoundEntry[])[]
  /** Is -1 if the shown patch is none of them. */
  readonly rank: number
  readonly patch: Patch | undefined
}

export function useChosenPatch(): ChosenPatch {
  const model = useApp((state) => state.model)
  const layer = useApp((state) => state.layer)
  const channel = useApp((state) => state.channel)
  const chosen = useApp((state) => state.patch)
  const k = useApp(patchesShown)
  const result = useApp((state) => resultOf(state, layer))
  // The patches change with the channel's version.
  useApp((state) => (channel === null ? 0 : (resultOf(state, layer)?.versions[channel] ?? 0)))
  // Those behind what mosaics show change unseen.
  useApp((state) => (state.full ? state.revision : 0))
  const picked = useApp(pickedOf)
  const distinct = useDistinct(k)
  if (layer === null || channel === null || !result)
    return { patches: [], alike: [], rank: 0, patch: undefined }
  const patches = distinct
    ? patchesAt(
        model,
        layer,
        distinct.map(({ entry }) => entry),
      )
    : patchesOf(model, layer, result, channel, k)
  const alike = distinct?.map((one) => one.alike) ?? []
  if (picked) return { patches, alike, rank: -1, patch: patchesAt(model, layer, [picked])[0] }
  const rank = Math.min(chosen, Math.max(0, patches.length - 1))
  return { patches, alike, rank, patch: patches[rank] }
}

/** The best k patches of the shown channel that look different; null if they are not wanted, or until they are found. */
function useDistinct(k: number): DistinctEntry[] | null {
  const { getState, services } = useAppStore()
  const layer = useApp((state) => state.layer)
  const channel = useApp((state) => state.channel)
  const result = useApp((state) => resultOf(state, layer))
  const once = useApp((state) => state.alikeOnce)
  const images = useApp((state) => state.images)
  const revision = useApp((state) => (state.alikeOnce ? state.revision : 0))
  const [, setFound] = useState(0)
  useEffect(() => {
    if (!once || layer === null || channel === null || !result) return undefined
    return untilCleanup(async (signal) => {
      const state = getState()
      const sources = patchSources(state, layer)
      if (!sources || result.scanned === 0) return
      const { gallery } = services
      await findAlike({ gallery, sources, model: state.model, layer, result, channel })
      if (!signal.aborted) setFound((found) => found + 1)
    }, getState().report)
  }, [once, layer, channel, result, images, revision, getState, services])
  return once && channel !== null && result ? distinctTop(result, channel, k) : null
}
