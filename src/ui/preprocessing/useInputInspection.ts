/** @file What the network sees, fetched anew whenever image or settings change; late answers are dropped. */
import { useEffect, useState } from 'react'
import { messageOf } from '../../core/errors.ts'
import type { InputStatistics } from '../../core/preprocessing/inputStatistics.ts'
import type { Preprocessing } from '../../core/preprocessing/preprocessing.ts'
import { stratifiedSample } from '../../core/images/stratifiedSample.ts'
import type { InputInspection } from '../../engine/preprocessing/inspectInput.ts'
import { readableHandles } from '../../state/images/readableHandles.ts'
import { sampleImages } from '../../state/preprocessing/trial.ts'
import { useApp, useAppStore } from '../useApp.ts'

export interface Fetched<T> {
  /** The latest that came, also while the next one is on its way. */
  readonly value: T | null
  /** Why there is none for these settings. */
  readonly problem: string | null
}

export function useInputInspection(image: number, preprocessing: Preprocessing): Fetched<InputInspection> {
  const { services } = useAppStore()
  const inputShape = useApp((state) => state.model!.network.inputShape)
  const images = useApp((state) => state.images)!
  const [fetched, setFetched] = useState<Fetched<InputInspection>>({ value: null, problem: null })
  useEffect(() => {
    let wanted = true
    const load = async (): Promise<void> => {
      const handle = await images.handleOf(image)
      const value = await services.gallery.remote.inspectInput(handle, inputShape, preprocessing)
      if (wanted) setFetched({ value, problem: null })
      else close(value)
    }
    load().catch((error: unknown) => {
      if (wanted) setFetched({ value: null, problem: messageOf(error) })
    })
    return () => {
      wanted = false
    }
  }, [image, images, inputShape, preprocessing, services])
  // What has been drawn may go when the next one is drawn.
  const { value } = fetched
  useEffect(() => () => close(value), [value])
  return fetched
}

function close(inspection: InputInspection | null): void {
  inspection?.picture.close()
  inspection?.input.close()
}

/** Settings that are tried in quick succession need not all be sampled. */
const sampleDelayMs = 150

/** The numbers of a few images of all classes together. */
export function useInputSample(preprocessing: Preprocessing): Fetched<InputStatistics> {
  const { services } = useAppStore()
  const inputShape = useApp((state) => state.model!.network.inputShape)
  const images = useApp((state) => state.images)!
  const [fetched, setFetched] = useState<Fetched<InputStatistics>>({ value: null, problem: null })
  useEffect(() => {
    let wanted = true
    const load = async (): Promise<void> => {
      const chosen = stratifiedSample(images.table, sampleImages)
      const opened = await readableHandles(images, chosen)
      const handles = opened.map(({ handle }) => handle)
      const value = await services.gallery.remote.sampleInput(handles, inputShape, preprocessing)
      if (wanted) setFetched({ value, problem: null })
    }
    const timer = setTimeout(() => {
      load().catch((error: unknown) => {
        if (wanted) setFetched({ value: null, problem: messageOf(error) })
      })
    }, sampleDelayMs)
    return () => {
      wanted = false
      clearTimeout(timer)
    }
  }, [images, inputShape, preprocessing, services])
  return fetched
}
