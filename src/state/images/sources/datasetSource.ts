/** @file The pictures of dataset files: CIFAR's binary batches, MNIST's idx files. */
import { clauseError } from '../../../core/errors.ts'
import type { DatasetFile, DatasetPart } from '../../../engine/archives/datasets.ts'
import type { RawImage } from '../../../engine/images/imageHandle.ts'
import type { ImageSource } from '../imageSource.ts'
import type { Lister } from './archiveSource.ts'

const datasetFile =
  /(^|\/)((data_batch_\d+|test_batch)\.bin|(train|test)\.bin|[^/]*(images|labels)[-.]idx[13]-ubyte(\.gz)?|batches\.meta\.txt|(fine|coarse)_label_names\.txt)$/

/** Decides by the name. */
export function looksLikeDataset(path: string): boolean {
  return datasetFile.test(path)
}

export function datasetSource(
  files: readonly DatasetFile[],
  name: string,
  lister: () => Lister,
): ImageSource {
  const found = new Map<string, { part: DatasetPart; row: number }>()
  return {
    name,
    async *list(signal) {
      found.clear()
      for (const part of await lister().listDataset(files)) {
        signal.throwIfAborted()
        const paths = part.paths.split('\0')
        for (const [row, path] of paths.entries()) found.set(path, { part, row })
        yield paths
      }
    },
    open(path): RawImage {
      const entry = found.get(path)
      if (!entry) throw clauseError('images/unreadable', { reason: 'it is not in the dataset' })
      const { file, offset, stride, width, height, channels, layout } = entry.part
      return { kind: 'raw', file, offset: offset + entry.row * stride, width, height, channels, layout }
    },
  }
}
