/** Small files that ask for more than there is are refused in one sentence, by an engine that goes on working. */
import { describe, expect, it } from 'vitest'
import { readZip } from '../../../src/engine/archives/zip.ts'
import { zipOf } from '../../fixtures/archives.ts'
import { formatFile } from '../fixtureFiles.ts'
import {
  chainOfNodes,
  deepJson,
  doublings,
  type HostileFile,
  largeInput,
  manyTexts,
  sharedModels,
  wideConcat,
  wideConv,
} from '../../fixtures/hostileModels.ts'
import { useWasmEngine } from '../useWasmEngine.ts'

const engine = useWasmEngine()

function open(files: readonly HostileFile[]) {
  return engine.remote.openModel(
    files.map(({ name, content }) => ({ path: name, file: new File([content], name) })),
    { inputSize: null },
  )
}

const refused: readonly [string, () => readonly HostileFile[], RegExp][] = [
  [
    'a billion texts that are not there',
    () => manyTexts(1e9, 4e6),
    /array labels says that it has 1,000,000,000 texts, and the shards end before that/,
  ],
  [
    'models in models, each called twice',
    () => sharedModels(28),
    /^model\.json cannot be opened: it has 268,435,456 layers, and Urpatch opens networks of up to 10,000\.$/,
  ],
  ['models in models without end', () => sharedModels(60), /it has countless layers/],
  ['a chain of 30,000 nodes', () => chainOfNodes(30_000), /it has 10,001 layers/],
  ['a concat of 30,000 nodes', () => wideConcat(30_000), /it has 10,001 layers/],
  [
    'lists in lists',
    () => deepJson(5e7),
    /^model\.json is not valid JSON \(its lists lie more than 500 deep in one another\)/,
  ],
  [
    'an input that no machine holds',
    () => largeInput(20_000, 20_000, 3),
    /^model\.json cannot be opened: its input of \[20000, 20000, 3\] takes 4\.80 GB for one image, more than the 4\.29 GB that can be had\.$/,
  ],
]

describe('refused in one sentence:', () => {
  it.each(refused)('%s', async (_, make, sentence) => {
    await expect(open(make())).rejects.toThrow(sentence)
  })
})

describe('opened:', () => {
  it('as many texts as there are', async () => {
    expect((await open(manyTexts(1e6, 4e6))).network.layers.map(({ name }) => name)).toContain('relu')
  })

  it('models in models that are not too many', async () => {
    expect((await open(sharedModels(8))).network.layers).toHaveLength(257)
  })

  it('a concat of nearly as many nodes as may be, with its fields', async () => {
    const { network } = await open(wideConcat(9990))
    expect(network.layers).toHaveLength(9992)
    expect((await engine.remote.fields())[9991]).toMatchObject({ size: [1, 1], whole: false })
  })

  it('a concat that doubles, up to the layer that no machine holds', async () => {
    const { network } = await open(doublings(40))
    const first = network.layers.findIndex(({ op }) => op === null)
    // Map 21 has 8 · 8 · 3 · 2^22 numbers, in 3.2 GB, and is made of one of half the size.
    expect(network.layers[first]).toMatchObject({
      name: 'd21',
      problem:
        'layer "d21" (ConcatV2) makes [8, 8, 12582912] of each image and needs 4.83 GB for it, more than the 4.29 GB that can be had',
    })
    expect(network.layers.at(-1)).toMatchObject({
      op: null,
      problem: expect.stringMatching(/^comes after layer "d21"/),
    })
  })

  it('what lies before a map that no machine holds', async () => {
    const { network } = await open(wideConv(3000))
    expect(network.layers.map(({ op }) => op?.kind ?? null)).toEqual(['input', 'activation', null, null])
  })
})

describe('archives that unpack to more than there is:', () => {
  const sequential = async (): Promise<Uint8Array<ArrayBuffer>> =>
    new Uint8Array(await (await formatFile('nested.keras')).file.arrayBuffer())
  const bytesOf = async (blob: Blob): Promise<Uint8Array<ArrayBuffer>> =>
    new Uint8Array(await blob.arrayBuffer())

  async function openZip(zip: Blob) {
    return open([{ name: 'archive.zip', content: await bytesOf(zip) }])
  }

  it('entries that lie on top of one another', async () => {
    const zeros = new Uint8Array(1e6)
    const entries = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`${i}.json`, zeros]))
    await expect(openZip(await zipOf(entries, { deflate: true, overlap: true }))).rejects.toThrow(
      'archive.zip is damaged and cannot be read (its entries lie on top of one another)',
    )
  })

  it('archives in archives are searched until they are too many bytes together', async () => {
    const model = await sequential()
    const empty = await bytesOf(await zipOf({ 'readme.txt': 'nothing' }))
    const zipped = async (unpacked: number): Promise<Blob> =>
      zipOf({ 'a/first.zip': empty, 'b/model.keras': model }, { deflate: true, unpacked })
    expect((await openZip(await zipped(4e8))).network.layers.length).toBeGreaterThan(1)
    await expect(openZip(await zipped(6e8))).rejects.toThrow(/archive\.zip/)
  })

  it('an entry of ten gigabytes', async () => {
    const zip = await zipOf(
      { 'model.weights.h5': new Uint8Array(9) },
      { deflate: true, zip64: true, unpacked: 1e10 },
    )
    const [entry] = await readZip(zip, 'large.keras')
    await expect(entry!.blob()).rejects.toThrow(
      'model.weights.h5 unpacks to 10.0 GB, more than a model takes',
    )
  })
})
