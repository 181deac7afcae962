/**
 * @file Reads for the page what is no picture: archives, datasets, index files, results files and digests. The worker
 * of the gallery answers these calls.
 */
import { buffersOf } from '../../core/results/columns.ts'
import type { Column } from '../../core/results/tables/column.ts'
import type { RecordedResults } from '../../core/results/recordedFile.ts'
import type { ReadSnapshot } from '../../core/results/snapshot/snapshotResult.ts'
import { transfer } from '../../rpc/transfer.ts'
import { listArchive } from '../archives/listArchive.ts'
import { listDataset } from '../archives/datasets.ts'
import { readHandle } from '../images/readHandle.ts'
import { digestFile, digestLines } from './digest.ts'
import { makeTable } from './makeTable.ts'
import { readIndex } from './readIndex.ts'
import { isResultsFile, readResultsFile } from './resultsFiles.ts'
import { isSnapshot, mergeSnapshots, readSnapshot, sortSnapshots } from './snapshots.ts'

export const files = {
  listArchive,
  listDataset,
  readIndex,
  makeTable,
  isResultsFile,
  /** The columns are handed over. Throws `results/…`. */
  async readResultsFile(file: File): Promise<RecordedResults> {
    const results = await readResultsFile(file)
    return transfer(
      results,
      results.layers.flatMap(({ columns }) => buffersOf(columns)),
    )
  },
  isSnapshot,
  mergeSnapshots,
  sortSnapshots,
  /** The arrays are handed over. */
  async readSnapshot(file: File): Promise<ReadSnapshot> {
    const snapshot = await readSnapshot(file)
    const buffers = snapshot.found.flatMap(({ facts, snapshot: of }) => [
      ...buffersOf(facts.places),
      ...buffersOf(of),
    ])
    return transfer(snapshot, [...new Set(buffers)])
  },
  /** The file of a picture that lies in an archive or on the server. Throws `images/unreadable`. */
  readImage: readHandle,
  digestFile: (file: Blob): Promise<string> => digestFile(file),
  digestLines,
  async writeParquet(columns: readonly Column[]): Promise<Blob> {
    return (await import('./parquet.ts')).parquetOf(columns)
  },
}

export type Files = typeof files
