/**
 * @file An opened results file: its numbers are there at once, its mosaics when its images are open too, and with its
 * model as well it can be scanned on.
 */
import { appError } from '../../core/errors.ts'
import type { ImageTable } from '../../core/images/imageTable.ts'
import { selectImages } from '../../core/images/selection.ts'
import { RecordedResult } from '../../core/results/recordedResult.ts'
import type { RecordedResults } from '../../core/results/recordedFile.ts'
import type { AppState, Slice, OpenResultsSlice } from '../appState.ts'
import { digestModel } from '../checkpoints/digests.ts'
import { fingerprintLines, type ImageSet } from '../images/imageSet.ts'
import type { OpenModel } from '../model/openModel.ts'
import { fetchOwn, fileName } from '../project/ownFiles.ts'
import { keepLosses } from '../reasons/keptLosses.ts'
import { isJoined } from '../selectors/shown.ts'
import { type OpenResults, ownTable, fieldsOf, numberingOf, differenceOf } from '../results/openResults.ts'
import { fitLayers } from '../selectors/view.ts'
import { Latest } from '../timing/latest.ts'

export const createOpenResults: Slice<OpenResultsSlice> = (set, get, { gallery, mosaics }) => {
  const attempts = new Latest()
  /** Image numbers change with the open images, and with them what a version of a mosaic shows. */
  let numberings = 0

  const numbered = (recorded: RecordedResults, table: ImageTable): Pick<OpenResults, 'table' | 'results'> => {
    const numbering = numberingOf(recorded, table)
    const version = ++numberings
    return {
      table,
      results: new Map(
        recorded.layers.map((layer) => {
          const result = new RecordedResult(layer, numbering, version)
          if (layer.losses) keepLosses(result, layer.losses)
          return [layer.name, result]
        }),
      ),
    }
  }

  const fitImages = (recorded: OpenResults, images: ImageSet): OpenResults => {
    const numbers = numbered(recorded, images.table)
    const missing = numberingOf(recorded, images.table).images.filter((image) => image < 0).length
    // This is known without opening any image.
    const isOther = images.table.paths.length !== recorded.images.count
    const fittedImages = { images, missing, of: recorded.paths.length, same: isOther ? false : null }
    return { ...recorded, ...numbers, fittedImages }
  }

  /** Runs in the background: many images may have to be opened for it. */
  const compareImages = async (images: ImageSet): Promise<void> => {
    const digest = await gallery.remote.digestLines(await fingerprintLines(images))
    const { recorded } = get()
    if (recorded?.fittedImages?.images !== images) return
    const same = recorded.images.fingerprint === digest
    set({ recorded: { ...recorded, fittedImages: { ...recorded.fittedImages, same } } })
  }

  const compareModel = async (model: OpenModel): Promise<void> => {
    const digest = await digestModel(model, gallery.remote)
    const { recorded } = get()
    if (!recorded || get().model !== model) return
    set({
      recorded: { ...recorded, fittedModel: { model, difference: differenceOf(recorded, model, digest) } },
    })
    join()
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

  return {
    recorded: null,
    openingResults: null,
    async openResults(file) {
      const attempt = attempts.begin()
      set({ openingResults: file.name })
      try {
        const recorded = await gallery.remote.readResultsFile(file)
        if (attempt.aborted) return false
        get().putAside()
        const numbers = numbered(recorded, ownTable(recorded))
        set({
          recorded: {
            ...recorded,
            ...numbers,
            file,
            fields: fieldsOf(recorded, numbers.results),
            fittedImages: null,
            fittedModel: null,
          },
          ...fitLayers(recorded.layers, get(), recorded.layers[0]?.name ?? null),
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
        const address = new URL(url, document.baseURI)
        const content = await fetchOwn(address, (reason) => appError('results/unreachable', { url, reason }))
        return await get().openResults(new File([content], fileName(address)))
      } catch (error) {
        get().report(error)
        return false
      }
    },
    closeResults() {
      mosaics.clear()
      set(({ revision }) => ({ recorded: null, revision: revision + 1 }))
      void get().findFitting()
    },
    fitResults() {
      const { recorded, model, images } = get()
      if (!recorded) return
      const { fittedImages, fittedModel } = recorded
      const isNew = images !== null && fittedImages?.images !== images
      const fitted = isNew ? fitImages(recorded, images) : recorded
      mosaics.clear()
      set(({ revision }) => ({
        recorded: { ...fitted, fittedModel: fittedModel?.model === model ? fittedModel : null },
        revision: revision + 1,
      }))
      if (isNew && fitted.fittedImages?.same === null) compareImages(images).catch(get().report)
      if (model && fittedModel?.model !== model) compareModel(model).catch(get().report)
      else join()
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
