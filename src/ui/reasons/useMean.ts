/** @file The mean of a channel over a sample of the images, which is looked for while somebody looks at it. */
import { useEffect } from 'react'
import type { ChannelMean } from '../../state/appState.ts'
import { useApp, useAppStore } from '../useApp.ts'

/** Enough for a mean to replace a channel by; larger samples replace it by theirs. */
const fewImages = 64

/** Is null until it is known. */
export function useMean(layer: string, channel: number, isWanted: boolean): ChannelMean | null {
  const { getState } = useAppStore()
  const model = useApp((state) => state.model)
  const images = useApp((state) => state.images)
  const preprocessing = useApp((state) => state.preprocessing)
  const selection = useApp((state) => state.selection)
  const isOpening = useApp((state) => state.openingModel !== null)
  // It is kept beside the state.
  useApp((state) => state.ablationsMade)
  const known = isWanted && !isOpening ? getState().channelMean({ layer, channel }) : null
  const isMissing = isWanted && !isOpening && known === null
  useEffect(() => {
    if (!isMissing) return undefined
    const control = new AbortController()
    void getState().findMeans(layer, fewImages, control.signal)
    return () => control.abort()
  }, [isMissing, layer, model, images, preprocessing, selection, getState])
  return known
}
