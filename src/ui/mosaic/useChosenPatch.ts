/** @file The patches of the shown channel, and the one that is chosen. */
import { type Patch, patchesAt, patchesOf } from '../../state/mosaic/patches.ts'
import { resultOf } from '../../state/selectors/shown.ts'
import { patchesShown, pickedOf } from '../../state/selectors/view.ts'
import { useApp } from '../useApp.ts'

export interface ChosenPatch {
  /** Best first; none if no channel is shown or nothing was found. */
  readonly patches: readonly Patch[]
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
  const patches =
    layer !== null && channel !== null && result ? patchesOf(model, layer, result, channel, k) : []
  const picked = useApp(pickedOf)
  if (picked && layer !== null && result)
    return { patches, rank: -1, patch: patchesAt(model, layer, [picked])[0] }
  const rank = Math.min(chosen, Math.max(0, patches.length - 1))
  return { patches, rank, patch: patches[rank] }
}
