/** @file Reads results files and snapshots that were opened together. */
import { naturally } from '../../core/compare/checkpointSeries.ts'
import { sentence } from '../../core/errors.ts'
import type { AppState } from '../appState.ts'
import type { ReadScan } from '../compare/compared.ts'
import { areComparable } from '../compare/comparison.ts'
import { fileOfResults } from '../results/openResults.ts'
import { fileOfSnapshot } from '../results/openSnapshot.ts'
import type { GalleryClient } from '../workers/galleryClient.ts'

/**
 * Snapshots of one scan are read as one, so there are several only if there are scans to be compared; of results files that are no
 * comparison the first is read. Throws `results/…` and `snapshot/…`.
 */
export async function readTogether(
  files: readonly File[],
  get: () => AppState,
  { remote }: GalleryClient,
): Promise<readonly [ReadScan, ...ReadScan[]]> {
  const areSnapshots = await Promise.all(files.map((file) => remote.isSnapshot(file)))
  const snapshots = files.filter((_, i) => areSnapshots[i])
  const scans: ReadScan[] = []
  if (snapshots.length > 0)
    for (const parts of await remote.sortSnapshots(snapshots)) scans.push(await readParts(parts, get, remote))
  const left: File[] = []
  for (const file of files.filter((_, i) => !areSnapshots[i])) {
    try {
      const scan = { file, read: fileOfResults(await remote.readResultsFile(file)) }
      if (scans.every((one) => areComparable(one.read, scan.read))) scans.push(scan)
      else left.push(file)
    } catch (error) {
      // The others are opened all the same.
      if (scans.length === 0) throw error
      get().report(error)
    }
  }
  const [first, ...others] = scans.toSorted(
    (a, b) => naturally(a.read.model.name, b.read.model.name) || naturally(a.file.name, b.file.name),
  )
  tellOthers(first!.file, left, get)
  return [first!, ...others]
}

async function readParts(
  parts: readonly File[],
  get: () => AppState,
  remote: GalleryClient['remote'],
): Promise<ReadScan> {
  const { file, missing, unlikeLosses } = await remote.mergeSnapshots(parts)
  const snapshot = await remote.readSnapshot(file)
  const results = await fileOfSnapshot(snapshot, file.name)
  if (parts.length > 1 && missing > 0) {
    const chosen = Math.max(...snapshot.scans.map((scan) => scan.chosen))
    get().notify('info', sentence('snapshot/partial', { file: file.name, missing, chosen }))
  }
  if (unlikeLosses.length > 0) {
    const layers = unlikeLosses.join(', ')
    get().notify('info', sentence('snapshot/unlike-losses', { file: file.name, layers }))
  }
  return { file, read: results }
}

function tellOthers(file: File, others: readonly File[], get: () => AppState): void {
  if (others.length === 0) return
  const names = others.map(({ name }) => name).join(', ')
  get().notify('info', sentence('results/one', { file: file.name, others: names }))
}
