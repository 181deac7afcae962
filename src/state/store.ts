/** @file The store: slices put together over the services. No React here. */
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Decoder } from '../engine/decoder.ts'
import type { Engine } from '../engine/engine.ts'
import type { Gallery } from '../engine/gallery.ts'
import type { AppState, Services } from './appState.ts'
import { createAside } from './aside.ts'
import { DecoderPool } from './workers/decoderPool.ts'
import { decodingEngine } from './workers/decodingEngine.ts'
import { createDirectory } from './directory.ts'
import { EnginePool } from './workers/enginePool.ts'
import { GalleryClient } from './workers/galleryClient.ts'
import { createImages } from './images.ts'
import { createModel } from './model.ts'
import { MosaicCache } from './mosaic/mosaicCache.ts'
import { createNotices } from './notices.ts'
import { createOpenResults } from './openResults.ts'
import { createPreprocessing } from './preprocessing.ts'
import { createProject } from './project.ts'
import { createProof } from './proof.ts'
import { createRecent } from './recent.ts'
import { createScan } from './scan.ts'
import { createScanQueue } from './scanQueue.ts'
import { SelfTester } from './model/selfTest.ts'
import { ScanCheckpoints } from './checkpoints/scanCheckpoints.ts'
import { createShownOrder } from './shownOrder.ts'
import { createUnfinished } from './unfinished.ts'
import { createView } from './view.ts'
import type { WorkerHandle } from './workers/workers.ts'

export interface AppStore extends StoreApi<AppState> {
  readonly services: Services
}

export interface StoreOptions {
  readonly spawnEngine: () => WorkerHandle<Engine>
  readonly spawnGallery: () => WorkerHandle<Gallery>
  readonly spawnDecoder: () => WorkerHandle<Decoder>
  /** A short-lived engine on WASM, by which other backends are tested. */
  readonly spawnReference: () => WorkerHandle<Engine>
  /** Logical processors, which bound the number of workers. */
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
    selfTester: new SelfTester(spawnReference),
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
    ...createShownOrder(set, get, services),
    ...createPreprocessing(set, get, services),
    ...createOpenResults(set, get, services),
    ...createProof(set, get, services),
    ...createProject(set, get, services),
  }))
  return Object.assign(store, { services })
}
