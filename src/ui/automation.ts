/** @file `window.urpatch`: what the command line and scripts of one's own drive the page with. */
import { withSettings } from '../core/images/withSettings.ts'
import { parseSample, selectImages } from '../core/images/selection.ts'
import { scannableLayers } from '../core/model/scannable.ts'
import type { AppState } from '../state/appState.ts'
import { exportResults } from '../state/exportResults.ts'
import { suggestionOf } from '../state/preprocessing.ts'
import type { AppStore } from '../state/store.ts'
import { saveFile } from './common/saveFile.ts'

/** As the command line gives it. */
export interface Configuration {
  readonly settings: Readonly<Record<string, unknown>>
  readonly k: number
  readonly classes: readonly string[] | null
  readonly splits: readonly string[] | null
  /** `all`, `500`, `random:500`, `random:500:7`. */
  readonly sample: string
}

export interface Automation {
  /** State and actions, as the page itself uses them. */
  state(): AppState
  /** Preprocessing by name, and which images are scanned; throws for what is unknown. */
  configure(configuration: Configuration): void
  /** What the model seems to expect, where that is not what is set. */
  suggestion(): string | null
  /** How many images are chosen. */
  imagesToScan(): number
  /** Layer names, or `all`. Resolves when the scan has ended. */
  scan(layers: readonly string[] | 'all'): Promise<void>
  /** Downloads the results file. */
  saveResults(): Promise<void>
  /** Images a second of the bare forward pass on all engines together, for `npm run bench`. */
  measureForward(layers: readonly string[], batchSize: number, passes: number): Promise<number>
}

declare global {
  interface Window {
    urpatch?: Automation
  }
}

export function exposeAutomation(store: AppStore): void {
  const { getState, services } = store
  window.urpatch = {
    state: getState,
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
    async saveResults() {
      const file = await exportResults(getState(), services)
      if (file) saveFile(file)
    },
    async measureForward(layers, batchSize, passes) {
      const { model } = getState()
      const indices = layers.map((name) => model!.network.layers.findIndex((layer) => layer.name === name))
      const engines = await Promise.all(await services.pool.engines())
      const rates = await Promise.all(
        engines.map((engine) => engine.measureForward(indices, batchSize, passes)),
      )
      return rates.reduce((sum, rate) => sum + rate, 0)
    },
  }
}
