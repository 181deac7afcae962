/** @file The attribution of a patch, as long as somebody looks at it: first a rough one, then a good one, then its test. */
import { useEffect, useState } from 'react'
import { clauseOf, codeOf, isClause, messageOf } from '../../core/errors.ts'
import type { AttributionPlace } from '../../state/appState.ts'
import { untilCleanup } from '../common/untilCleanup.ts'
import { useApp, useAppStore } from '../useApp.ts'

/** `found` is null until something is there, or if it cannot be computed; `problem` says why in that case. */
export interface Fetched<T> {
  readonly found: T | null
  readonly problem: string | null
}

type Ask<T> = (place: AttributionPlace, onFound: (found: T) => void, signal: AbortSignal) => Promise<void>

const nothing = { found: null, problem: null }

/** Asks again if the place or what is open changes; asks for nothing if it is not `wanted`. */
export function useFoundOfPatch<T>(
  ask: 'attribution' | 'occlusion',
  place: AttributionPlace,
  wanted = true,
): Fetched<T> {
  const { getState } = useAppStore()
  const model = useApp((state) => state.model)
  const images = useApp((state) => state.images)
  const preprocessing = useApp((state) => state.preprocessing)
  const isOpening = useApp((state) => state.openingModel !== null)
  const { image, ...unit } = place
  const key = JSON.stringify(unit)
  const [fetched, setFetched] = useState<Fetched<T> & { of: readonly unknown[] }>({ ...nothing, of: [] })
  const of = [key, image, model, images, preprocessing, isOpening, wanted]

  useEffect(() => {
    if (!wanted) return undefined
    const now = [key, image, model, images, preprocessing, isOpening, wanted]
    return untilCleanup(
      (signal) =>
        (getState()[ask] as unknown as Ask<T>)(
          { ...(JSON.parse(key) as typeof unit), image },
          (found) => setFetched({ found, problem: null, of: now }),
          signal,
        ),
      (error) => setFetched({ found: null, problem: problemOf(error), of: now }),
    )
  }, [ask, key, image, wanted, model, images, preprocessing, isOpening, getState])

  const holds = fetched.of.length === of.length && fetched.of.every((part, i) => part === of[i])
  return holds ? fetched : nothing
}

function problemOf(error: unknown): string {
  if (isClause(error)) return `The pixels of this image cannot be told: ${clauseOf(error)}.`
  return codeOf(error) === null ? `The pixels cannot be told: ${messageOf(error)}.` : messageOf(error)
}
