/** @file `window.urpatch`: what the command line and scripts of one's own drive the page with. */
import { checkChannels } from '../core/preprocessing/preprocessing.ts'
import { withSettings } from '../core/preprocessing/withSettings.ts'
import { parseSample, selectImages } from '../core/images/selection.ts'
import { scannableLayers } from '../core/model/scannable.ts'
import { checkedK } from '../core/scan/topK.ts'
import type { AppState } from '../state/appState.ts'
import { exportResults } from '../state/exports/exportResults.ts'
import { suggestionOf } from '../state/slices/preprocessingSlice.ts'
import { imagesPerPass } from '../state/slices/scanSlice.ts'
import { indexOfLayer } from '../state/scan/scanPlan.ts'
import type { AppStore } from '../state/store.ts'
import { saveFile } from '../ui/common/saveFile.ts'

/** As the command line gives it. */
export interface Configuration {
  readonly settings: Readonly<Record<string, unknown>>
  readonly k: number
  readonly classes: readonly string[] | null
  readonly splits: readonly string[] | null
  /** `all`, `500`, `random:500`, `random:500:7`. */
  readonly sample: string
}

export interface ForwardPace {
  readonly imagesPerSecond: number
  /** Images in a pass. */
  readonly batchSize: number
}

export interface Automation {
  /** State and actions, as the page itself uses them. */
  state(): AppState
  /** Throws for settings, k and samples that do not exist, whatever is open. */
  check(configuration: Configuration): void
  /** Throws where the open model has no such layer, or takes pictures of other channels. */
  checkModel(configuration: Configuration, layers: readonly string[] | 'all'): void
  /** Preprocessing by name, and which images are scanned; throws for what is unknown. */
  configure(configuration: Configuration): void
  /** What the model seems to expect, where that is not what is set. */
  suggestion(): string | null
  /** How many images are chosen. */
  imagesToScan(): number
  /** Layer names, or `all`. Resolves when the scan has ended. */
  scan(layers: readonly string[] | 'all'): Promise<void>
  /**
   * Opens a results file, as dropping it does; before or after its model and images. Resolves to whether it could be
   * opened, and a notice says why not.
   */
  openResults(file: File): Promise<boolean>
  /** Downloads the results file. */
  saveResults(): Promise<void>
  /**
   * The bare forward pass to a layer on all engines together, for `npm run bench`: for so long, in passes as large as
   * a scan's but of no more than `most` images.
   */
  measureForward(layer: string, most: number, seconds: number): Promise<ForwardPace>
  /** Images a second that `workers` of the engines together decode of the first `count`, for `npm run bench`. */
  measureDecode(workers: number, count: number): Promise<number>
  /** Tensors alive in all engines together. */
  tensorCount(): Promise<number>
}

/** About what a scan decodes at a time. */
const decodesAtOnce = 32

declare global {
  interface Window {
    urpatch?: Automation
  }
}

export function exposeAutomation(store: AppStore): void {
  const { getState, services } = store
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
      const file = await exportResults(getState(), services)
      if (file) saveFile(file)
    },
    async measureForward(layer, most, seconds) {
      const { model, backend, preprocessing } = getState()
      const layers = [model!.network.layers.findIndex(({ name }) => name === layer)]
      const settings = { layers, preprocessing, batchSize: Math.min(most, imagesPerPass(backend!.name)) }
      const engines = await Promise.all(services.pool.engines())
      const starts = await Promise.all(engines.map((engine) => engine.beginScan(settings)))
      const rates = await Promise.all(
        engines.map((engine, i) => engine.measureForward(layers, starts[i]!.batchSize, seconds)),
      )
      return { imagesPerSecond: sum(rates), batchSize: starts[0]!.batchSize }
    },
    async measureDecode(workers, count) {
      const { images, preprocessing } = getState()
      const engines = await Promise.all(services.pool.engines().slice(0, workers))
      const share = Math.floor(count / engines.length)
      const rates = await Promise.all(
        engines.map(async (engine, e) => {
          const numbers = Array.from({ length: share }, (_, i) => e * share + i)
          const items = await Promise.all(
            numbers.map(async (image) => ({ image, handle: await images!.handleOf(image) })),
          )
          return engine.measureDecode(items, decodesAtOnce, preprocessing)
        }),
      )
      return sum(rates)
    },
    async tensorCount() {
      const engines = await Promise.all(services.pool.engines())
      return sum(await Promise.all(engines.map((engine) => engine.tensorCount())))
    },
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
