/** @file The engine: its public methods are all that the page can ask of the worker that runs the network. */
import type { BackendChoice } from '../core/backendNames.ts'
import { type InputWeights, inputWeightLayers } from '../core/preprocessing/guess/guessInput.ts'
import type { Preprocessing } from '../core/preprocessing/preprocessing.ts'
import type { Maker } from '../core/preprocessing/guess/torchModels.ts'
import type { TrialReport } from '../core/preprocessing/guess/trial.ts'
import type { Network, Pair } from '../core/model/network.ts'
import { type Fields, receptiveFields } from '../core/model/receptiveField.ts'
import type { Expanded } from '../core/reasons/expanded.ts'
import type { ChannelAt } from '../core/reasons/lineage.ts'
import { type ChannelSummary, memoryOf } from '../core/scan/channelSummary.ts'
import type { AscentState } from '../core/reasons/ascent.ts'
import type { Spectrum } from '../core/reasons/spectrum.ts'
import type { ProbeTaps } from '../core/scan/selfTest.ts'
import { type BackendReport, startBackend } from './backend/chooseBackend.ts'
import { BackendWatch, type ReadTimeout } from './backend/backendWatch.ts'
import { wasmKernels } from './backend/tfjsBackend.ts'
import type { BatchItem, DecodedRows } from './images/decodeBatch.ts'
import { PixelReader } from './images/decodeImage.ts'
import type { ImageHandle } from './images/imageHandle.ts'
import { memoryOfPictures } from './images/smallPicture.ts'
import type { OpenOptions } from './model/formats/format.ts'
import type { ModelFile } from './model/formats/modelFiles.ts'
import { openModel } from './model/openModel.ts'
import { TapNetwork } from './model/tapNetwork.ts'
import { weightsAlike } from './model/weightsAlike.ts'
import { transfer } from '../rpc/transfer.ts'
import { type BatchReport, BatchScan, type ScanSettings } from './scan/batchScan.ts'
import type { ChannelMap } from './scan/channelMap.ts'
import type {
  Attribution,
  AttributionClaim,
  Attributions,
  DeletionTest,
  GradientMethod,
  Occlusion,
} from './reasons/attribution.ts'
import type { Ablations, AblationBatch, AblationReport, ChannelChange } from './reasons/ablations.ts'
import type { FedBy, Feeds } from './reasons/circuits.ts'
import type { UnitAt } from './reasons/unitGradient.ts'
import type { UnitInPicture, UnitReasons, ValuesWithout } from './reasons/unitReasons.ts'
import type { SpectrumSource } from './reasons/inputSpectrum.ts'
import type { SynthesisPlace, SynthesisProgress, SynthesisRequest } from './reasons/synthesis.ts'
import type { Climbed } from './reasons/unitHill.ts'
import { findSize } from './scan/findSize.ts'
import { type ImageLook, ImageMaps } from './scan/imageMaps.ts'
import { type LayerProbe, probe } from './scan/probe.ts'
import { type DisturbedPatch, disturbPatch } from './scan/disturbPatch.ts'
import { type PatchClaim, type PatchProof, provePatch } from './scan/provePatch.ts'
import { tryPreprocessing } from './preprocessing/tryPreprocessing.ts'

export interface ModelDescription {
  readonly network: Network
  /** The number of parameters of each layer, trainable and not. */
  readonly parameters: readonly number[]
  /** The names of the outputs, if a file has them. */
  readonly labels?: readonly string[]
  /** The weights of the layers that shift and scale the input, from which its range can be guessed. */
  readonly inputWeights: InputWeights
  /** The program that exported the model, if a file says so. */
  readonly madeBy?: Maker
}

export interface ScanStart {
  /** The number of images in a pass. */
  readonly passSize: number
  /** The number of images in the first batch: fewer if that costs nothing, so that there is something to see soon. */
  readonly firstBatch: number
}

/**
 * On WASM a pass may have any size; the first one also runs code that is not optimised yet, so an image takes several
 * times as long. On a graphics card shaders are made for one size, but fewer images are decoded sooner.
 */
const mostInFirstBatch = { wasm: 2, card: 16 } as const

/** Without a graphics card a pass of a large network may take minutes, and does not mean that the backend hangs. */
const softwareTimeout: ReadTimeout = { leastMs: 600_000, factor: 20 }

/**
 * Methods that compute reject with `backend/lost` if the backend will never answer again; then only a new engine helps.
 * They reject with `backend/out-of-memory` if something does not fit into memory.
 */
export class Engine {
  readonly #reader = new PixelReader()
  readonly #timeout: ReadTimeout | undefined
  protected watch = new BackendWatch()
  #backend: BackendReport | null = null
  #network: TapNetwork | null = null
  #maps: ImageMaps | null = null
  #ablations: Ablations | null = null
  #attributions: Attributions | null = null
  #scan: BatchScan | null = null
  /** The number of batches that have not been answered. */
  #batches = 0
  /** The sizes of passes that have been found, by layers and limit. */
  readonly #sizes = new Map<string, number>()

  /** Tests set how long a read-back may take. */
  constructor(timeout?: ReadTimeout) {
    this.#timeout = timeout
  }

  /** Must be called once, before anything else. Throws `backend/unavailable`. */
  async start(choice: BackendChoice): Promise<BackendReport> {
    this.#backend = await startBackend(choice)
    this.watch = new BackendWatch(
      this.#timeout ??
        (this.#backend.software && this.#backend.name !== 'wasm' ? softwareTimeout : undefined),
    )
    return this.#backend
  }

  /** Replaces the model before it, which stays if the new one cannot be opened. Throws `model/…`. */
  async openModel(files: readonly ModelFile[], options: OpenOptions): Promise<ModelDescription> {
    const model = await openModel(files, options)
    const { network, parameters, labels, madeBy } = model
    let inputWeights: InputWeights
    try {
      inputWeights = new Map(
        // Copies are posted to the page: a few numbers, not the buffer that holds them.
        inputWeightLayers(network).map((layer) => [
          layer,
          model.weights(layer).map((array) => array.slice()),
        ]),
      )
      const opened = await this.watch.guard(
        () => new TapNetwork(network, (layer) => model.weights(layer), this.watch),
      )
      this.#maps?.forget()
      void this.forgetAblations()
      this.#attributions?.forget()
      this.#attributions = null
      this.#network?.dispose()
      this.#network = opened
      this.#maps = new ImageMaps(opened, this.#reader, () => this.#batches > 0)
      this.#sizes.clear()
    } finally {
      model.close()
    }
    this.#scan = null
    return { network, parameters, inputWeights, ...(labels ? { labels } : {}), ...(madeBy ? { madeBy } : {}) }
  }

  /** The receptive fields of all layers. */
  fields(): Fields {
    return receptiveFields(this.opened().network)
  }

  /** Begins a scan, ending the one before it. Finds how many images a pass takes, once for the same layers. */
  async beginScan(settings: ScanSettings): Promise<ScanStart> {
    const network = this.opened()
    const makeRoom = (): boolean => this.#looked().makeRoom()
    const { layers, maxPassSize } = settings
    const key = `${layers.join()} ${maxPassSize}`
    makeRoom()
    // A scan needs the memory more.
    void this.forgetAblations()
    wasmKernels()?.unpackWayBack()
    const passSize =
      this.#sizes.get(key) ??
      (await this.watch.guard(() => findSize(network, layers, maxPassSize, this.#backend!)))
    this.#sizes.set(key, passSize)
    this.#scan = new BatchScan(network, this.#reader, settings, passSize, makeRoom)
    const { wasm, card } = mostInFirstBatch
    return { passSize, firstBatch: Math.min(this.#backend!.name === 'wasm' ? wasm : card, passSize) }
  }

  /**
   * Scans any number of images. May be called again before it has answered: the next batch is decoded while this one
   * runs. The arrays of the report are handed over.
   */
  scanBatch(items: readonly BatchItem[]): Promise<BatchReport> {
    return this.#report((scan) => scan.run(items))
  }

  /** Scans pictures that a decoder has decoded with the settings of this scan. */
  scanDecoded(rows: DecodedRows): Promise<BatchReport> {
    return this.#report((scan) => scan.scan(rows))
  }

  async #report(work: (scan: BatchScan) => Promise<BatchReport>): Promise<BatchReport> {
    const scan = this.#scan
    if (!scan) throw new Error('a batch before beginScan')
    this.#batches++
    try {
      const report = await this.watch.guard(() => work(scan))
      return transfer(report, [...memoryOf(report.summaries), ...memoryOfPictures(report.pictures)])
    } finally {
      this.#batches--
    }
  }

  /** Tests whether a unit depends on its patch only, also while a scan is under way. Throws `images/…`. */
  async provePatch(claim: PatchClaim): Promise<PatchProof> {
    const proof = await this.watch.guard(() => provePatch(this.opened(), this.#reader, claim))
    return transfer(proof, [proof.noised.data.buffer])
  }

  /** Tests how a unit answers to changes of its patch, also while a scan is under way. Throws `images/…`. */
  disturbPatch(claim: PatchClaim): Promise<DisturbedPatch> {
    return this.watch.guard(() => disturbPatch(this.opened(), this.#reader, claim))
  }

  /**
   * One channel of a layer for one image, also while a scan is under way. On what its numbers equal see `imageMaps`. Throws
   * `images/…`.
   */
  async imageMap(look: Omit<ImageLook, 'layers'>, layer: number, channel: number): Promise<ChannelMap> {
    return mapHandedOver(await this.watch.guard(() => this.#looked().channel(look, layer, channel)))
  }

  /**
   * Looks at one image in several layers, also while a scan is under way: returns a summary of each, `[1, C]`. Their maps are
   * kept under `id`, in the place of those of the image before, for `lookedMap` and `lookedUnit`. Throws `images/…`.
   */
  async lookAt(id: number, look: ImageLook): Promise<readonly ChannelSummary[]> {
    const summaries = await this.watch.guard(() => this.#looked().look(id, look))
    return transfer(summaries, memoryOf(summaries))
  }

  /** One channel of a layer that was looked at; null if the maps of that look are not kept any more. */
  async lookedMap(id: number, layer: number, channel: number): Promise<ChannelMap | null> {
    const map = await this.watch.guard(() => this.#looked().map(id, layer, channel))
    return map && mapHandedOver(map)
  }

  /** All channels of a layer at a unit, `[C]`; null if the maps of that look are not kept any more. */
  lookedUnit(id: number, layer: number, unit: Pair): Promise<Float32Array | null> {
    return this.watch.guard(() => this.#looked().unit(id, layer, unit))
  }

  /** Frees the maps that `lookAt` has kept. */
  forgetLook(): void {
    this.#maps?.forget()
  }

  /**
   * Computes the network's outputs for images without and with changes of a layer's channels, also beside a scan. Images that
   * cannot be read are skipped.
   */
  async ablate(batch: AblationBatch, changes: readonly ChannelChange[]): Promise<AblationReport> {
    const network = this.opened()
    const { Ablations: Made } = await import('./reasons/ablations.ts')
    const ablations = (this.#ablations ??= new Made(network, this.#reader))
    const report = await this.watch.guard(() => ablations.run(batch, changes))
    return transfer(report, [report.outputs.buffer])
  }

  /** Frees what `ablate` keeps. */
  async forgetAblations(): Promise<void> {
    const ablations = this.#ablations
    this.#ablations = null
    await ablations?.forget()
  }

  /** The spectrum of images as the network gets them, cut to this size, also beside a scan. Throws `images/…`. */
  async inputSpectrum(source: SpectrumSource, size: Pair): Promise<Spectrum> {
    const network = this.opened()
    const { inputSpectrum } = await import('./reasons/inputSpectrum.ts')
    return this.watch.guard(() => inputSpectrum(network, this.#reader, source, size))
  }

  /** Where a picture for a unit or channel is made, in this image. Throws `images/…`. */
  async synthesisPlace(
    image: ImageHandle,
    preprocessing: Preprocessing,
    climbed: Climbed,
  ): Promise<SynthesisPlace> {
    const network = this.opened()
    const { synthesisPlace } = await import('./reasons/synthesis.ts')
    const place = await synthesisPlace(network, this.#reader, image, preprocessing, climbed)
    return transfer(place, [place.whole.buffer])
  }

  /**
   * Goes so many steps on the way to a picture that excites a unit or channel, from `state` or from the start, also beside a scan.
   * Throws a plain Error that names a kind of layer that has no way back.
   */
  async synthesize(
    request: SynthesisRequest,
    state: AscentState | null,
    steps: number,
  ): Promise<SynthesisProgress> {
    const network = this.opened()
    const { synthesize } = await import('./reasons/synthesis.ts')
    const progress = await this.watch.guard(() => synthesize(network, request, state, steps))
    return transfer(progress, [progress.picture.data.buffer])
  }

  /**
   * Tests what a few images say about a preprocessing. Four of them make a pass, and a scan goes on between the passes.
   */
  tryPreprocessing(handles: readonly ImageHandle[], preprocessing: Preprocessing): Promise<TrialReport> {
    return this.watch.guard(() => tryPreprocessing(this.opened(), this.#reader, handles, preprocessing))
  }

  /** Runs one fixed image through the network, so that two ways of computing can be compared. */
  async probe(taps: ProbeTaps): Promise<readonly LayerProbe[]> {
    // What a scan has prepared stays.
    const prepares = this.#scan === null
    const probes = await this.watch.guard(() => probe(this.opened(), taps, { prepares }))
    return transfer(probes, memoryOf(probes))
  }

  /**
   * The cosines of a channel's kernel with those of all channels of the layer, also while a scan is under way; null if its
   * channels have no kernels that can be compared.
   */
  async weightsAlike(layer: number, channel: number): Promise<Float64Array | null> {
    const cosines = await this.watch.guard(() => weightsAlike(this.opened(), layer, channel))
    return cosines && transfer(cosines, [cosines.buffer])
  }

  /** What a channel is fed by, by the weights; null if it comes from no sum. */
  async fedBy(layer: number, channel: number): Promise<FedBy | null> {
    const { channelFedBy } = await import('./reasons/circuits.ts')
    return this.watch.guard(() => channelFedBy(this.opened(), layer, channel))
  }

  /** What a channel feeds, by the weights. */
  async feeds(layer: number, channel: number): Promise<Feeds> {
    const { channelFeeds } = await import('./reasons/circuits.ts')
    return this.watch.guard(() => channelFeeds(this.opened(), layer, channel))
  }

  /** With what weights a channel reads the channels two sums before it. */
  async expandedWeights(layer: number, channel: number): Promise<readonly Expanded[]> {
    const { channelExpanded } = await import('./reasons/circuits.ts')
    return this.watch.guard(() => channelExpanded(this.opened(), layer, channel))
  }

  /** What channels have contributed to a unit's value in a picture; null if it comes from no sum. Throws `images/…`. */
  async unitReasons(claim: UnitInPicture): Promise<UnitReasons | null> {
    const { unitReasons } = await import('./reasons/unitReasons.ts')
    return this.watch.guard(() => unitReasons(this.opened(), this.#reader, claim))
  }

  /** A unit's value in a picture, run again without each of these channels of its sum. It is null and throws as `unitReasons`. */
  async unitWithout(claim: UnitInPicture, channels: readonly ChannelAt[]): Promise<ValuesWithout | null> {
    const { unitWithout } = await import('./reasons/unitReasons.ts')
    return this.watch.guard(() => unitWithout(this.opened(), this.#reader, claim, channels))
  }

  /**
   * What a unit's activation in a picture changes with: its gradient with respect to the network's input, of that shape. Throws
   * `images/…`.
   */
  async unitGradient(unit: UnitAt): Promise<Float32Array> {
    const { unitGradient } = await import('./reasons/unitGradient.ts')
    const gradient = await this.watch.guard(() => unitGradient(this.opened(), this.#reader, unit))
    return transfer(gradient, [gradient.buffer])
  }

  /** Which pixels of a patch excite a unit, also while a scan is under way. Throws `images/…`. */
  async attribution(id: number, claim: AttributionClaim, method: GradientMethod): Promise<Attribution> {
    const found = await this.#attributed((attributions) => attributions.attribution(id, claim, method))
    return transfer(found, [found.values.buffer])
  }

  /** What the unit loses if squares of its patch are hidden, up to the square `until`; of the first ones, `known` says so. */
  async occlusion(
    id: number,
    claim: AttributionClaim,
    known: readonly number[],
    until: number,
  ): Promise<Occlusion> {
    const found = await this.#attributed((attributions) => attributions.occlusion(id, claim, known, until))
    return transfer(found, [found.values.buffer])
  }

  /** How fast the unit falls if pixels of its patch are deleted in the order of a map, and from the centre outwards. */
  deletionTest(id: number, claim: AttributionClaim, values: Float32Array): Promise<DeletionTest> {
    return this.#attributed((attributions) => attributions.deletionTest(id, claim, values))
  }

  async #attributed<T>(ask: (attributions: Attributions) => Promise<T>): Promise<T> {
    const network = this.opened()
    const { Attributions: Made } = await import('./reasons/attribution.ts')
    const attributions = (this.#attributions ??= new Made(network, this.#reader))
    return this.watch.guard(() => ask(attributions))
  }

  #looked(): ImageMaps {
    this.opened()
    return this.#maps!
  }

  /** The open network. Throws if there is none. */
  protected opened(): TapNetwork {
    if (!this.#network) throw new Error('no model is open')
    return this.#network
  }
}

function mapHandedOver(map: ChannelMap): ChannelMap {
  return transfer(map, [map.values.buffer])
}
