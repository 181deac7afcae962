/** @file Maps of channels by who fires together. A worker lays them out and ends; what it has found is kept with the results. */
import type { SampledMaxima } from '../../core/scan/statistics/sampledMaxima.ts'
import type { ReadableResult } from '../../core/scan/statistics/statistic.ts'
import type { Arranger } from '../../engine/arranger.ts'
import type { ChannelLayout } from '../../engine/mosaic/layOutChannels.ts'
import { transfer } from '../../rpc/transfer.ts'
import { withArranger } from '../workers/arranging.ts'
import { spawnArranger, type WorkerHandle } from '../workers/workers.ts'

/** The most channels on a map: their distances are pairs, and take a worker some seconds. */
export const mostOnMap = 4096

export interface MadeLayout {
  /** Is null if there are too few channels that have a correlation with others. */
  readonly layout: ChannelLayout | null
  /** The number of images over which channels were correlated, and that of those scanned then. */
  readonly images: number
  readonly scanned: number
}

const made = new WeakMap<ReadableResult, MadeLayout>()

/** The last layout of a layer; null if there is none yet. */
export function knownLayout(result: ReadableResult): MadeLayout | null {
  return made.get(result) ?? null
}

/** Lays a layer out by what is known now; the signal ends it. `sample` is that of the result. Throws `worker/died`. */
export async function layOut(
  result: ReadableResult,
  sample: SampledMaxima,
  signal: AbortSignal,
  spawn: () => WorkerHandle<Arranger> = spawnArranger,
): Promise<MadeLayout> {
  const { scanned, channels } = result
  const maxima = maximaOf(sample)
  const layout = await withArranger(
    signal,
    (remote) => remote.layOut(channels, transfer(maxima, [maxima.buffer])),
    spawn,
  )
  const found = { layout, images: sample.images.length, scanned }
  made.set(result, found)
  return found
}

/** A copy, `[images, channels]`. */
function maximaOf({ channels, rows }: SampledMaxima): Float32Array<ArrayBuffer> {
  const maxima = new Float32Array(rows.length * channels)
  for (const [at, row] of rows.entries()) maxima.set(row, at * channels)
  return maxima
}
