/** @file Scans that are kept to be compared, and several models that are scanned one after the other. */
import { nothingChosen } from '../../core/compare/comparing.ts'
import type { CompareSlice, Slice } from '../appState.ts'
import { nothingCompared } from '../compare/compared.ts'
import type { CompareWork } from './compareWork.ts'

export const createCompare: Slice<CompareSlice> = (set, get, services) => {
  let made: CompareWork | null = null
  const work = async (): Promise<CompareWork> => {
    const { compareWork } = await import('./compareWork.ts')
    return (made ??= compareWork(set, get, services))
  }
  return {
    comparison: nothingCompared,
    comparing: nothingChosen,
    series: null,
    setComparing(change) {
      set(({ comparing }) => ({ comparing: { ...comparing, ...change } }))
    },
    compareFiles: async (scans) => (await work()).compareFiles(scans),
    keepScan: async (inPlaceOf) => (await work()).keepScan(inPlaceOf),
    dropScan: async (id) => (await work()).dropScan(id),
    async openModels(files) {
      if (files.length > 1) return (await work()).openModels(files)
      get().closeSeries()
      return get().openModel(files)
    },
    runSeries: async () => (await work()).runSeries(),
    closeSeries() {
      made?.stopSeries()
      set({ series: null })
    },
  }
}
