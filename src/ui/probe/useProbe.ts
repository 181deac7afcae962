/** @file Looks at pictures for as long as a page is open, and holds what was found in the latest. */
import { useCallback, useEffect, useMemo, useState } from 'react'
import { isClause, sentence } from '../../core/errors.ts'
import type { Picture } from '../../engine/images/pictureInput.ts'
import type { OpenModel } from '../../state/model/openModel.ts'
import { PictureProbe, type Seen } from '../../state/probe/pictureProbe.ts'
import { isUnderWay } from '../../state/scan/scanPhase.ts'
import { layersToLookAt, outputsOf } from '../../state/selectors/probing.ts'
import { useApp, useAppStore } from '../useApp.ts'

export interface Probing {
  /** Answers questions about `seen`. */
  readonly probe: PictureProbe
  /** The latest picture that was looked at. */
  readonly seen: Seen | null
  /** The picture by which channels are ordered. */
  readonly order: Seen | null
  /** A sentence that says why the latest picture could not be looked at. */
  readonly problem: string | null
  /** Indices of the layers whose channels are listed. */
  readonly layers: readonly number[]
  /**
   * Resolves when the picture was looked at, or another has taken its place; never rejects. `open` may reject with a clause; `name` is
   * used in sentences. `only`: the layers that are asked for, if not all of them are.
   */
  look(open: () => Picture | Promise<Picture>, name: string, only?: ReadonlySet<number>): Promise<void>
  forget(): void
}

export function useProbe(): Probing {
  const { getState, services } = useAppStore()
  const model = useApp((state) => state.model)
  const preprocessing = useApp((state) => state.preprocessing)
  // The state may change often without another choice of layers.
  const key = useApp((state) => layersToLookAt(state).join())
  const answer = useApp(outputsOf)
  const layers = useMemo(() => (key === '' ? [] : key.split(',').map(Number)), [key])
  const probe = useMemo(
    () => new PictureProbe(services.pool, () => isUnderWay(getState().scan)),
    [services, getState],
  )
  const [found, setFound] = useState<Found | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  useEffect(() => probe.open(), [probe])

  const look = useCallback(
    async (open: () => Picture | Promise<Picture>, name: string, only?: ReadonlySet<number>) => {
      if (getState().openingModel !== null) return
      const listed = only ? layers.filter((layer) => only.has(layer)) : layers
      const wanted = answer === null || listed.includes(answer) ? listed : [...listed, answer]
      if (wanted.length === 0) return
      try {
        const picture = await open()
        const seen = await probe.look({ picture, preprocessing, layers: wanted, together: layers })
        if (!seen) return
        setFound((before) => followed(before, model, seen, only !== undefined))
        setProblem(null)
      } catch (error) {
        if (!probe.isOpen) return
        if (isClause(error)) setProblem(sentence('images/not-shown', { image: name, reason: error.message }))
        else getState().report(error)
      }
    },
    [probe, model, preprocessing, layers, answer, getState],
  )
  const forget = useCallback(() => {
    setFound(null)
    setProblem(null)
  }, [])
  const { seen, order } = found && found.model === model ? found : nothing
  return useMemo(
    () => ({ probe, seen, order, problem, layers, look, forget }),
    [probe, seen, order, problem, layers, look, forget],
  )
}

interface Found {
  /** Another model's layers are others. */
  readonly model: OpenModel | null
  readonly seen: Seen
  readonly order: Seen
  /** When the channels were ordered. */
  readonly at: number
}

const nothing = { seen: null, order: null }

/** How long a camera's order stays: channels that change places all the time cannot be read. */
const steadyMs = 500

function followed(before: Found | null, model: OpenModel | null, seen: Seen, isLive: boolean): Found {
  const now = performance.now()
  const stays = isLive && before?.model === model && now - before.at < steadyMs
  return stays ? { ...before, seen } : { model, seen, order: seen, at: now }
}
