/** @file The store: the slices put together over the services. React is not known here. */
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Decoder } from '../engine/decoder.ts'
import type { Engine } from '../engine/engine.ts'
import type { AppState, Services } from './appState.ts'
import { createAblation } from './slices/ablationSlice.ts'
import { createAside } from './slices/asideSlice.ts'
import { createAsked } from './slices/askedSlice.ts'
import { createAttribution } from './slices/attributionSlice.ts'
import { createCompare } from './slices/compareSlice.ts'
import { DecoderPool } from './workers/decoderPool.ts'
import { decodingEngine } from './workers/decodingEngine.ts'
import { createDirectory } from './slices/directorySlice.ts'
import { EnginePool } from './workers/enginePool.ts'
import { GalleryClient } from './workers/galleryClient.ts'
import { createHeat } from './slices/heatSlice.ts'
import { createImages } from './slices/imagesSlice.ts'
import { createModel } from './slices/modelSlice.ts'
import { MosaicCache } from './mosaic/mosaicCache.ts'
import { createNotes } from './slices/notesSlice.ts'
import { createNotices } from './slices/noticesSlice.ts'
import { createOpenResults } from './slices/openResultsSlice.ts'
import { createPreprocessing } from './slices/preprocessingSlice.ts'
import { createProject } from './slices/projectSlice.ts'
import { createProbe } from './slices/probeSlice.ts'
import { createProof } from './slices/proofSlice.ts'
import { createRecent } from './slices/recentSlice.ts'
import { createScan } from './slices/scanSlice.ts'
import { createScanQueue } from './slices/scanQueueSlice.ts'
import { SelfTester } from './model/selfTest.ts'
import { noteSubject } from './selectors/notes.ts'
import { isQuiet } from './selectors/quiet.ts'
import { ScanCheckpoints } from './checkpoints/scanCheckpoints.ts'
import { createSynthesis } from './slices/synthesisSlice.ts'
import { createUnfinished } from './slices/unfinishedSlice.ts'
import { createView } from './slices/viewSlice.ts'
import type { GalleryWorker, WorkerHandle } from './workers/workers.ts'

export interface AppStore extends StoreApi<AppState> {
  readonly services: Services
}

export interface StoreOptions {
  readonly spawnEngine: () => WorkerHandle<Engine>
  readonly spawnGallery: () => WorkerHandle<GalleryWorker>
  readonly spawnDecoder: () => WorkerHandle<Decoder>
  /** Makes a short-lived engine that computes what the others are compared with. */
  readonly spawnReference: () => WorkerHandle<Engine>
  /** The number of logical processors, which limits the number of workers. */
  readonly cores: number
}

export function createAppStore(options: StoreOptions): AppStore {
  const { spawnEngine, spawnGallery, spawnDecoder, spawnReference, cores } = options
  const gallery = new GalleryClient(spawnGallery)
  const decoders = new DecoderPool(spawnDecoder, cores)
  const services: Services = {
    pool: new EnginePool(() => decodingEngine(spawnEngine(), decoders), cores),
    gallery,
    mosaics: new MosaicCache(),
    selfTester: new SelfTester(spawnReference, () => isQuiet(store.getState())),
    checkpoints: new ScanCheckpoints(gallery),
  }
  const store = createStore<AppState>()((set, get) => ({
    ...createNotices(set, get, services),
    ...createModel(set, get, services),
    ...createImages(set, get, services),
    ...createDirectory(set, get, services),
    ...createScan(set, get, services),
    ...createScanQueue(set, get, services),
    ...createUnfinished(set, get, services),
    ...createRecent(set, get, services),
    ...createAside(set, get, services),
    ...createView(set, get, services),
    ...createPreprocessing(set, get, services),
    ...createOpenResults(set, get, services),
    ...createCompare(set, get, services),
    ...createNotes(set, get, services),
    ...createProof(set, get, services),
    ...createHeat(set, get, services),
    ...createAsked(set, get, services),
    ...createAblation(set, get, services),
    ...createAttribution(set, get, services),
    ...createSynthesis(set, get, services),
    ...createProbe(set, get, services),
    ...createProject(set, get, services),
  }))
  // Many actions change the model: it is opened, put back by Undo, or a results file takes its place.
  store.subscribe((state, before) => {
    if (noteSubject(state) !== noteSubject(before)) void state.findNotes()
  })
  return Object.assign(store, { services })
}
