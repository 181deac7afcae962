/**
 * The kit's damaged models: each gives what the manifest demands within seconds and without a request, and the page still
 * works.
 */
import { existsSync } from 'node:fs'
import { describe, expect, inject, it } from 'vitest'
import { brokenOnnx } from '../fixtures/brokenOnnx.ts'
import { fixtures, kit, usePerson } from './person.ts'

const folder = `${kit}broken-models/`
const hasKit = existsSync(folder)
if (!hasKit) console.log(`The kit is not at ${kit}: its broken models are not tried.`)

const refused: readonly [string | readonly string[], RegExp][] = [
  ['truncated-half.h5', /^truncated-half\.h5 is cut off: it should hold 395,144 bytes and has 197,572/],
  ['truncated-superblock.h5', /^truncated-superblock\.h5 is damaged .* ends within its header/],
  ['empty.h5', /^empty\.h5 is empty \(0 bytes\)/],
  ['crlf-mangled.h5', /^crlf-mangled\.h5 is damaged .* transfer in text mode/],
  ['gzipped.h5', /^gzipped\.h5 cannot be opened: it is a gzip archive\. Unpack it/],
  ['header-noise40.h5', /header-noise40\.h5/],
  [
    'model_config-broken-json.h5',
    /^The model configuration inside model_config-broken-json\.h5 cannot be read/,
  ],
  ['wrong-kernel-shape.h5', /kernel of layer "conv2d_1" has shape \[3, 3, 1, 4\] .* says \[3, 3, 1, 5\]/],
  ['no-config.keras', /^no-config\.keras holds weights without the network's architecture/],
  ['truncated.keras', /^truncated\.keras is damaged .* cut off/],
  [
    'weights-swapped.keras',
    /^weights-swapped\.keras: the shapes .* layer "conv2d" needs \[.*\] and the file holds none/,
  ],
  [
    'tfjs-missing-shard/model.json',
    /^model\.json .* shard group1-shard1of1\.bin is not among the dropped files/,
  ],
  ['tfjs-evil-paths/model.json', /shard \.\.\/\.\.\/\.\.\/\.\.\/etc\/passwd is not among the dropped files/],
  [
    ['tfjs-short-weights/model.json', 'tfjs-short-weights/group1-shard1of1.bin'],
    /shard group1-shard1of1\.bin should hold 79,680 bytes and has 79,676/,
  ],
]

const opened: readonly (string | readonly string[])[] = [
  'all-zero-weights.h5',
  'nested-folder.keras',
  'bom-config.keras',
  ['tfjs-bom/model.json', 'tfjs-bom/group1-shard1of1.bin'],
]

function paths(files: string | readonly string[]): string[] {
  return [files].flat().map((file) => folder + file)
}

describe.skipIf(!hasKit)('the kit’s broken models', () => {
  const person = usePerson()

  const ofOnnx = brokenOnnx.map(([file, sentence]) => [`../onnx/broken/${file}`, sentence] as const)

  it.each([...refused, ...ofOnnx])('%s', async (files, sentence) => {
    const { page } = person
    await page.goto(inject('url'))
    await page.getByLabel('Model file').setInputFiles(paths(files))
    const notice = page.locator('.notice')
    await notice.waitFor({ timeout: 5000 })
    expect(await notice.locator('p').innerText()).toMatch(sentence)
    expect(await page.evaluate(() => window.urpatch!.state().model)).toBeNull()
    // Only parts of the app itself were loaded.
    const foreign = person.requests.filter((url) => !/\/(assets\/[^/]+|icon\.svg|start\.webp|)$/.test(url))
    expect(foreign.filter((url) => !/^(blob|data):/.test(url))).toEqual([])
    await page.getByLabel('Model file').setInputFiles(`${fixtures}sequential.h5`)
    await page.waitForFunction(() => window.urpatch!.state().model?.name === 'sequential.h5')
  })

  it.each(opened)('%s opens', async (files) => {
    const { page } = person
    await page.goto(inject('url'))
    await page.getByLabel('Model file').setInputFiles(paths(files))
    await page.waitForFunction(() => window.urpatch!.state().model, null, { timeout: 5000 })
    expect(await page.evaluate(() => window.urpatch!.state().notices)).toEqual([])
  })
})
