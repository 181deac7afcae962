/**
 * @file An opened results file: its numbers are there at once, its mosaics when its images are open too, and with its
 * model as well it can be scanned on.
 */
import { appError, sentence } from '../../core/errors.ts'
import type { ImageTable } from '../../core/images/imageTable.ts'
import { selectImages } from '../../core/images/selection.ts'
import type { Network } from '../../core/model/network.ts'
import type { Box } from '../../core/model/receptiveField.ts'
import { lost, type Numbering, RecordedResult } from '../../core/results/recordedResult.ts'
import type { RecordedResults } from '../../core/results/recordedFile.ts'
import type { AppState, Slice } from '../appState.ts'
import { digestModel } from '../checkpoints/digests.ts'
import { fingerprintLines, type ImageSet } from '../images/imageSet.ts'
import type { OpenModel } from './modelSlice.ts'
import { fetchOwn, fileName } from '../project/ownFiles.ts'
import { isJoined, type ShownField } from '../selectors/shown.ts'
import { fitLayers } from './viewSlice.ts'

/** How the open images go with those of the file. */
export interface FittedImages {
  readonly images: ImageSet
  /** Images of the file's patches that are not among them, of how many. */
  readonly missing: number
  readonly of: number
  /** Whether they are the same files, as far as paths and sizes tell; null until that is known. */
  readonly same: boolean | null
}

/** How the open model goes with that of the file. */
export interface FittedModel {
  readonly model: OpenModel
  /** A sentence; null where it is the same. */
  readonly difference: string | null
}

export interface OpenResults extends RecordedResults {
  readonly file: File
  /** What numbers of images and classes mean in `results`. */
  readonly table: ImageTable
  /** By layer name. */
  readonly results: ReadonlyMap<string, RecordedResult>
  /** By layer name: what a unit sees, of those with a patch. */
  readonly fields: ReadonlyMap<string, ShownField>
  /** Null while there are none. */
  readonly fittedImages: FittedImages | null
  /** Null while there is none, or it is not known yet. */
  readonly fittedModel: FittedModel | null
}

export interface OpenResultsSlice {
  readonly recorded: OpenResults | null
  /** Name of the results file that is being read. */
  readonly openingResults: string | null
  /** Results on the screen are put aside. Resolves to whether it could be opened; what was open stays otherwise. */
  openResults(file: File): Promise<boolean>
  /** One that lies on the app's own host. */
  openResultsAt(url: string): Promise<boolean>
  closeResults(): void
  /** To be called when model or images have become others. */
  fitResults(): void
}

export const createOpenResults: Slice<OpenResultsSlice> = (set, get, { gallery, mosaics }) => {
  let latest = 0
  /** Numbers change with the images, and with them what a version of a mosaic shows. */
  let numberings = 0

  const numbered = (recorded: RecordedResults, table: ImageTable): Pick<OpenResults, 'table' | 'results'> => {
    const numbering = numberingOf(recorded, table)
    const version = ++numberings
    return {
      table,
      results: new Map(
        recorded.layers.map((layer) => [layer.name, new RecordedResult(layer, numbering, version)]),
      ),
    }
  }

  const fitImages = (recorded: OpenResults, images: ImageSet): OpenResults => {
    const numbers = numbered(recorded, images.table)
    const missing = numberingOf(recorded, images.table).images.filter((image) => image < 0).length
    // Nothing has to be opened to know this.
    const isOther = images.table.paths.length !== recorded.images.count
    const fittedImages = { images, missing, of: recorded.paths.length, same: isOther ? false : null }
    return { ...recorded, ...numbers, fittedImages }
  }

  /** In the background: many images may have to be opened for it. */
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

  /** From now on scans are made as the file's was. */
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
      const attempt = ++latest
      set({ openingResults: file.name })
      try {
        const recorded = await gallery.remote.readResultsFile(file)
        if (attempt !== latest) return false
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
        return true
      } catch (error) {
        if (attempt === latest) get().report(error)
        return false
      } finally {
        if (attempt === latest) set({ openingResults: null })
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

/** As long as no images are open, the file's paths and classes are all there is. */
function ownTable({ paths, classNames, classOf }: RecordedResults): ImageTable {
  return {
    paths,
    classNames,
    classOf,
    splits: [],
    splitOf: new Int16Array(paths.length).fill(-1),
    order: Uint32Array.from(paths.keys()),
    classesFrom: 'none',
    index: null,
  }
}

/** All units of a layer see as much: the first patch tells. */
function fieldsOf(
  { model }: RecordedResults,
  results: ReadonlyMap<string, RecordedResult>,
): Map<string, ShownField> {
  const fields = new Map<string, ShownField>()
  for (const [name, result] of results) {
    for (let channel = 0; channel < result.channels && !fields.has(name); channel++) {
      const box = result.top(channel, 1)[0]?.place?.box
      if (box) fields.set(name, fieldOfBox(box, model.inputShape))
    }
  }
  return fields
}

function fieldOfBox([top, left, bottom, right]: Box, [height, width]: Network['inputShape']): ShownField {
  const whole = top <= 0 && left <= 0 && bottom >= height && right >= width
  return { size: [bottom - top, right - left], whole }
}

function numberingOf({ paths, classNames }: RecordedResults, table: ImageTable): Numbering {
  return { images: placesIn(table.paths, paths), classes: placesIn(table.classNames, classNames) }
}

/** Where each of the names is in the list; both are sorted by code unit. */
function placesIn(names: readonly string[], wanted: readonly string[]): Int32Array {
  const places = new Int32Array(wanted.length)
  let at = 0
  for (const [number, name] of wanted.entries()) {
    while (at < names.length && names[at]! < name) at++
    places[number] = names[at] === name ? at : lost(number)
  }
  return places
}

function isSelection(table: ImageTable, selection: AppState['selection']): boolean {
  try {
    selectImages(table, selection)
    return true
  } catch {
    // These images have other classes or splits than the file says.
    return false
  }
}

/** As a sentence; null where there is none. */
function differenceOf({ model, name }: OpenResults, open: OpenModel, digest: string): string | null {
  const [here, there] = [open.network.inputShape, model.inputShape].map((shape) => shape.join('×'))
  if (model.sha256 !== digest)
    return sentence('results/other-model', { file: name, model: open.name, was: model.name })
  if (here !== there)
    return sentence('results/other-input', { file: name, model: open.name, here: here!, there: there! })
  return null
}
