/** @file `window.urpatch`, by which the command line and users' scripts drive the page. */
import { appError } from '../core/errors.ts'
import { FieldProblem, flag, list, object, optional, text } from '../core/fields.ts'
import type { Note } from '../core/notes/note.ts'
import type { NotesFile } from '../core/notes/notesFile.ts'
import { checkChannels } from '../core/preprocessing/preprocessing.ts'
import { withSettings } from '../core/preprocessing/withSettings.ts'
import { parseSample, parseShard, selectImages } from '../core/images/selection.ts'
import { channelCount, type SupportedLayer } from '../core/model/network.ts'
import { scannableLayers } from '../core/model/scannable.ts'
import type { HeatGrid } from '../core/mosaic/heatGrid.ts'
import { checkedK } from '../core/scan/topK.ts'
import type { AppState } from '../state/appState.ts'
import { settledRecord } from '../state/exports/exportNotes.ts'
import { resultsExporter } from '../state/exports/exportResults.ts'
import { exporterFor } from '../state/exports/index.ts'
import { heatGridOf } from '../state/selectors/heat.ts'
import { suggestionOf } from '../state/selectors/inputView.ts'
import { shapeOf } from '../state/selectors/shown.ts'
import { indexOfLayer } from '../state/scan/scanPlan.ts'
import type { AppStore } from '../state/store.ts'
import { type FigureWish, saveExport } from '../ui/scan/saveExport.ts'
import type { AblationCalls } from './ablation.ts'
import type { PatchReasons } from './attribution.ts'
import type { Bench } from './bench.ts'
import type { Circuits } from './circuits.ts'
import type { Comparisons } from './compare.ts'
import type { Gradients } from './gradient.ts'
import type { Probes } from './probe.ts'
import type { Similarity } from './similarity.ts'
import type { SynthesisCalls } from './synthesis.ts'

/** The choices for a scan, as the command line gives them. */
export interface Configuration {
  readonly settings: Readonly<Record<string, unknown>>
  readonly k: number
  readonly classes: readonly string[] | null
  readonly splits: readonly string[] | null
  /** A text such as `all`, `500`, `random:500` or `random:500:7`. */
  readonly sample: string
  /** A text such as `3/20`; absent or null for all. */
  readonly shard?: string | null
}

/** The activations of a channel at all units of a layer. */
export interface HeatMap {
  readonly rows: number
  readonly columns: number
  /** Row by row, `rows` times `columns`. */
  readonly values: readonly number[]
  /** Where each row and column of units lies, `[start, end)` in pixels of the model's input; null if units have no places. */
  readonly cells: HeatGrid | null
}

export interface Automation
  extends
    AblationCalls,
    Bench,
    Circuits,
    Comparisons,
    Gradients,
    PatchReasons,
    Probes,
    Similarity,
    SynthesisCalls {
  /** The state and the actions that the page itself uses. */
  state(): AppState
  /** Throws if settings, k or the sample are not allowed. Nothing needs to be open. */
  check(configuration: Configuration): void
  /** Throws if the open model lacks one of the layers, or if the settings do not fit the channels of its input. */
  checkModel(configuration: Configuration, layers: readonly string[] | 'all'): void
  /** Sets the preprocessing, k and which images are scanned. Throws for unknown names. */
  configure(configuration: Configuration): void
  /** The preprocessing that the model seems to expect, if another one is set; otherwise null. */
  suggestion(): string | null
  /** The number of images that are chosen to be scanned. */
  imagesToScan(): number
  /** Scans layers by name, or `all`. Resolves when the scan has ended. */
  scan(layers: readonly string[] | 'all'): Promise<void>
  /**
   * Opens a results file as dropping it does, before or after its model and images. Resolves to whether that was
   * possible; if not, a notice says why.
   */
  openResults(file: File): Promise<boolean>
  /** The names and notes about the shown model, as its notes file has them; null if there are none. */
  notes(): Promise<NotesFile | null>
  /**
   * Changes the user's own note about a channel: `urpatch.setNote('conv2d_5', 16, { name: 'eye', star: true })`. What is not given
   * stays. Throws for a layer or channel that the model does not have.
   */
  setNote(layer: string, channel: number, note: Partial<Omit<Note, 'changed'>>): void
  /** Adds the notes of a file to those that are there, as dropping it does. Resolves to whether it could be read. */
  openNotes(file: File): Promise<boolean>
  /**
   * The activation of a channel of any layer for an image of the set, by its number or path. Throws if no model or no images are
   * open, for names that they do not have, and `images/…`.
   */
  heatMap(layer: string, channel: number, image: number | string): Promise<HeatMap>
  /** Downloads the results file. */
  saveResults(): Promise<void>
  /**
   * Downloads the export that the ending of a file name stands for. Of a figure (`.svg`, `.pdf`) `figure` says what it shows, all
   * that was scanned by default: `urpatch.save('a.pdf', { layers: ['conv2d_5'], channels: [3, 16], captions: 'all' })`. Throws if
   * nothing was scanned.
   */
  save(name: string, figure?: FigureWish): Promise<void>
}

declare global {
  interface Window {
    urpatch?: Automation
  }
}

export function exposeAutomation(store: AppStore): void {
  const { getState } = store
  const bench = async (): Promise<Bench> => (await import('./bench.ts')).benchOf(store)
  const similarity = async (): Promise<Similarity> => (await import('./similarity.ts')).similarityOf(store)
  const ablations = async (): Promise<AblationCalls> => (await import('./ablation.ts')).ablationsOf(store)
  const comparisons = async (): Promise<Comparisons> => (await import('./compare.ts')).comparisonsOf(store)
  const reasons = async (): Promise<PatchReasons> => (await import('./attribution.ts')).patchReasonsOf(store)
  window.urpatch = {
    state: getState,
    check({ settings, k, sample, shard }) {
      withSettings(settings)
      checkedK(k)
      parseSample(sample)
      if (shard) parseShard(shard)
    },
    checkModel({ settings }, layers) {
      const { model } = getState()
      if (!model) return
      if (layers !== 'all') for (const layer of layers) indexOfLayer(model, layer)
      checkChannels(withSettings(settings), model.network.inputShape[2])
    },
    configure({ settings, k, classes, splits, sample, shard }) {
      getState().setPreprocessing(withSettings(settings))
      getState().setK(k)
      getState().setSelection({
        classes,
        splits,
        sample: parseSample(sample),
        ...(shard ? { shard: parseShard(shard) } : {}),
      })
    },
    suggestion() {
      const guess = suggestionOf(getState())
      return guess && `${guess.label}: ${guess.reason}`
    },
    imagesToScan() {
      const { images, selection } = getState()
      return images ? selectImages(images.table, selection).length : 0
    },
    async scan(layers) {
      const { model, run } = getState()
      const all = model ? scannableLayers(model.network).map(({ name }) => name) : []
      await run(layers === 'all' ? all : layers)
    },
    openResults: (file) => getState().openResults(file),
    notes: () => settledRecord(getState()),
    setNote(layer, channel, note) {
      const shape = shapeOf(getState(), layer)
      if (!shape || !Number.isInteger(channel) || channel < 0 || channel >= channelCount(shape))
        throw appError('notes/no-channel', { layer, channel })
      getState().setNote(layer, channel, readChange(note))
    },
    openNotes: (file) => getState().openNotes(file),
    async heatMap(layer, channel, image) {
      const { model, images } = getState()
      if (!model || !images) throw new Error('open a model and images first')
      const index = indexOfLayer(model, layer)
      const number = typeof image === 'number' ? image : images.table.paths.indexOf(image)
      const { shape } = model.network.layers[index] as SupportedLayer
      if (!Number.isInteger(channel) || channel < 0 || channel >= channelCount(shape))
        throw new Error(`${layer} has no channel ${channel}`)
      if (images.table.paths[number] === undefined) throw new Error(`there is no image ${image}`)
      const map = await getState().heatMap({ layer, channel, image: number })
      if (!map) throw new Error('another model is being opened')
      const { rows, columns, values } = map
      return { rows, columns, values: [...values], cells: heatGridOf(getState(), layer) }
    },
    async saveResults() {
      await saveExport(store, resultsExporter)
    },
    async save(name, figure) {
      const exporter = exporterFor(name)
      if ((await saveExport(store, exporter, figure)) > 0) return
      throw exporter.nothing ? new Error(exporter.nothing) : appError('export/nothing')
    },
    ablate: async (...args) => (await ablations()).ablate(...args),
    ablateImage: async (...args) => (await ablations()).ablateImage(...args),
    rankLosses: async (...args) => (await ablations()).rankLosses(...args),
    circuit: async (...args) => (await import('./circuits.ts')).circuitsOf(store).circuit(...args),
    compare: async (...args) => (await comparisons()).compare(...args),
    keepScan: async () => (await comparisons()).keepScan(),
    openTogether: async (files) => (await comparisons()).openTogether(files),
    scanModels: async () => (await comparisons()).scanModels(),
    gradient: async (...args) => (await import('./gradient.ts')).gradientsOf(store).gradient(...args),
    probe: async (...args) => (await import('./probe.ts')).probesOf(store).probe(...args),
    attribution: async (...args) => (await reasons()).attribution(...args),
    occlusion: async (...args) => (await reasons()).occlusion(...args),
    synthesize: async (...args) => (await import('./synthesis.ts')).synthesisOf(store).synthesize(...args),
    correlations: async (...args) => (await similarity()).correlations(...args),
    weightsAlike: async (...args) => (await similarity()).weightsAlike(...args),
    measureForward: async (...args) => (await bench()).measureForward(...args),
    measureDecode: async (...args) => (await bench()).measureDecode(...args),
    measureGradient: async (...args) => (await bench()).measureGradient(...args),
    tensorCount: async () => (await bench()).tensorCount(),
  }
}

const changeFields = object({
  name: optional(text),
  family: optional(text),
  sure: optional(flag),
  star: optional(flag),
  note: optional(text),
  lists: optional(list(text)),
})

/** A script may give anything. Throws `notes/change`. */
function readChange(note: unknown): Partial<Note> {
  try {
    const given = Object.entries(changeFields(note)).filter(([, value]) => value !== undefined)
    return Object.fromEntries(given)
  } catch (error) {
    if (!(error instanceof FieldProblem)) throw error
    throw appError('notes/change', { key: error.key || 'the note', problem: error.problem })
  }
}
