/** @file The results file of an opened snapshot. */
import { headOfSnapshot, layerWriter } from '../../core/results/snapshot/snapshotText.ts'
import type { OpenSnapshot } from '../results/openResults.ts'
import { breather } from '../timing/breather.ts'

export interface RecordedText {
  readonly file: Blob
  /** Where the records of the layers lie, by layer name. */
  readonly ranges: ReadonlyMap<string, readonly [start: number, end: number]>
}

/** Layers are written one by one, so that the page goes on meanwhile. */
export async function textOfSnapshot(snapshot: OpenSnapshot): Promise<RecordedText> {
  const breathe = breather()
  const layers = snapshot.layers.map(({ facts, result }) => ({ ...facts, scanned: result.scanned }))
  const known = { ...snapshot, layers }
  const recordOf = layerWriter(known)
  const blobs = [new Blob([headOfSnapshot(known)])]
  const ranges = new Map<string, [number, number]>()
  let at = blobs[0]!.size
  for (const [i, { facts, result }] of snapshot.layers.entries()) {
    const record = new Blob([...recordOf(facts, result)])
    const start = at + (i > 0 ? 1 : 0)
    at = start + record.size
    ranges.set(facts.name, [start, at])
    blobs.push(...(i > 0 ? [new Blob([','])] : []), record)
    await breathe()
  }
  return { file: new Blob([...blobs, ']}'], { type: 'application/json' }), ranges }
}
