/**
 * @file The whole state on one page: what each slice holds and does. Slices, selectors and exports know this page and
 * not each other; machinery (`model/`, `images/` … `workers/`) knows nothing of it.
 */
import type { Comparing } from '../core/compare/comparing.ts'
import type { Reportable } from '../core/errors.ts'
import type { Selection } from '../core/images/selection.ts'
import type { Pair } from '../core/model/network.ts'
import type { Box } from '../core/model/receptiveField.ts'
import type { ChannelSort } from '../core/mosaic/channelOrder.ts'
import type { Finding } from '../core/mosaic/finding.ts'
import type { PatchFilter } from '../core/mosaic/knownPatches.ts'
import type { Note } from '../core/notes/note.ts'
import type { NoteBook } from '../core/notes/noteBook.ts'
import type { NoteFilter } from '../core/notes/shownNote.ts'
import type { ActivationMap } from '../core/mosaic/heatMap.ts'
import type { ClassOutputs } from '../core/preprocessing/guess/prediction.ts'
import type { Preprocessing } from '../core/preprocessing/preprocessing.ts'
import type { OutputScale } from '../core/reasons/judge.ts'
import type { OverImages } from '../core/reasons/overImages.ts'
import type { AscentWay } from '../core/reasons/ascentWays.ts'
import type { ImageMask } from '../core/scan/imageMask.ts'
import type { LayerResult } from '../core/scan/layerResult.ts'
import type { FoundEntry } from '../core/scan/foundEntry.ts'
import type { AskedMeasure } from '../core/scan/measures/index.ts'
import type { BackendChoice } from '../core/backendNames.ts'
import type { BackendReport } from '../engine/backend/chooseBackend.ts'
import type { OpenOptions } from '../engine/model/formats/format.ts'
import type { ModelFile } from '../engine/model/formats/modelFiles.ts'
import type { ImageHandle } from '../engine/images/imageHandle.ts'
import type { Occlusion } from '../engine/reasons/attribution.ts'
import type { PatchProof } from '../engine/scan/provePatch.ts'
import type { CheckpointHead } from './checkpoints/checkpointStore.ts'
import type { Recent } from './checkpoints/recent.ts'
import type { ScanCheckpoints } from './checkpoints/scanCheckpoints.ts'
import type { Comparison, ReadScan } from './compare/compared.ts'
import type { ImageSet, IndexChoice } from './images/imageSet.ts'
import type { ImageSource } from './images/imageSource.ts'
import type { OpenModel } from './model/openModel.ts'
import type { SelfTest, SelfTester } from './model/selfTest.ts'
import type { HeatTarget } from './mosaic/heatMaps.ts'
import type { MosaicCache } from './mosaic/mosaicCache.ts'
import type { Patch } from './mosaic/patches.ts'
import type { Trial } from './preprocessing/trial.ts'
import type { Seen } from './probe/pictureProbe.ts'
import type { FoundAttribution } from './reasons/patchAttributions.ts'
import type { MadePicture } from './reasons/madePictures.ts'
import type { OpenResults } from './results/openResults.ts'
import type { Coverage } from './scan/coverage.ts'
import type { ScanPhase } from './scan/scanPhase.ts'
import type { ScanPlan } from './scan/scanPlan.ts'
import type { EnginePool, ModelSource } from './workers/enginePool.ts'
import type { GalleryClient } from './workers/galleryClient.ts'

export type AppState = ModelSlice &
  ImagesSlice &
  DirectorySlice &
  PreprocessingSlice &
  ScanSlice &
  ScanQueueSlice &
  ProofSlice &
  HeatSlice &
  AskedSlice &
  AblationSlice &
  AttributionSlice &
  SynthesisSlice &
  ProbeSlice &
  UnfinishedSlice &
  RecentSlice &
  AsideSlice &
  OpenResultsSlice &
  CompareSlice &
  NotesSlice &
  ViewSlice &
  ProjectSlice &
  NoticesSlice

/** What lives outside of the state because it is not plain data. */
export interface Services {
  readonly pool: EnginePool
  readonly gallery: GalleryClient
  readonly mosaics: MosaicCache
  readonly selfTester: SelfTester
  readonly checkpoints: ScanCheckpoints
}

/** Makes a part of the state: its initial values and its actions. */
export type Slice<T> = (
  set: (partial: Partial<AppState> | ((state: AppState) => Partial<AppState>)) => void,
  get: () => AppState,
  services: Services,
) => T

// The model

export interface ModelSlice {
  readonly model: OpenModel | null
  /** The name of the file that is being opened. */
  readonly openingModel: string | null
  readonly backend: BackendReport | null
  readonly backendChoice: BackendChoice
  /** The test of what computes, with this model. It is null for the reference itself. */
  readonly selfTest: SelfTest | null
  /** The number of workers side by side. */
  readonly workers: number
  /** The rows and columns that were chosen for a model which leaves them open; null: the engine chooses. */
  readonly inputSize: Pair | null
  /**
   * Opens the model that these files make up; `path` counts from the top of what was dropped. If it cannot be opened,
   * the model before stays. Resolves to whether it could.
   */
  openModel(files: readonly (File | ModelFile)[], options?: Partial<OpenOptions>): Promise<boolean>
  /** Opens the model again with inputs of so many rows and columns, if it leaves them open. */
  setInputSize(size: Pair): Promise<boolean>
  /** Opens a model that was open before, on the backend of that choice. */
  reopenModel(source: ModelSource, choice: BackendChoice): Promise<boolean>
  /** Opens the model again on another backend. */
  setBackend(choice: BackendChoice): Promise<void>
}

// The images

export interface ImagesSlice {
  readonly images: ImageSet | null
  /** The source that is being read: how many files were found in it, and the folder of the latest of them. */
  readonly readingImages: { readonly name: string; readonly found: number; readonly folder: string } | null
  /** If there are no images in the source, those before stay. Resolves to whether there were any. */
  openImages(source: ImageSource, index?: IndexChoice): Promise<boolean>
  /** Gives up reading; the images before stay. */
  stopReading(): void
  /** Opens the same files with another index. */
  setIndex(choice: IndexChoice): Promise<boolean>
}

export interface DirectorySlice {
  /** The directory of the last visit; null if there is none, or if the browser cannot come back to one. */
  readonly rememberedDirectory: FileSystemDirectoryHandle | null
  /** Looks for the remembered directory, at the start of a visit. */
  recallDirectory(): Promise<void>
  /** Asks for a directory, opens it and remembers it. */
  openDirectory(): Promise<void>
  /** Asks for the files of a model and opens them in such a way that a later visit can open them again. */
  openModelFiles(): Promise<void>
  /** Opens the directory of the last visit; the browser may ask for permission. */
  openRememberedDirectory(): Promise<void>
  /** Stores the directory for the next visit. It is not reported if that fails. */
  rememberDirectory(handle: FileSystemDirectoryHandle): Promise<void>
  forgetDirectory(): Promise<void>
}

// The preprocessing

/** The open page on what the network sees: an image, and settings that are not used yet. */
export interface InputView extends Pick<AppState, 'model' | 'images'> {
  readonly image: number
  readonly draft: Preprocessing
}

export interface PreprocessingSlice {
  /** Is null while the page is closed. */
  readonly inputView: InputView | null
  /** The latest comparison of candidates. */
  readonly trial: Trial | null
  /** The model about which the user has accepted or declined the suggestion. */
  readonly answered: OpenModel | null
  /** Opens the page; by default with the image of the chosen patch, or with the first image. */
  openInputView(image?: number): void
  changeInputView(view: Partial<Pick<InputView, 'image' | 'draft'>>): void
  closeInputView(): void
  /** Makes scans use the page's settings from now on. Results that were made with others are put aside. */
  applyDraft(): void
  /** Accepts the suggestion about the open model. */
  followSuggestion(): void
  declineSuggestion(): void
  /** Compares on some images of all classes. Does nothing while a scan runs. Never rejects: errors become notices. */
  compareCandidates(): Promise<void>
}

// The scan

/** `shown`: the layer on the screen; otherwise names of layers. */
export type ScanScope = 'shown' | readonly string[]

/** Plans a scan when its turn has come; null if there is nothing to do. */
export type Planner = (model: OpenModel, images: ImageSet) => ScanPlan | null

export interface ScanSlice {
  readonly scan: ScanPhase
  readonly scope: ScanScope
  readonly k: number
  /** How many patches of a channel scans keep, if that is more than are shown, and the full page of a channel shows. */
  readonly keep: number
  readonly preprocessing: Preprocessing
  /** Which images are scanned. */
  readonly selection: Selection
  /** The results by layer name. They grow in place; `revision` says when to look again. */
  readonly results: ReadonlyMap<string, LayerResult>
  /** Which images the results of each layer cover; layers that were scanned together share it. */
  readonly coverage: ReadonlyMap<string, Coverage>
  readonly revision: number
  /** Image number → reason. */
  readonly skipped: ReadonlyMap<number, string>
  /** The most bytes that engines and results have really taken. */
  readonly peakBytes: number
  setScope(scope: ScanScope): void
  /**
   * Sets how many patches of a channel are shown and saved. The results are put aside only if they kept fewer. Throws
   * `setting/unknown`.
   */
  setK(k: number): void
  /** Sets how many scans keep from now on. Throws `setting/unknown`. */
  setKeep(keep: number): void
  /** Puts the results aside, which no longer fit; kept ones that do fit come back. */
  setPreprocessing(preprocessing: Preprocessing): void
  /** Does the same; if only the sample is another one, the results stay. Throws `selection/unknown`. */
  setSelection(selection: Selection): void
  /** Scans in place of the scan that is under way; `run` puts one into the queue instead. Resolves when it has ended. */
  scanPlanned(plan: Planner): Promise<void>
  /** Pauses a scan, also one that is still being prepared. */
  pause(): void
  resume(): void
  /** Stops the scan and clears the queue. */
  stop(): void
  /** Stops the scan; the queue goes on. */
  interrupt(): void
  /**
   * Does something while no report is half taken in, so that what it reads of all results fits together; a scan that is under way
   * waits meanwhile. `skipped` has what that scan has skipped until now.
   */
  betweenReports<T>(work: (skipped: ReadonlyMap<number, string>) => Promise<T>): Promise<T>
  /** Takes the results off the page for good. When the user asked for something else, use `putAside`. */
  clearResults(): void
}

export interface QueuedScan {
  readonly id: number
  /** The names of its layers. */
  readonly names: readonly string[]
}

export interface ScanQueueSlice {
  /** The scans that wait, the next one first. */
  readonly queue: readonly QueuedScan[]
  /**
   * Scans the chosen images through these layers, or through those of the scope. Layers that have results go on with the
   * images that are left. It waits for its turn; resolves when it has ended, or was taken out of the queue.
   */
  run(layers?: readonly string[]): Promise<void>
  /** Does the same from the start: earlier results give way as soon as there are new ones. */
  runAnew(layers?: readonly string[]): Promise<void>
  /** Scans at once: the scan that is under way waits, and goes on afterwards. */
  runFirst(layers: readonly string[]): Promise<void>
  /** Goes on with the layers that were scanned together with this one, over all images that are left. */
  runRest(layer: string): Promise<void>
  /** Scans in its turn what the caller has planned. */
  runPlanned(names: readonly string[], plan: Planner): Promise<void>
  unqueue(id: number): void
  clearQueue(): void
}

/** A proof of a patch that runs or has ended, with all that it holds for. */
export interface Proof extends Pick<AppState, 'model' | 'images' | 'preprocessing' | 'layer' | 'channel'> {
  readonly patch: Patch
  /** Is null while the network runs. */
  readonly outcome: PatchProof | null
}

export interface ProofSlice {
  /** The latest one. */
  readonly proof: Proof | null
  /** Proves a patch of the shown channel. Never rejects: errors become notices. */
  provePatch(patch: Patch): Promise<void>
}

// Heat-maps

/** Where heat-maps are shown, and how. */
export interface HeatSettings {
  /** Over the image, in layers whose units see a part of it. */
  readonly part: boolean
  /** Over the image, in layers whose units see all of it, or nearly. */
  readonly whole: boolean
  /** Over the patches of the large mosaic. */
  readonly patches: boolean
  /** From 0 to 1. */
  readonly opacity: number
}

export interface HeatSlice {
  readonly heat: HeatSettings
  setHeat(change: Partial<HeatSettings>): void
  /**
   * The activation of a channel at all units of a layer of the open model, for an image. Resolves to null if the signal is aborted, or
   * if nothing can be computed now. Rejects with `images/…` and `backend/…`.
   */
  heatMap(
    place: Pick<HeatTarget, 'layer' | 'channel' | 'image'>,
    signal?: AbortSignal,
  ): Promise<ActivationMap | null>
  /** The same, if it is there already; otherwise null. */
  knownHeatMap(place: Pick<HeatTarget, 'layer' | 'channel' | 'image'>): ActivationMap | null
}

// Measures that are asked for

/** A channel of a layer. */
export interface LayerChannel {
  readonly layer: string
  readonly channel: number
}

export interface AskedSlice {
  /** Grows when a channel was measured. The values are kept beside the state, as long as the results: see `keptColour`, `alike`. */
  readonly askedMeasured: number
  /**
   * Measures channels one after the other, beside a scan if there is one; those that are known are passed over. `onDone` is told
   * how many are done. Resolves when all are, or soon after the signal was aborted. Never rejects: errors become one notice.
   */
  measureAsked(
    what: AskedMeasure,
    channels: readonly LayerChannel[],
    signal: AbortSignal,
    onDone?: (count: number) => void,
  ): Promise<void>
}

// Without a channel

/** What takes the place of a channel: its mean over all units of some images, or itself times a factor. */
export type Replacement = 'mean' | number

/** The network's outputs for an image. */
export interface ImageAblation {
  readonly before: Float32Array
  /** With each of the replacements that were asked for. */
  readonly after: readonly Float32Array[]
}

export interface ChannelMean {
  readonly mean: number
  /** The number of images over whose units it is the mean. */
  readonly images: number
}

/** What a channel's replacement does over a sample of the chosen images. */
export interface ChannelAblation extends OverImages {
  readonly replacement: Replacement
  /** The value that the channel was set to; null if it was multiplied. */
  readonly mean: number | null
  readonly scale: OutputScale
  /** The numbers of the images, in the order of the sample. */
  readonly sample: Int32Array
  /** The outputs for each image of the sample, both `[N, outputs]`. */
  readonly outputs: { readonly before: Float32Array; readonly after: Float32Array }
  /** How outputs and classes were matched; null if they were not. */
  readonly matching: ClassOutputs | null
}

export interface AblationSlice {
  /** Grows when more is known of means and losses, which are kept beside the state: see `channelMean` and `keptLosses`. */
  readonly ablationsMade: number
  /** How outputs and classes were matched on the latest sample on which they could be; null if there was none. */
  readonly matched: (Pick<AppState, 'model' | 'images'> & { readonly classes: ClassOutputs }) | null
  /**
   * The outputs for an image without and with each replacement, also beside a scan. Resolves to null if the signal was aborted before
   * its turn, or if nothing can be computed now. Rejects with `images/…` and `backend/…`.
   */
  ablateImage(
    place: LayerChannel & { readonly image: number },
    replacements: readonly Replacement[],
    signal?: AbortSignal,
  ): Promise<ImageAblation | null>
  /** The mean of a channel over as many images as were asked for until now; null if it is not known. */
  channelMean(place: LayerChannel): ChannelMean | null
  /** Finds the means of a layer's channels over a sample. Never rejects: errors become notices. */
  findMeans(layer: string, images: number, signal: AbortSignal): Promise<void>
  /**
   * Replaces a channel in a sample of so many of the chosen images. Waits while a scan runs. `onDone` is told how many runs of how
   * many are done. Resolves to null if it was stopped or has failed; errors become notices.
   */
  ablateImages(
    place: LayerChannel,
    replacement: Replacement,
    images: number,
    signal: AbortSignal,
    onDone?: (done: number, of: number) => void,
  ): Promise<ChannelAblation | null>
  /**
   * Ranks the channels of a layer by what the network loses without each, as far as it comes until it is stopped; asked again, it goes
   * on. Waits while a scan runs. Never rejects: errors become notices.
   */
  rankLosses(layer: string, replacement: 'mean' | 'zero', images: number, signal: AbortSignal): Promise<void>
  /** Frees the maps that engines keep for it; what was found stays. */
  forgetAblations(): void
}

// Which pixels excite

/** A unit in a picture; `box`: its receptive field. */
export interface AttributionPlace extends LayerChannel {
  /** The number of an image of the set, or a picture that was looked at. */
  readonly image: number | Seen
  readonly unit: Pair
  readonly box: Box
}

export interface AttributionSlice {
  /**
   * Finds which pixels excite a unit and which inhibit it: at first roughly, then well, then with its test; `onFound` is called each
   * time. Does nothing if nothing can be computed now. Resolves soon after the signal is aborted. Rejects with `images/…` and
   * `backend/…`, and with an Error that names a kind of layer that has no way back.
   */
  attribution(
    place: AttributionPlace,
    onFound: (found: FoundAttribution) => void,
    signal: AbortSignal,
  ): Promise<void>
  /** Finds what the unit loses if parts of its patch are hidden, with more and more of them. Else as above. */
  occlusion(place: AttributionPlace, onFound: (found: Occlusion) => void, signal: AbortSignal): Promise<void>
}

// Pictures that are made

/** A picture that is asked for. */
export interface PictureWish extends LayerChannel {
  /** The patch that is accentuated; the place of its unit also counts if the picture is made from nothing. */
  readonly patch: Pick<Patch, 'image' | 'unit'>
  readonly way: AscentWay
  /** Whether it is for the channel over the whole input, for the mean of its map, rather than for a unit. */
  readonly whole: boolean
  /** Of several that are to differ from each other: its number, from 0. It differs from those before it. */
  readonly nth: number
}

export interface SynthesisSlice {
  /** `tiles`: whether tiles of the grid show pictures that are made in that way, once they are there. */
  readonly synthesis: Pick<PictureWish, 'way' | 'whole'> & { readonly tiles: boolean }
  /** Grows when a picture is finished. */
  readonly picturesMade: number
  setSynthesis(change: Partial<SynthesisSlice['synthesis']>): void
  /**
   * Makes a picture for a channel of the open model, in short passes, also beside a scan. Resolves to null if the signal is aborted, or
   * if nothing can be computed now; a picture that was given up goes on where it was when it is asked for again. Rejects with what is
   * wrong in a sentence.
   */
  makePicture(
    wish: PictureWish,
    signal: AbortSignal,
    onProgress?: (made: MadePicture) => void,
  ): Promise<MadePicture | null>
  /** The picture as far as it is made. */
  knownPicture(wish: PictureWish): MadePicture | null
  /** A tile on the screen is to have a picture: it is made while nothing else goes on. Returns what takes that back. */
  wantPicture(layer: string, channel: number): () => void
}

// One picture

/** A picture that is looked at, of the set or not. */
export interface Probed {
  /** As the page calls it. */
  readonly name: string
  readonly handle: ImageHandle
  /** The set and its number there; null if it is of none. */
  readonly from: { readonly images: ImageSet; readonly image: number } | null
}

export interface ProbeSlice {
  /** It is kept while its page is closed, so that Back finds it. */
  readonly probed: Probed | null
  /** Opens the page for any picture; without one it shows what was there before. */
  probe(picture?: Pick<Probed, 'name' | 'handle'>): void
  /** Opens the page for an image of the set. Never rejects: errors become notices. */
  probeImage(image: number): Promise<void>
}

// What the browser keeps of scans, and what no longer fits

/** An unfinished scan that can go on with what is open. */
export interface Resumable {
  readonly head: CheckpointHead
  readonly model: OpenModel
  readonly images: ImageSet
}

export interface UnfinishedSlice {
  /** All kept scans, newest first, but for those that are under way in another tab. */
  readonly kept: readonly CheckpointHead[]
  /** Those of them that did not end. */
  readonly unfinished: readonly CheckpointHead[]
  /** The unfinished one that was found to belong to the open model and images. */
  readonly resumable: Resumable | null
  /** Reads the browser's database, at the start of a visit. Without a database there is nothing to offer. */
  recallScans(): Promise<void>
  /** Looks for kept scans of the open model and images: shows those that have ended, offers the others. */
  findScan(): Promise<void>
  /** Does the same after settings have changed: results that fit them come back. */
  findFitting(): Promise<void>
  /** Goes on with `resumable`, with its settings. Resolves when the scan has ended; to false if there is none. */
  resumeScan(): Promise<boolean>
  discardScan(id: string): Promise<void>
  /** Takes records off these lists that are no longer in the database. */
  dropOffers(ids: readonly string[]): void
}

/** Whether a scan's results are kept; `problem`: why not. */
export interface Saved {
  readonly id: string
  /** How many images they are of. */
  readonly images: number
  readonly problem: string | null
}

export interface RecentSlice {
  /** The scans that have ended or were paused, by the mask of the images that they have been through. */
  readonly saved: ReadonlyMap<ImageMask, Saved>
  /** Which of several kept results are to come back once model and images are open; null: the newest. */
  readonly wanted: string | null
  want(key: string): void
  /** Deletes these results; a notice brings them back. */
  forget(recent: Recent): Promise<void>
  /** Deletes all kept results and all handles of models and images, for good. */
  forgetAll(): Promise<void>
}

export interface AsideSlice {
  /**
   * Stops the scan and takes the results off the page; to be called before model, images or settings change. A notice
   * with *Undo* brings all of them back. Without results there is no notice.
   */
  putAside(): void
}

// An opened results file

export interface OpenResultsSlice {
  readonly recorded: OpenResults | null
  /** The name of the results file that is being read. */
  readonly openingResults: string | null
  /**
   * Opens a results file or a snapshot; snapshots among the others are merged with the snapshot. Puts results on the screen aside.
   * Resolves to whether the file could be opened; otherwise all stays as it was. */
  openResults(file: File, others?: readonly File[]): Promise<boolean>
  /** Opens a results file that lies on the app's own host. */
  openResultsAt(url: string): Promise<boolean>
  closeResults(): void
  /** Compares the file with model and images; to be called when one of them has changed. */
  fitResults(): void
}

// Scans that are compared

/** One of several models that are scanned one after the other. */
export interface SeriesMember {
  readonly name: string
  readonly source: ModelSource
  /** The id of its kept scan; null as long as there is none. */
  readonly kept: number | null
  /** The names of its scanned layers, by those of the model that was open when they were asked for. */
  readonly names: ReadonlyMap<string, string>
  readonly status: 'waiting' | 'under way' | 'scanned' | 'failed'
}

export interface CompareSlice {
  readonly comparison: Comparison
  readonly comparing: Comparing
  /** Models that were opened together, in their order. */
  readonly series: readonly SeriesMember[] | null
  setComparing(change: Partial<Comparing>): void
  /** Keeps these scans in memory and shows them side by side, in the place of those that are kept. */
  compareFiles(scans: readonly ReadScan[]): Promise<void>
  /**
   * Keeps what is on the page: a scan, or an opened file. If an earlier scan of the same model and settings is kept, it gets the
   * layers; `inPlaceOf` is the id of one that it takes the place of. Resolves to its id, or to null with a notice that says why not.
   */
  keepScan(inPlaceOf?: number | null): Promise<number | null>
  dropScan(id: number): Promise<void>
  /** Opens a model, or several: the first of them is opened, and Run scans one after the other. Resolves to whether it could. */
  openModels(files: readonly (File | ModelFile)[]): Promise<boolean>
  /** Scans the layers of the scope in all models of the series, as far as they are not scanned. Resolves when it ends or was stopped. */
  runSeries(): Promise<void>
  closeSeries(): void
}

// Names and notes

export interface NotesSlice {
  /** About the model that is shown, also those that are not kept yet. */
  readonly notes: NoteBook
  /** The model that they are about; null if none is shown, or as long as its digest and its kept notes are not known. */
  readonly notesOf: { readonly name: string; readonly sha256: string } | null
  /** Grows when notes come in that were not typed here; see `shownOrder`. */
  readonly notesRead: number
  /** The name under which the user writes, which may be empty; null if it was never asked. */
  readonly author: string | null
  /** Reads what is kept about the shown model, if that is another one. Never rejects: errors become notices. */
  findNotes(): Promise<void>
  /** Changes the user's own note about a channel, and keeps it. */
  setNote(layer: string, channel: number, change: Partial<Omit<Note, 'changed'>>): void
  /**
   * Adds the notes of a file to those that are there; a notice says what has come in, with *Undo*. Resolves to whether the
   * file could be read.
   */
  openNotes(file: File): Promise<boolean>
  /** Does the same for what stands in a results file of that name; says nothing if there is nothing new. */
  takeNotes(record: unknown, file: string): Promise<void>
  /** The notes once all is taken in that is being read. */
  settledNotes(): Promise<Pick<NotesSlice, 'notes' | 'notesOf' | 'author'>>
  setAuthor(author: string): void
  /** Removes all that came in from others under this name; a notice brings it back. */
  forgetPerson(author: string): void
}

// What is looked at

/**
 * A page over the others: the model's layers, the receptive field traced, what the network sees, the keys, the help for
 * networks of PyTorch, which channels fire in an image of the set, the same for any picture, the table of all channels,
 * names and notes, scans side by side.
 */
export type Page =
  'summary' | 'trace' | 'input' | 'keys' | 'pytorch' | 'image' | 'probe' | 'finder' | 'notes' | 'compare'

export type TileSize = 'small' | 'medium' | 'large'

type Arranged = 'sort' | 'reversed' | 'hideDead' | 'bestClass' | 'noted' | 'tileSize' | 'toEdge' | 'alikeOnce'

/** What is looked at. A choice that was made there does not hold elsewhere. */
export type Place = Pick<ViewSlice, 'layer' | 'channel' | 'patch'>

/** What the address says by which the page was opened. A name is null if the address does not have it. */
export interface Link {
  readonly layer: string
  readonly channel: number | null
  readonly model: string | null
  readonly images: string | null
}

export interface ViewSlice {
  readonly layer: string | null
  readonly channel: number | null
  /** The rank of the chosen patch. */
  readonly patch: number
  /** Whether the open channel has the full width of the workbench. */
  readonly full: boolean
  /** See `pickedOf`. */
  readonly picked: (Place & { readonly entry: FoundEntry }) | null
  /** See `amongOf`. */
  readonly among: (Place & { readonly filter: PatchFilter }) | null
  readonly page: Page | null
  /** How the channels of the layer are shown: the id of one of `ui/mosaic/views`. If there is none of it, mosaics are. */
  readonly view: string
  /** The path of the image whose page is open; null if none is. */
  readonly image: string | null
  /** The link by which the page was opened. */
  readonly followed: Link | null
  readonly sort: ChannelSort
  /** See `ChannelArrangement`. */
  readonly reversed: boolean
  readonly hideDead: boolean
  /** The name of a class: only channels are shown that respond to it most. */
  readonly bestClass: string | null
  /** Only channels are shown whose notes pass; null: all. */
  readonly noted: NoteFilter | null
  /** What is looked for in tables of channels. */
  readonly finding: Finding
  readonly tileSize: TileSize
  /** Whether patches of fields wider than half of the image show the image only, not what lies outside of it. */
  readonly toEdge: boolean
  /** Whether patches of a channel that look alike are shown once; see `distinctTop`. */
  readonly alikeOnce: boolean
  /** How often the user has asked for a new order of the channels; see `shownOrder`. */
  readonly sortsAsked: number
  /** How often a layer was measured to its end while that is looked at; see `measured`. */
  readonly layersMeasured: number
  /** If a channel is open, one of the other layer is open afterwards. */
  showLayer(layer: string): void
  showChannel(channel: number | null, patch?: number): void
  /** Gives the open channel the full width, or takes it back. */
  showFull(full: boolean): void
  showPatch(patch: number): void
  /** Shows any image whose patch is known. */
  pick(entry: FoundEntry): void
  showAmong(filter: PatchFilter | null): void
  showPage(page: Page | null): void
  showView(view: string): void
  /** Opens the page of an image of the set. */
  showImage(path: string): void
  /**
   * Opens a channel of any layer in the place of the open page: beside the mosaics, or at full width if a channel is shown so. All
   * lists of channels lead there in this way.
   */
  followChannel(layer: string, channel: number): void
  find(finding: Partial<Finding>): void
  setView(view: Partial<Pick<ViewSlice, Arranged>>): void
  /** Makes the same order again by what is known now. */
  sortAgain(): void
  /** Some layer was measured to its end. */
  noteMeasured(): void
}

// Projects and notices

export interface ProjectSlice {
  /** The address of the project that is being loaded. */
  readonly openingProject: string | null
  /** The latest project that was opened, with its model and images; see `openProjectOf`. */
  readonly project: {
    readonly address: string
    readonly model: ModelSource
    readonly images: ImageSet
  } | null
  /** Opens model and images of a project, and scans if the project says so. Errors become notices. */
  openProject(url: string): Promise<void>
  openDemo(): Promise<void>
}

export interface Notice {
  readonly id: number
  /**
   * Information disappears by itself. Errors stay, and so do warnings, which a user has to know of before believing the
   * results.
   */
  readonly kind: 'error' | 'warning' | 'info'
  readonly text: string
  /** What can be done about it, as *Undo*; doing it closes the notice. */
  readonly action?: NoticeAction
}

export interface NoticeAction {
  readonly label: string
  /** The page that it opens; opening it another way closes the notice, too. */
  readonly leadsTo?: Page
  run(): void
}

export interface NoticesSlice {
  readonly notices: readonly Notice[]
  notify(kind: Notice['kind'], text: string, action?: NoticeAction): void
  /** Shows an error; returns its sentence. A clause has to be made a sentence before, by a caller that has its subject. */
  report<E>(error: Reportable<E>): string
  dismiss(id: number): void
}
