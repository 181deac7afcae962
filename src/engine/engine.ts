/** @file The engine: its public methods are all that the page can ask of the worker that runs the network. */
import * as tf from '@tensorflow/tfjs'
import { type InputWeights, inputWeightLayers } from '../core/images/guessInput.ts'
import type { Preprocessing } from '../core/images/preprocessing.ts'
import type { TrialReport } from '../core/images/trial.ts'
import type { Network } from '../core/model/network.ts'
import { type BackendChoice, type BackendReport, startBackend } from './backend.ts'
import { type BatchItem, decodeBatch } from './images/decodeBatch.ts'
import { PixelReader } from './images/decodeImage.ts'
import type { ImageHandle } from './images/imageHandle.ts'
import type { OpenOptions } from './model/formats/format.ts'
import type { ModelFile } from './model/formats/modelFiles.ts'
import { openModel } from './model/openModel.ts'
import { TapNetwork } from './model/tapNetwork.ts'
import { transfer } from '../rpc/transfer.ts'
import { type BatchReport, BatchScan, type ScanSettings } from './scan/batchScan.ts'
import { type PatchClaim, type PatchProof, provePatch } from './scan/provePatch.ts'
import { tryPreprocessing } from './scan/tryPreprocessing.ts'

export interface ModelDescription {
  readonly network: Network
  /** By layer, trainable and other. */
  readonly parameters: readonly number[]
  /** What the outputs stand for, where a file tells. */
  readonly labels?: readonly string[]
  /** Numbers of the layers that shift and scale the input, from which its range can be told. */
  readonly inputWeights: InputWeights
  /** The program whose export it is, where a file tells. */
  readonly madeBy?: 'Teachable Machine'
}

export class Engine {
  readonly #reader = new PixelReader()
  #network: TapNetwork | null = null
  #scan: BatchScan | null = null

  /** Once, before anything else. Throws `backend/unavailable`. */
  start(choice: BackendChoice): Promise<BackendReport> {
    return startBackend(choice)
  }

  /** Replaces the model before it, which stays if the new one cannot be opened. Throws `model/…`. */
  async openModel(files: readonly ModelFile[], options: OpenOptions): Promise<ModelDescription> {
    const model = await openModel(files, options)
    const { network, parameters, labels, madeBy } = model
    let inputWeights: InputWeights
    try {
      inputWeights = new Map(
        // Copies: what crosses to the page is a few numbers, not the buffer that they lie in.
        inputWeightLayers(network).map((layer) => [
          layer,
          model.weights(layer).map((array) => array.slice()),
        ]),
      )
      const opened = new TapNetwork(network, (layer) => model.weights(layer))
      this.#network?.dispose()
      this.#network = opened
    } finally {
      model.close()
    }
    this.#scan = null
    return { network, parameters, inputWeights, ...(labels ? { labels } : {}), ...(madeBy ? { madeBy } : {}) }
  }

  /** Begins a scan, ending the one before it. */
  beginScan(settings: ScanSettings): void {
    this.#scan = new BatchScan(this.#opened(), this.#reader, settings)
  }

  /**
   * May be called again before it has answered: the next batch is decoded while this one runs. The arrays of the
   * report are handed over.
   */
  async scanBatch(items: readonly BatchItem[]): Promise<BatchReport> {
    if (!this.#scan) throw new Error('scanBatch before beginScan')
    const report = await this.#scan.run(items)
    const buffers = report.summaries.flatMap(({ max, position, min, firing, nan }) =>
      [max, position, min, firing, nan].map((array) => array.buffer),
    )
    return transfer(report, buffers)
  }

  /** Whether a unit depends on its patch only. Also while a scan is under way. Throws `images/…`. */
  async provePatch(claim: PatchClaim): Promise<PatchProof> {
    const proof = await provePatch(this.#opened(), this.#reader, claim)
    return transfer(proof, [proof.noised.data.buffer])
  }

  /**
   * What a few images say about a preprocessing. Four of them are a pass of their own, between which a scan goes on.
   */
  tryPreprocessing(handles: readonly ImageHandle[], preprocessing: Preprocessing): Promise<TrialReport> {
    return tryPreprocessing(this.#opened(), this.#reader, handles, preprocessing)
  }

  /**
   * The bare forward pass, for `npm run bench`: images a second over the passes of `batchSize` images to the last of
   * `layers` that begin within `seconds`, with nothing read back but one number a pass. As in a scan, a pass does not
   * wait for the one before it.
   */
  async measureForward(layers: readonly number[], batchSize: number, seconds: number): Promise<number> {
    const network = this.#opened()
    const input = tf.randomUniform<tf.Rank.R4>([batchSize, ...network.network.inputShape])
    const pass = (): Promise<unknown> => {
      let last: Promise<unknown> = Promise.resolve()
      network.run(input, new Set(layers), (_, output) => {
        const probe = tf.tidy(() => tf.slice(tf.reshape(output, [-1]), 0, 1))
        last = probe.data().finally(() => probe.dispose())
      })
      return last
    }
    try {
      await pass()
      const start = performance.now()
      let passes = 0
      let before: Promise<unknown> = Promise.resolve()
      do {
        const running = pass()
        await before
        before = running
        passes++
      } while (performance.now() - start < seconds * 1000)
      await before
      return (batchSize * passes * 1000) / (performance.now() - start)
    } finally {
      input.dispose()
    }
  }

  /** Reading, decoding and preprocessing alone, for `npm run bench`: images a second, batch after batch. */
  async measureDecode(
    items: readonly BatchItem[],
    batchSize: number,
    preprocessing: Preprocessing,
  ): Promise<number> {
    const { inputShape } = this.#opened().network
    const start = performance.now()
    for (let i = 0; i < items.length; i += batchSize)
      await decodeBatch(items.slice(i, i + batchSize), batchSize, inputShape, preprocessing, this.#reader)
    return (items.length * 1000) / (performance.now() - start)
  }

  /** Tensors alive, for the leak tests. */
  tensorCount(): number {
    return tf.memory().numTensors
  }

  #opened(): TapNetwork {
    if (!this.#network) throw new Error('no model is open')
    return this.#network
  }
}
