/** @file What the network does without a channel: for an image, over images, and for all channels of a layer. */
import type { AblationSlice, Slice } from '../appState.ts'
import type { AblationWork } from './ablationWork.ts'

export const createAblation: Slice<AblationSlice> = (set, get, services) => {
  let made: AblationWork | null = null
  const work = async (): Promise<AblationWork> => {
    const { ablationWork } = await import('./ablationWork.ts')
    return (made ??= ablationWork(set, get, services))
  }
  return {
    ablationsMade: 0,
    matched: null,
    ablateImage: async (...args) => (await work()).ablateImage(...args),
    // Nothing is known before anything was asked for.
    channelMean: (place) => made?.channelMean(place) ?? null,
    findMeans: async (...args) => (await work()).findMeans(...args),
    ablateImages: async (...args) => (await work()).ablateImages(...args),
    rankLosses: async (...args) => (await work()).rankLosses(...args),
    forgetAblations: () => made?.forgetAblations(),
  }
}
