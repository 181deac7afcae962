/** @file The actions of `compareSlice`, which are loaded when one is called. */
import { seriesOf } from '../../core/compare/checkpointSeries.ts'
import { type LayerHead, layerPairs } from '../../core/compare/layerPairs.ts'
import { sentence } from '../../core/errors.ts'
import type { SupportedLayer } from '../../core/model/network.ts'
import { scannableLayers } from '../../core/model/scannable.ts'
import type { ModelFile } from '../../engine/model/formats/modelFiles.ts'
import type { CompareSlice, SeriesMember, Slice } from '../appState.ts'
import type { KeptScan, ReadScan } from '../compare/compared.ts'
import { bytesOf, comparisonOf, isSameScan, mostComparedBytes } from '../compare/comparison.ts'
import { snapshotBlob } from '../exports/snapshotBlob.ts'
import { snapshotName } from '../exports/exportSnapshot.ts'
import { modelName, modelSource } from '../model/modelSource.ts'
import type { OpenModel } from '../model/openModel.ts'
import { fileOfSnapshot } from '../results/openSnapshot.ts'
import { isDone } from '../scan/coverage.ts'
import { scopeLayers } from '../selectors/scopeLayers.ts'
import { isKept } from '../selectors/series.ts'
import { recordedOf } from '../selectors/shown.ts'
import { Latest } from '../timing/latest.ts'

export interface CompareWork extends Pick<
  CompareSlice,
  'compareFiles' | 'keepScan' | 'dropScan' | 'openModels' | 'runSeries'
> {
  /** The series is not scanned on. */
  stopSeries(): void
}

export const compareWork: Slice<CompareWork> = (set, get, { gallery }) => {
  const attempts = new Latest()
  let lastId = 0

  const show = (kept: readonly KeptScan[]): void => set({ comparison: comparisonOf(kept) })

  /** The scan on the page as a snapshot of it would be read, so that all that are kept have one form. */
  const readPage = async (): Promise<ReadScan | null> => {
    const state = get()
    const { model, images, results } = state
    const recorded = recordedOf(state)
    if (results.size === 0) return recorded && { file: recorded.file, read: recorded }
    if (!model || !images) return null
    const file = new File([await snapshotBlob(state, model, images, gallery.remote)], snapshotName(model))
    const snapshot = await gallery.remote.readSnapshot(file)
    return { file, read: await fileOfSnapshot(snapshot, file.name) }
  }

  /** Returns the id; null, with a notice, if the scan cannot be kept. */
  const keep = (scan: ReadScan, inPlaceOf: number | null): number | null => {
    const { scans } = get().comparison
    const first = scans.find(({ id }) => id !== inPlaceOf)?.parts[0]
    const refuse = (text: string): null => {
      get().notify('error', text)
      return null
    }
    if (first && first.read.images.fingerprint !== scan.read.images.fingerprint)
      return refuse(
        sentence('compare/other-images', { file: scan.read.model.name, first: first.read.model.name }),
      )
    const earlier = scans.find(({ id, parts }) =>
      inPlaceOf === null ? isSameScan(parts[0]!.read, scan.read) : id === inPlaceOf,
    )
    const id = earlier?.id ?? ++lastId
    // Layers that were scanned earlier stay.
    const isOfSame = earlier && isSameScan(earlier.parts[0]!.read, scan.read)
    const kept = {
      id,
      parts: [scan, ...(isOfSame ? earlier.parts.filter((part) => hasOther(part, scan)) : [])],
    }
    const all = earlier ? scans.map((one) => (one === earlier ? kept : one)) : [...scans, kept]
    if (all.reduce((sum, one) => sum + bytesOf(one), 0) > mostComparedBytes)
      return refuse(sentence('compare/full', { file: scan.read.model.name }))
    show(all)
    return id
  }

  const change = (member: SeriesMember, to: Partial<SeriesMember>): void => {
    const { series } = get()
    set({ series: series && series.map((one) => (one.source === member.source ? { ...one, ...to } : one)) })
  }

  /** Whether all that is on the page is of a model of the series whose scan is kept. */
  const isPageKept = (): boolean => {
    const { series, model, results, comparison } = get()
    const id = series?.find(({ source }) => source === model?.source)?.kept
    const scan = comparison.scans.find((one) => one.id === id)
    return scan !== undefined && [...results.keys()].every((name) => scan.layers.has(name))
  }

  /** Resolves to whether the series is to go on. */
  const scanMember = async (
    member: SeriesMember,
    wanted: readonly LayerHead[],
    signal: AbortSignal,
  ): Promise<boolean> => {
    if (
      isKept(
        get(),
        member,
        wanted.map(({ name }) => name),
      )
    )
      return true
    change(member, { status: 'under way' })
    if (get().model?.source !== member.source) {
      // What is kept need not be put aside.
      if (isPageKept()) get().clearResults()
      const isOpen = await get().reopenModel(member.source, get().backendChoice)
      if (signal.aborted) return false
      if (!isOpen) {
        change(member, { status: 'failed' })
        return true
      }
    }
    const pairs = layerPairs(wanted, headsOf(get().model!))
    const names = wanted.flatMap(({ name }) => pairs.get(name) ?? [])
    await get().run(names.filter((name) => !isDone(get(), name)))
    if (signal.aborted || get().model?.source !== member.source) return false
    if (names.length === 0 || !names.every((name) => isDone(get(), name))) {
      change(member, { status: names.length === 0 ? 'failed' : 'waiting' })
      return names.length === 0
    }
    const kept = await get().keepScan(member.kept)
    change(member, kept === null ? { status: 'waiting' } : { status: 'scanned', kept, names: pairs })
    return !signal.aborted && kept !== null
  }

  return {
    async compareFiles(scans) {
      show(scans.map((scan) => ({ id: ++lastId, parts: [scan] })))
    },
    async keepScan(inPlaceOf = null) {
      try {
        const scan = await readPage()
        if (scan) return keep(scan, inPlaceOf)
        get().notify('info', sentence('compare/nothing'))
      } catch (error) {
        get().report(error)
      }
      return null
    },
    async dropScan(id) {
      show(get().comparison.scans.filter((scan) => scan.id !== id))
      set(({ series }) => ({
        series:
          series && series.map((one) => (one.kept === id ? { ...one, kept: null, status: 'waiting' } : one)),
        // Positions have changed.
        comparing: { ...get().comparing, before: null, after: null, step: null },
      }))
    },
    async openModels(files) {
      attempts.cancel()
      const asFiles = files.map((file): ModelFile =>
        file instanceof File ? { path: file.webkitRelativePath || file.name, file } : file,
      )
      const members = seriesOf(asFiles)
      set({ series: null })
      if (members.length < 2) return get().openModel(files)
      const series = members.map((member): SeriesMember => {
        const source = modelSource(member, null)
        return { name: modelName(source), source, kept: null, names: new Map(), status: 'waiting' }
      })
      // Those that cannot be opened are passed over.
      for (const [at, { source }] of series.entries()) {
        const isOpen = await get().reopenModel(source, get().backendChoice)
        if (isOpen) {
          set({ series: series.map((one, i) => (i < at ? { ...one, status: 'failed' } : one)) })
          return true
        }
        if (get().openingModel !== null) return false
      }
      return false
    },
    async runSeries() {
      const { series, model } = get()
      if (!series || !model) return
      const signal = attempts.begin()
      const heads = headsOf(model)
      const names = scopeLayers(get())
      const wanted = heads.filter(({ name }) => names.includes(name))
      for (const { source } of series) {
        const member = get().series?.find((one) => one.source === source)
        if (!member || !(await scanMember(member, wanted, signal))) return
      }
    },
    stopSeries: () => attempts.cancel(),
  }
}

function headsOf({ network }: OpenModel): readonly LayerHead[] {
  return scannableLayers(network) as readonly SupportedLayer[]
}

/** Whether an earlier part has a layer that the scan lacks. */
function hasOther({ read }: ReadScan, scan: ReadScan): boolean {
  return read.layers.some(({ name }) => !scan.read.layers.some((layer) => layer.name === name))
}
