/** @file The shape of the whole state, and what slices work with. */
import type { AsideSlice } from './aside.ts'
import type { DirectorySlice } from './directory.ts'
import type { EnginePool } from './workers/enginePool.ts'
import type { GalleryClient } from './workers/galleryClient.ts'
import type { ImagesSlice } from './images.ts'
import type { ModelSlice } from './model.ts'
import type { MosaicCache } from './mosaic/mosaicCache.ts'
import type { NoticesSlice } from './notices.ts'
import type { OpenResultsSlice } from './openResults.ts'
import type { PreprocessingSlice } from './preprocessing.ts'
import type { ProjectSlice } from './project.ts'
import type { ProofSlice } from './proof.ts'
import type { RecentSlice } from './recent.ts'
import type { ScanSlice } from './scan.ts'
import type { ScanQueueSlice } from './scanQueue.ts'
import type { SelfTester } from './model/selfTest.ts'
import type { ScanCheckpoints } from './checkpoints/scanCheckpoints.ts'
import type { ShownOrderSlice } from './shownOrder.ts'
import type { UnfinishedSlice } from './unfinished.ts'
import type { ViewSlice } from './view.ts'

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
