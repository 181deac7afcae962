/** @file Lists archives, and reads their files, as the page does for images and the engine for models. */
import { readZip } from '../../../src/engine/archives/zip.ts'
import { listArchive } from '../../../src/engine/archives/listArchive.ts'
import type { ArchiveCursor } from '../../../src/engine/archives/archivePiece.ts'
import { listDataset } from '../../../src/engine/archives/datasets.ts'
import { readArchived } from '../../../src/engine/images/archivedFile.ts'
import type { FuzzInput } from '../inputs/input.ts'
import { isWhole, must, refusalProblem, Wrong } from './check.ts'

/** Only so much is unpacked of a file. */
const mostUnpacked = 1 << 20

const controls = /\p{Cc}/u

export async function listAsImages([file]: FuzzInput): Promise<void> {
  const { name, bytes } = file!
  const archive = new Blob([bytes])
  let cursor: ArchiveCursor | null = null
  let files = 0
  do {
    const piece = await listArchive(archive, name, cursor)
    const { offsets, packed, bytes: sizes, compression, links, leftOut, next, method } = piece
    const paths = piece.paths === '' && offsets.length === 0 ? [] : piece.paths.split('\0')
    must(
      [offsets, packed, sizes].every(({ length }) => length === paths.length),
      `there are ${paths.length} paths of ${offsets.length} files`,
    )
    const named = [...paths, ...links.map(({ path }) => path), ...leftOut.map(({ path }) => path)]
    must(!named.some((path) => controls.test(path)), 'a path holds control characters')
    must(
      [...offsets, ...packed, ...sizes].every((number) => isWhole(number)),
      'an offset or a size is no whole number',
    )
    must(next === null || next.at > (cursor?.at ?? -1), 'the list does not come to its end')
    for (const [i, offset] of offsets.entries()) {
      if (files++ > 100 || (compression[i] === 8 && sizes[i]! > mostUnpacked)) continue
      await tried(name, () =>
        readArchived(
          {
            kind: 'archived',
            archive,
            method,
            offset,
            packed: packed[i]!,
            bytes: sizes[i]!,
            ...(method === 'zip' ? { compression: compression[i]! } : {}),
          },
          null,
        ),
      )
    }
    cursor = next
  } while (cursor)
}

export async function readAsModelArchive([file]: FuzzInput): Promise<void> {
  const { name, bytes } = file!
  const entries = await readZip(new Blob([bytes]), name)
  for (const { path, size, head, blob } of entries) {
    must(!controls.test(path), 'a path holds control characters')
    must(isWhole(size), `a file has ${size} bytes`)
    await tried(name, async () => {
      const start = await head(64)
      must(start.length <= 64, 'the first bytes are too many')
      if (size < mostUnpacked) must((await blob()).size <= Math.max(size, bytes.length), 'a file is too long')
    })
  }
}

export async function listAsDataset(input: FuzzInput): Promise<void> {
  const parts = await listDataset(input.map(({ name, bytes }) => ({ name, file: new Blob([bytes]) })))
  for (const { paths, file, offset, stride, width, height, channels } of parts) {
    must(
      [offset, stride, width, height].every((number) => isWhole(number)),
      'a number is not whole',
    )
    const count = paths === '' ? 0 : paths.split('\0').length
    must(stride >= width * height * channels, 'pictures overlap')
    must(
      offset + (count - 1) * stride + width * height * channels <= file.size,
      'a picture lies behind the end',
    )
  }
}

/** A file that cannot be read is refused as a clause. */
async function tried(name: string, read: () => Promise<unknown>): Promise<void> {
  try {
    await read()
  } catch (error) {
    if (error instanceof Wrong) throw error
    const problem = refusalProblem(error, [name])
    must(problem === null, String(problem))
  }
}
