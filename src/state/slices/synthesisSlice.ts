/** @file Pictures that are made for channels; what makes them is loaded when the first one is asked for. */
import type { Slice, SynthesisSlice } from '../appState.ts'
import type { SynthesisWork } from './synthesisWork.ts'

export const createSynthesis: Slice<SynthesisSlice> = (set, get, services) => {
  let made: SynthesisWork | null = null
  const work = async (): Promise<SynthesisWork> => {
    const { synthesisWork } = await import('./synthesisWork.ts')
    return (made ??= synthesisWork(set, get, services))
  }
  return {
    synthesis: { way: 'accentuate', whole: false, tiles: false },
    picturesMade: 0,
    setSynthesis(change) {
      set(({ synthesis }) => ({ synthesis: { ...synthesis, ...change } }))
    },
    makePicture: async (...args) => (await work()).makePicture(...args),
    knownPicture: (wish) => made?.knownPicture(wish) ?? null,
    wantPicture(layer, channel) {
      let isWanted = true
      let drop = (): void => undefined
      void work().then((working) => {
        if (isWanted) drop = working.wantPicture(layer, channel)
      })
      return () => {
        isWanted = false
        drop()
      }
    },
  }
}
