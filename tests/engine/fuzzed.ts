/** @file Damaged files through the engine as a browser runs it: HDF5 in its worker, pictures in the browser's decoders. */
import * as fc from 'fast-check'
import { expect } from 'vitest'
import { codeOf, messageOf } from '../../src/core/errors.ts'
import { waitAtMost } from '../../src/core/timing/waitAtMost.ts'
import { PixelReader, usingPixels } from '../../src/engine/images/decodeImage.ts'
import { readHeader } from '../../src/engine/images/headers/readHeader.ts'
import { spawnEngine } from '../../src/state/workers/workers.ts'
import { byteEdits, editBytes } from '../fuzz/inputs/editBytes.ts'
import { words } from '../fuzz/inputs/words.ts'
import { sentenceProblem } from '../fuzz/oracles/check.ts'
import { formatFile } from './fixtureFiles.ts'

const longest = { ticks: 1, tickMs: 5000 }
/** Larger pictures take long, and show nothing new. */
const mostPixels = 4e6

interface Counts {
  opened: number
  refused: number
}

type Bytes = Uint8Array<ArrayBuffer>

/** `open` rejects with an error for the user. */
async function campaign(
  files: readonly Bytes[],
  tokens: readonly string[],
  runs: number,
  seed: number,
  open: (bytes: Bytes) => Promise<void>,
): Promise<Counts> {
  const counts = { opened: 0, refused: 0 }
  const inputs = fc.record({ file: fc.constantFrom(...files), edits: byteEdits(tokens) })
  await fc.assert(
    fc.asyncProperty(inputs, async ({ file, edits }) => {
      const answer = open(editBytes(file, edits)).then(
        () => null,
        (error: unknown) => error,
      )
      const done = await waitAtMost(answer, longest)
      expect(done, 'gives no answer within 5 s').not.toBeNull()
      const error = done!.result
      if (error === null) counts.opened++
      else {
        expect([codeOf(error) === null, sentenceProblem(messageOf(error))], messageOf(error)).toEqual([
          false,
          null,
        ])
        counts.refused++
      }
    }),
    { numRuns: runs, seed },
  )
  return counts
}

/** Afterwards the same engine opens a file that is right. */
export async function fuzzHdf5(runs: number, seed: number): Promise<Counts> {
  const names = ['half.h5', 'userblock-latest.h5', 'nested.h5']
  const files = await Promise.all(names.map(async (name) => (await formatFile(name)).file))
  const { remote, terminate } = spawnEngine()
  try {
    await remote.start('wasm')
    const open = async (file: File): Promise<void> => {
      const { network } = await remote.openModel([{ path: file.name, file }], { inputSize: null })
      const lengths = network.layers.flatMap((layer) => (layer.op === null ? [] : layer.shape))
      expect(lengths.filter((length) => !Number.isSafeInteger(length) || length < 1)).toEqual([])
    }
    const bytes = await Promise.all(files.map(async (file) => new Uint8Array(await file.arrayBuffer())))
    const counts = await campaign(bytes, words.hdf5, runs, seed, (one) => open(new File([one], 'a.h5')))
    for (const file of files) await open(file)
    return counts
  } finally {
    terminate()
  }
}

const pictures: Readonly<Record<string, string>> = import.meta.glob('../fixtures/fuzz/pictures/*', {
  query: '?url',
  import: 'default',
  eager: true,
})

export async function fuzzPictures(runs: number, seed: number): Promise<Counts> {
  const bytesOf = async (url: string): Promise<Bytes> =>
    new Uint8Array(await (await fetch(url)).arrayBuffer())
  const files = await Promise.all(Object.values(pictures).map(bytesOf))
  const reader = new PixelReader()
  try {
    return await campaign(files, words.picture, runs, seed, async (bytes) => {
      const { width, height } = await readHeader(bytes)
      if (width * height > mostPixels) return
      const found = await usingPixels(new Blob([bytes]), 'apply', reader, (pixels) => pixels)
      expect(found.data.length).toBe(4 * found.width * found.height)
    })
  } finally {
    reader.dispose()
  }
}
