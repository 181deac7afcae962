/** @file The actions of `openResultsSlice`, which are loaded when a file is opened. */
import { choiceOf } from '../../core/backendNames.ts'
import { appError } from '../../core/errors.ts'
import type { ImageTable } from '../../core/images/imageTable.ts'
import { selectImages } from '../../core/images/selection.ts'
import type { AppState, Slice, OpenResultsSlice } from '../appState.ts'
import { digestModel, digestTable, fingerprint } from '../checkpoints/digests.ts'
import type { ImageSet } from '../images/imageSet.ts'
import type { OpenModel } from '../model/openModel.ts'
import { fetchOwn, fileName, ownAddress } from '../project/ownFiles.ts'
import { keepLosses } from '../reasons/keptLosses.ts'
import { isJoined } from '../selectors/shown.ts'
import {
  differenceOf,
  fieldsOf,
  numberingOf,
  type OpenResults,
  type OpenSnapshot,
  ownTable,
  type ReadFile,
} from '../results/openResults.ts'
import { isUnderWay } from '../scan/scanPhase.ts'
import { fitLayers } from '../selectors/view.ts'
import { Latest } from '../timing/latest.ts'
import { readTogether } from './readTogether.ts'

export type OpenResultsWork = Pick<OpenResultsSlice, 'openResults' | 'openResultsAt' | 'fitResults'>

export const openResultsWork: Slice<OpenResultsWork> = (set, get, { gallery, mosaics }) => {
  const attempts = new Latest()
  /** Image numbers change with the open images, and with them what a version of a mosaic shows. */
  let numberings = 0

  const numbered = (file: ReadFile, table: ImageTable): Pick<OpenResults, 'table' | 'results'> => {
    const results = file.shownBy(numberingOf(file, table), ++numberings)
    for (const { name, losses } of file.layers) if (losses) keepLosses(results.get(name)!, losses)
    return { table, results }
  }

  const fitImages = (recorded: OpenResults, images: ImageSet): OpenResults => {
    const numbers = numbered(recorded, images.table)
    const numbering = numberingOf(recorded, images.table)
    const missing = recorded.paths.filter((_, number) => numbering.images[number]! < 0)
    // This is known without opening any image.
    const isOther = images.table.paths.length !== recorded.images.count
    const fittedImages = { images, missing, of: recorded.paths.length, same: isOther ? false : null }
    return { ...recorded, ...numbers, fittedImages }
  }

  /** Runs in the background: many images may have to be opened for it. */
  const compareImages = async (images: ImageSet): Promise<void> => {
    const digest = await fingerprint(images, gallery.remote)
    const { recorded } = get()
    if (recorded?.fittedImages?.images !== images) return
    const same = recorded.images.fingerprint === digest
    set({ recorded: { ...recorded, fittedImages: { ...recorded.fittedImages, same } } })
    goOn()
  }

  const compareModel = async (model: OpenModel): Promise<void> => {
    const digest = await digestModel(model, gallery.remote)
    const { recorded } = get()
    if (!recorded || get().model !== model) return
    const difference = differenceOf(recorded, model, digest)
    set({
      recorded: { ...recorded, fittedModel: { model, difference } },
      // The file is still what is shown, and another model may have taken the view to a layer of its own.
      ...(difference === null ? {} : fitLayers(recorded.layers, get(), recorded.layers[0]?.name ?? null)),
    })
    join()
    goOn()
  }

  /** Makes scans use the file's settings from now on. */
  const join = (): void => {
    const state = get()
    const { recorded, images } = state
    if (!recorded || !images || !isJoined(state)) return
    const { preprocessing, layers } = recorded
    const selection = { ...recorded.images.selection, sample: layers[0]?.sample ?? 'all' }
    set({ preprocessing, ...(isSelection(images.table, selection) ? { selection } : {}) })
  }

  /** A snapshot whose model and images are open gives way to results that scans go on from. */
  const goOn = (): void => {
    const { recorded } = get()
    if (recorded?.content.kind === 'snapshot' && isJoined(get()) && recorded.fittedImages?.same !== null)
      void goOnWith(recorded, recorded.content.snapshot).catch(get().report)
  }

  const goOnWith = async (recorded: OpenResults, snapshot: OpenSnapshot): Promise<void> => {
    const { model, images, backend } = get()
    const { goOnFrom, whyItStays } = await import('../results/openSnapshot.ts')
    const digest = await digestTable(images!.table, gallery.remote)
    const mayGoOn = (): boolean => {
      const { results, scan, ...now } = get()
      const isOpen = now.recorded?.file === recorded.file && now.model === model && now.images === images
      return isOpen && results.size === 0 && !isUnderWay(scan)
    }
    if (!mayGoOn()) return
    const isSame = recorded.fittedImages!.same!
    const stays = whyItStays(snapshot, recorded.name, {
      model: model!,
      images: { name: images!.name, digest, isSame },
      backend: choiceOf(backend!),
    })
    if (stays !== null) return set({ recorded: { ...get().recorded!, stays } })
    const { results, coverage, done, total } = await goOnFrom(snapshot, images!.table)
    if (!mayGoOn()) return
    const { facts, scans } = snapshot
    const { shard, ...groups } = facts.selection
    for (const result of results.values()) result.show(facts.k)
    for (const { facts: layer } of snapshot.layers)
      if (layer.losses) keepLosses(results.get(layer.name)!, layer.losses)
    mosaics.clear()
    set(({ revision }) => ({
      recorded: null,
      results,
      coverage,
      skipped: snapshot.images.skipped,
      preprocessing: facts.preprocessing,
      k: facts.k,
      selection: { ...groups, sample: scans[0]!.sample, ...(shard ? { shard } : {}) },
      scan: {
        status: done < total ? 'stopped' : 'done',
        progress: { layers: [...results.keys()], done, total, imagesPerSecond: null },
        seconds: 0,
      },
      revision: revision + 1,
    }))
  }

  return {
    async openResults(first, others = []) {
      const attempt = attempts.begin()
      set({ openingResults: first.name })
      try {
        const scans = await readTogether([first, ...others], get, gallery)
        if (attempt.aborted) return false
        get().putAside()
        if (scans.length > 1) await get().compareFiles(scans)
        const { read: recorded, file } = scans.at(-1)!
        const numbers = numbered(recorded, ownTable(recorded))
        set({
          recorded: {
            ...recorded,
            ...numbers,
            file,
            fields: fieldsOf(recorded, numbers.results),
            fittedImages: null,
            fittedModel: null,
            stays: null,
          },
          ...fitLayers(recorded.layers, get(), recorded.layers[0]?.name ?? null),
          ...(scans.length > 1 ? { page: 'compare' } : {}),
        })
        get().fitResults()
        if (recorded.head['notes'] !== undefined) void get().takeNotes(recorded.head['notes'], file.name)
        return true
      } catch (error) {
        if (!attempt.aborted) get().report(error)
        return false
      } finally {
        if (!attempt.aborted) set({ openingResults: null })
      }
    },
    async openResultsAt(url) {
      try {
        const unreachable = (reason: string): Error => appError('results/unreachable', { url, reason })
        const address = ownAddress(url, unreachable)
        const content = await fetchOwn(address, unreachable)
        return await get().openResults(new File([content], fileName(address)))
      } catch (error) {
        get().report(error)
        return false
      }
    },
    fitResults() {
      const { recorded, model, images } = get()
      if (!recorded) return
      const { fittedImages, fittedModel } = recorded
      const isNew = images !== null && fittedImages?.images !== images
      const fitted = isNew ? fitImages(recorded, images) : recorded
      mosaics.clear()
      set(({ revision }) => ({
        recorded: { ...fitted, fittedModel: fittedModel?.model === model ? fittedModel : null, stays: null },
        revision: revision + 1,
      }))
      if (isNew && fitted.fittedImages?.same === null) compareImages(images).catch(get().report)
      if (model && fittedModel?.model !== model) compareModel(model).catch(get().report)
      else {
        join()
        goOn()
      }
    },
  }
}

function isSelection(table: ImageTable, selection: AppState['selection']): boolean {
  try {
    selectImages(table, selection)
    return true
  } catch {
    // The open images have other classes or splits than the file.
    return false
  }
}
