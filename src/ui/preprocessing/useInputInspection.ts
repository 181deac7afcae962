/** @file Fetches what the network sees whenever the image or the settings change. Late answers are dropped. */
import { useEffect, useState } from 'react'
import { messageOf } from '../../core/errors.ts'
import type { InputStatistics } from '../../core/preprocessing/inputStatistics.ts'
import type { Preprocessing } from '../../core/preprocessing/preprocessing.ts'
import { stratifiedSample } from '../../core/images/stratifiedSample.ts'
import type { InputInspection } from '../../engine/preprocessing/inspectInput.ts'
import { readableHandles } from '../../state/images/readableHandles.ts'
import { sampleImages } from '../../state/preprocessing/samples.ts'
import { untilCleanup } from '../common/untilCleanup.ts'
import { useApp, useAppStore } from '../useApp.ts'

export interface Fetched<T> {
  /** The latest value, kept while the next one is being fetched. */
  readonly value: T | null
  /** Why there is no value for these settings. */
  readonly problem: string | null
}

export function useInputInspection(image: number, preprocessing: Preprocessing): Fetched<InputInspection> {
  const { services } = useAppStore()
  const inputShape = useApp((state) => state.model!.network.inputShape)
  const images = useApp((state) => state.images)!
  const [fetched, setFetched] = useState<Fetched<InputInspection>>({ value: null, problem: null })
  useEffect(() => {
    const load = async (signal: AbortSignal): Promise<void> => {
      const handle = await images.handleOf(image)
      const value = await services.gallery.remote.inspectInput(handle, inputShape, preprocessing)
      if (signal.aborted) close(value)
      else setFetched({ value, problem: null })
    }
    return untilCleanup(load, (error) => setFetched({ value: null, problem: messageOf(error) }))
  }, [image, images, inputShape, preprocessing, services])
  // A value's bitmaps are closed once the next value is drawn.
  const { value } = fetched
  useEffect(() => () => close(value), [value])
  return fetched
}

function close(inspection: InputInspection | null): void {
  inspection?.picture.close()
  inspection?.input.close()
}

/** The delay before a sample is taken, so that settings tried in quick succession are not all sampled. */
const sampleDelayMs = 150

/** Fetches the statistics of a few images of all classes together. */
export function useInputSample(preprocessing: Preprocessing): Fetched<InputStatistics> {
  const { services } = useAppStore()
  const inputShape = useApp((state) => state.model!.network.inputShape)
  const images = useApp((state) => state.images)!
  const [fetched, setFetched] = useState<Fetched<InputStatistics>>({ value: null, problem: null })
  useEffect(() => {
    const load = async (signal: AbortSignal): Promise<void> => {
      await new Promise((resolve) => setTimeout(resolve, sampleDelayMs))
      if (signal.aborted) return
      const chosen = stratifiedSample(images.table, sampleImages)
      const opened = await readableHandles(images, chosen)
      const handles = opened.map(({ handle }) => handle)
      const value = await services.gallery.remote.sampleInput(handles, inputShape, preprocessing)
      if (!signal.aborted) setFetched({ value, problem: null })
    }
    return untilCleanup(load, (error) => setFetched({ value: null, problem: messageOf(error) }))
  }, [images, inputShape, preprocessing, services])
  return fetched
}
