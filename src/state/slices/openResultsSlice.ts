/**
 * @file An opened results file: its numbers are there at once, its mosaics when its images are open too, and with its
 * model as well it can be scanned on.
 */
import { firstLayerToShow } from '../../core/model/scannable.ts'
import type { OpenResultsSlice, Slice } from '../appState.ts'
import { fitView } from '../selectors/view.ts'
import type { OpenResultsWork } from './openResultsWork.ts'

export const createOpenResults: Slice<OpenResultsSlice> = (set, get, services) => {
  let made: OpenResultsWork | null = null
  const work = async (): Promise<OpenResultsWork> => {
    const { openResultsWork } = await import('./openResultsWork.ts')
    return (made ??= openResultsWork(set, get, services))
  }
  return {
    recorded: null,
    openingResults: null,
    openResults: async (...args) => (await work()).openResults(...args),
    openResultsAt: async (url) => (await work()).openResultsAt(url),
    closeResults() {
      services.mosaics.clear()
      const { model } = get()
      set(({ revision }) => ({
        recorded: null,
        revision: revision + 1,
        ...(model ? fitView(model.network, get(), firstLayerToShow(model.network)?.name ?? null) : {}),
      }))
      void get().findFitting()
    },
    // Nothing fits before a file was opened.
    fitResults: () => made?.fitResults(),
  }
}
