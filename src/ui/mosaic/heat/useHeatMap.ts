/** @file The activation of a channel over an image, as long as somebody looks at it. */
import { useEffect, useState } from 'react'
import { clauseOf, codeOf, isClause, messageOf } from '../../../core/errors.ts'
import type { ActivationMap } from '../../../core/mosaic/heatMap.ts'
import { untilCleanup } from '../../common/untilCleanup.ts'
import { useApp, useAppStore } from '../../useApp.ts'

export interface HeatPlace {
  readonly layer: string
  readonly channel: number
  readonly image: number
}

/** `map` is null until it is there, or if it cannot be computed; `problem` says why in that case. */
export interface FoundHeat {
  readonly map: ActivationMap | null
  readonly problem: string | null
}

const nothing: FoundHeat = { map: null, problem: null }

export function useHeatMap({ layer, channel, image }: HeatPlace): FoundHeat {
  const { getState } = useAppStore()
  // All that a map depends on beside its place.
  const model = useApp((state) => state.model)
  const images = useApp((state) => state.images)
  const preprocessing = useApp((state) => state.preprocessing)
  const isOpening = useApp((state) => state.openingModel !== null)
  const key = `${layer}/${channel}/${image}`
  const [found, setFound] = useState<FoundHeat & { of: readonly unknown[] }>({ ...nothing, of: [] })
  const of = [key, model, images, preprocessing, isOpening]

  useEffect(() => {
    const now = [key, model, images, preprocessing, isOpening]
    return untilCleanup(
      async (signal) => {
        const map = await getState().heatMap({ layer, channel, image }, signal)
        if (!signal.aborted) setFound({ map, problem: null, of: now })
      },
      (error) => setFound({ map: null, problem: problemOf(error), of: now }),
    )
  }, [key, layer, channel, image, model, images, preprocessing, isOpening, getState])

  const holds = found.of.length === of.length && found.of.every((part, i) => part === of[i])
  return holds ? found : nothing
}

function problemOf(error: unknown): string {
  if (isClause(error)) return `There is no heat-map of this image: ${clauseOf(error)}.`
  return codeOf(error) === null ? `There is no heat-map: ${messageOf(error)}.` : messageOf(error)
}
