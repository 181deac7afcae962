/** @file From dropped files to an opened model: the first format that knows the content opens it. */
import { appError } from '../../core/errors.ts'
import { formats } from './formats/index.ts'
import type { OpenedModel } from './formats/format.ts'
import { describeContent } from './sniff.ts'

const headBytes = 4096

export async function openModel(file: File): Promise<OpenedModel> {
  if (file.size === 0) throw appError('model/empty-file', { file: file.name })
  const head = new Uint8Array(await file.slice(0, headBytes).arrayBuffer())
  for (const format of formats) if (await format.accepts(file, head)) return format.open(file)
  // The signature is made to show just this: a line feed that has become two bytes, or lost one.
  if (head[0] === 0x89 && String.fromCharCode(...head.subarray(1, 4)) === 'HDF')
    throw appError('model/damaged', {
      file: file.name,
      reason: 'a transfer in text mode has changed its bytes',
    })
  throw appError('model/not-hdf5', { file: file.name, found: describeContent(head) })
}
