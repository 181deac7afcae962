/** @file `window.urpatch`, by which the command line and users' scripts drive the page. */
import { appError } from '../core/errors.ts'
import { checkChannels } from '../core/preprocessing/preprocessing.ts'
import { withSettings } from '../core/preprocessing/withSettings.ts'
import { parseSample, selectImages } from '../core/images/selection.ts'
import { scannableLayers } from '../core/model/scannable.ts'
import { checkedK } from '../core/scan/topK.ts'
import type { AppState } from '../state/appState.ts'
import { resultsExporter } from '../state/exports/exportResults.ts'
import { exporterFor } from '../state/exports/index.ts'
import { suggestionOf } from '../state/selectors/inputView.ts'
import { indexOfLayer } from '../state/scan/scanPlan.ts'
import type { AppStore } from '../state/store.ts'
import { saveExport } from '../ui/scan/saveExport.ts'
import type { Bench } from './bench.ts'
import type { Similarity } from './similarity.ts'

/** The choices for a scan, as the command line gives them. */
export interface Configuration {
  readonly settings: Readonly<Record<string, unknown>>
  readonly k: number
  readonly classes: readonly string[] | null
  readonly splits: readonly string[] | null
  /** A text such as `all`, `500`, `random:500` or `random:500:7`. */
  readonly sample: string
}

export interface Automation extends Bench, Similarity {
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
  /** Downloads the results file. */
  saveResults(): Promise<void>
  /** Downloads the export that the ending of a file name stands for. Throws if nothing was scanned. */
  save(name: string): Promise<void>
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
  window.urpatch = {
    state: getState,
    check({ settings, k, sample }) {
      withSettings(settings)
      checkedK(k)
      parseSample(sample)
    },
    checkModel({ settings }, layers) {
      const { model } = getState()
      if (!model) return
      if (layers !== 'all') for (const layer of layers) indexOfLayer(model, layer)
      checkChannels(withSettings(settings), model.network.inputShape[2])
    },
    configure({ settings, k, classes, splits, sample }) {
      getState().setPreprocessing(withSettings(settings))
      getState().setK(k)
      getState().setSelection({ classes, splits, sample: parseSample(sample) })
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
    async saveResults() {
      await saveExport(store, resultsExporter)
    },
    async save(name) {
      if ((await saveExport(store, exporterFor(name))) === 0) throw appError('export/nothing')
    },
    correlations: async (...args) => (await similarity()).correlations(...args),
    weightsAlike: async (...args) => (await similarity()).weightsAlike(...args),
    measureForward: async (...args) => (await bench()).measureForward(...args),
    measureDecode: async (...args) => (await bench()).measureDecode(...args),
    tensorCount: async () => (await bench()).tensorCount(),
  }
}
