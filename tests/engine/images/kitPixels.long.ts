/**
 * @file The kit's 7,454 pictures become the notebook's tensors to the last bit. The digests were made by TensorFlow
 * (make_kit_pixels.py): one per class, and one for each picture that is not 96×96 or not RGB. JPEGs are compared with
 * libjpeg's exact transform; TensorFlow's default is a faster one, which is off by up to 18 grey levels, 1 on average.
 */
import { expect, it } from 'vitest'
import { notebookPreprocessing } from '../../../src/core/preprocessing/preprocessing.ts'
import { withSettings } from '../../../src/core/preprocessing/withSettings.ts'
import { decodeBatch } from '../../../src/engine/images/decodeBatch.ts'
import { PixelReader } from '../../../src/engine/images/decodeImage.ts'
import expected from '../../fixtures/kit-pixels.json'
import { kitFile, kitText } from '../kitFiles.ts'

const inputShape = [96, 96, 3] as const
const rowSize = 96 * 96 * 3
const batchSize = 64
const folder = 'seed/cats-dogs-plants'

it(
  'decodes and resizes every picture of the kit as the notebook does',
  { timeout: 600_000 },
  async ({ skip }) => {
    const index = await kitText(`${folder}/classes-and-fnames.txt`)
    if (index === null) skip('the kit of real data is not beside the project')
    const paths = index!
      .trimEnd()
      .split(/\r?\n/)
      .map((line) => line.replace('\t', '/'))
    const reader = new PixelReader()
    const digests: Uint8Array<ArrayBuffer>[] = []
    const read = (from: number) =>
      Promise.all(paths.slice(from, from + batchSize).map((path) => kitFile(`${folder}/${path}`)))
    let next = read(0)
    for (let from = 0; from < paths.length; from += batchSize) {
      const files = await next
      next = read(from + batchSize)
      const items = files.map(({ file }, i) => ({ image: from + i, handle: file }))
      const batch = await decodeBatch(items, batchSize, inputShape, notebookPreprocessing, reader)
      expect(batch.skipped).toEqual([])
      digests.push(
        ...(await Promise.all(
          items.map((_, row) => sha256(batch.data.slice(row * rowSize, (row + 1) * rowSize))),
        )),
      )
    }
    reader.dispose()
    expect(digests).toHaveLength(7454)
    const odd = paths.flatMap((path, i) =>
      Object.hasOwn(expected.odd, path) ? [[path, hex(digests[i]!).slice(0, 16)] as const] : [],
    )
    expect(Object.fromEntries(odd)).toEqual(expected.odd)
    const classes = new Map<string, Uint8Array<ArrayBuffer>[]>()
    for (const [i, path] of paths.entries()) {
      const name = path.slice(0, path.indexOf('/'))
      classes.set(name, [...(classes.get(name) ?? []), digests[i]!])
    }
    const ofClasses = await Promise.all(
      [...classes].map(async ([name, all]) => {
        const joined = new Uint8Array(all.flatMap((digest) => [...digest]))
        return [name, hex(await sha256(joined))] as const
      }),
    )
    expect(Object.fromEntries(ofClasses)).toEqual(expected.classes)
  },
)

it.for(Object.entries(expected.jpegs))(
  "decodes %s to TensorFlow's INTEGER_ACCURATE bytes, turned by no EXIF",
  async ([path, { height, width, sha256: digest }], { skip }) => {
    if ((await kitText('README.md')) === null) skip('the kit of real data is not beside the project')
    const reader = new PixelReader()
    const { file } = await kitFile(path)
    const bytes = withSettings({ preset: 'raw' })
    const batch = await decodeBatch([{ image: 0, handle: file }], 1, [height, width, 3], bytes, reader)
    reader.dispose()
    expect(batch.skipped).toEqual([])
    expect(hex(await sha256(Uint8Array.from(batch.data)))).toBe(digest)
  },
)

async function sha256(
  data: Float32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', data))
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
