/** @file The shape of the whole state, and what slices work with. */
import type { AsideSlice } from './slices/asideSlice.ts'
import type { DirectorySlice } from './slices/directorySlice.ts'
import type { EnginePool } from './workers/enginePool.ts'
import type { GalleryClient } from './workers/galleryClient.ts'
import type { ImagesSlice } from './slices/imagesSlice.ts'
import type { ModelSlice } from './slices/modelSlice.ts'
import type { MosaicCache } from './mosaic/mosaicCache.ts'
import type { NoticesSlice } from './slices/noticesSlice.ts'
import type { OpenResultsSlice } from './slices/openResultsSlice.ts'
import type { PreprocessingSlice } from './slices/preprocessingSlice.ts'
import type { ProjectSlice } from './slices/projectSlice.ts'
import type { ProofSlice } from './slices/proofSlice.ts'
import type { RecentSlice } from './slices/recentSlice.ts'
import type { ScanSlice } from './slices/scanSlice.ts'
import type { ScanQueueSlice } from './slices/scanQueueSlice.ts'
import type { SelfTester } from './model/selfTest.ts'
import type { ScanCheckpoints } from './checkpoints/scanCheckpoints.ts'
import type { ShownOrderSlice } from './selectors/shownOrder.ts'
import type { UnfinishedSlice } from './slices/unfinishedSlice.ts'
import type { ViewSlice } from './slices/viewSlice.ts'

export type AppState = ModelSlice &
  ImagesSlice &
  DirectorySlice &
  ScanSlice &
  ScanQueueSlice &
  UnfinishedSlice &
  RecentSlice &
  AsideSlice &
  ViewSlice &
  ShownOrderSlice &
  PreprocessingSlice &
  OpenResultsSlice &
  ProofSlice &
  NoticesSlice &
  ProjectSlice

/** What lives outside of the state because it is no plain data. */
export interface Services {
  readonly pool: EnginePool
  readonly gallery: GalleryClient
  readonly mosaics: MosaicCache
  readonly selfTester: SelfTester
  readonly checkpoints: ScanCheckpoints
}

/** A part of the state: initial values and actions. */
export type Slice<T> = (
  set: (partial: Partial<AppState> | ((state: AppState) => Partial<AppState>)) => void,
  get: () => AppState,
  services: Services,
) => T
