/** @file The only place where workers are made. */
import { type AppError, appError } from '../../core/errors.ts'
import type { Arranger } from '../../engine/arranger.ts'
import type { Decoder } from '../../engine/decoder.ts'
import type { BenchEngine } from '../../engine/bench/benchEngine.ts'
import type { Files } from '../../engine/files/files.ts'
import type { Gallery } from '../../engine/gallery.ts'
import type { Endpoint } from '../../rpc/endpoint.ts'
import { watchLife } from '../../rpc/lifeLock.ts'
import { connect, type Remote } from '../../rpc/remote.ts'

export interface WorkerHandle<T> {
  readonly remote: Remote<T>
  /** Pending and later calls reject. */
  terminate(): void
  /** False once the worker was terminated or has failed. */
  isAlive(): boolean
}

/** The worker of the gallery also reads files that are no pictures. */
export type GalleryWorker = Gallery & Files

export function spawnEngine(): WorkerHandle<BenchEngine> {
  return handle<BenchEngine>(
    new Worker(new URL('../../engine/engine.worker.ts', import.meta.url), { type: 'module', name: 'engine' }),
    'engine',
  )
}

export function spawnGallery(): WorkerHandle<GalleryWorker> {
  return handle<GalleryWorker>(
    new Worker(new URL('../../engine/gallery.worker.ts', import.meta.url), {
      type: 'module',
      name: 'gallery',
    }),
    'gallery',
  )
}

export function spawnDecoder(): WorkerHandle<Decoder> {
  return handle<Decoder>(
    new Worker(new URL('../../engine/decoder.worker.ts', import.meta.url), {
      type: 'module',
      name: 'decoder',
    }),
    'decoder',
  )
}

export function spawnArranger(): WorkerHandle<Arranger> {
  return handle<Arranger>(
    new Worker(new URL('../../engine/arranger.worker.ts', import.meta.url), {
      type: 'module',
      name: 'arranger',
    }),
    'arranger',
  )
}

function handle<T extends object>(worker: Worker, name: string): WorkerHandle<T> {
  const died = (reason: string): AppError => appError('worker/died', { worker: name, reason })
  let alive = true
  const onDeath = (reason: string): AppError => {
    alive = false
    return died(reason)
  }
  const { remote, kill } = connect<T>(worker as unknown as Endpoint, { onDeath })
  const end = (reason: string): void => {
    alive = false
    worker.terminate()
    kill(died(reason))
  }
  // `self.close()` and a crash of the worker's process fire no event.
  watchLife(worker as unknown as Endpoint, () => end('it ended without a word'))
  return { remote, isAlive: () => alive, terminate: () => end('it was stopped') }
}
