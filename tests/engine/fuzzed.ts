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

/** An answer that takes longer is late if another opener opens all right files so often before it comes: the machine may be busy. */
const longest = { ticks: 1, tickMs: 5000 }
const openingsMeanwhile = 50
/** Larger pictures take long, and show nothing new. */
const mostPixels = 4e6

interface Counts {
  opened: number
  refused: number
}

type Bytes = Uint8Array<ArrayBuffer>

/** What opens files; `open` rejects with an error for the user. */
interface Opener {
  open(bytes: Bytes): Promise<void>
  close(): void
}

/** A failure names the file and its changes, and not its bytes, which would fill the screen. */
async function campaign(
  files: ReadonlyMap<string, Bytes>,
  tokens: readonly string[],
  runs: number,
  seed: number,
  start: () => Promise<Opener>,
): Promise<Counts> {
  const counts = { opened: 0, refused: 0 }
  let opener = await start()
  // What the first file of a kind needs is loaded with it, which is not what is judged.
  for (const bytes of files.values()) await opener.open(bytes)
  const answerTo = async (bytes: Bytes): Promise<{ error: unknown } | null> => {
    const answer = opener.open(bytes).then(
      () => null,
      (error: unknown) => error,
    )
    const done =
      (await waitAtMost(answer, longest)) ??
      (await Promise.race([answer.then((result) => ({ result })), late()]))
    return done && { error: done.result }
  }
  const late = async (): Promise<null> => {
    const other = await start()
    try {
      for (let n = 0; n < openingsMeanwhile; n++) for (const bytes of files.values()) await other.open(bytes)
    } finally {
      other.close()
    }
    return null
  }
  const inputs = fc.record({ file: fc.constantFrom(...files.keys()), edits: byteEdits(tokens) })
  try {
    await fc.assert(
      fc.asyncProperty(inputs, async ({ file, edits }) => {
        const bytes = editBytes(files.get(file)!, edits)
        let answer = await answerTo(bytes)
        if (!answer) {
          // It counts if it happens again: a file before it may have led HDF5 astray, which ends with its worker in the app.
          opener.close()
          opener = await start()
          answer = await answerTo(bytes)
        }
        expect(answer, 'gives no answer within 5 s').not.toBeNull()
        const { error } = answer!
        if (error === null) counts.opened++
        else {
          const problem = codeOf(error) === null ? 'is none of ours' : sentenceProblem(messageOf(error))
          expect(problem, messageOf(error)).toBeNull()
          counts.refused++
        }
      }),
      { numRuns: runs, seed },
    )
    // Afterwards the same one opens files that are right.
    for (const bytes of files.values()) await opener.open(bytes)
    return counts
  } finally {
    opener.close()
  }
}

async function startEngine(): Promise<Opener> {
  const { remote, terminate } = spawnEngine()
  await remote.start('wasm')
  const open = async (bytes: Bytes): Promise<void> => {
    const file = new File([bytes], 'a.h5')
    const { network } = await remote.openModel([{ path: file.name, file }], { inputSize: null })
    const lengths = network.layers.flatMap((layer) => (layer.op === null ? [] : layer.shape))
    expect(lengths.filter((length) => !Number.isSafeInteger(length) || length < 1)).toEqual([])
  }
  return { open, close: terminate }
}

export async function fuzzHdf5(runs: number, seed: number): Promise<Counts> {
  const files = new Map<string, Bytes>()
  for (const name of ['half.h5', 'userblock-latest.h5', 'nested.h5'])
    files.set(name, new Uint8Array(await (await formatFile(name)).file.arrayBuffer()))
  return campaign(files, words.hdf5, runs, seed, startEngine)
}

const pictures: Readonly<Record<string, string>> = import.meta.glob('../fixtures/fuzz/pictures/*', {
  query: '?url',
  import: 'default',
  eager: true,
})

function startReader(): Promise<Opener> {
  const reader = new PixelReader()
  const open = async (bytes: Bytes): Promise<void> => {
    const { width, height } = await readHeader(bytes)
    if (width * height > mostPixels) return
    const found = await usingPixels(new Blob([bytes]), 'apply', reader, (pixels) => pixels)
    expect(found.data.length).toBe(4 * found.width * found.height)
  }
  return Promise.resolve({ open, close: () => reader.dispose() })
}

export async function fuzzPictures(runs: number, seed: number): Promise<Counts> {
  const files = new Map<string, Bytes>()
  for (const [path, url] of Object.entries(pictures)) {
    const answer = await fetch(url)
    files.set(path.slice(path.lastIndexOf('/') + 1), new Uint8Array(await answer.arrayBuffer()))
  }
  return campaign(files, words.picture, runs, seed, startReader)
}
