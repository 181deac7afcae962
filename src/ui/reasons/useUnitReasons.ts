/** @file What channels have contributed to the unit of the chosen patch. */
import { useCallback, useMemo } from 'react'
import type { UnitReasons } from '../../engine/reasons/unitReasons.ts'
import type { Patch } from '../../state/mosaic/patches.ts'
import { type Asking, type AskingInPicture, reasonsOf } from '../../state/reasons/circuits.ts'
import { preprocessingOf } from '../../state/selectors/shown.ts'
import { useApp } from '../useApp.ts'
import { useAnswer } from './useAnswer.ts'

/** A question about a unit in a picture. */
export interface AboutPatch {
  readonly asking: AskingInPicture
  readonly patch: Patch
}

/** Null if nothing is asked, if there is no patch, or no picture of it. The same object until something else is asked. */
export function useAboutPatch(asking: Asking | null, patch: Patch | undefined): AboutPatch | null {
  const images = useApp((state) => state.images)
  const preprocessing = useApp(preprocessingOf)
  const { image, activation } = patch ?? {}
  const unit = patch?.unit.join()
  return useMemo(
    () =>
      asking && patch && images && patch.image >= 0
        ? { asking: { ...asking, images, preprocessing }, patch }
        : null,
    // The patch is made anew whenever something is rendered.
    // oxlint-disable-next-line react/exhaustive-deps
    [asking, images, preprocessing, image, activation, unit],
  )
}

/** Undefined until it is known; null if there is nothing to say about the unit. */
export function useUnitReasons(about: AboutPatch | null): UnitReasons | null | undefined {
  const ask = useCallback(({ asking, patch }: AboutPatch) => reasonsOf(asking, patch), [])
  return useAnswer(about, ask)
}
