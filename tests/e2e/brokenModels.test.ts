/**
 * The kit's damaged models, one after the other on one page: each gives what the manifest demands without a request, and
 * the page still works.
 */
import { existsSync } from 'node:fs'
import { beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import { brokenOnnx } from '../fixtures/brokenOnnx.ts'
import { dismissNotices, fixtures, kit, useStayingPerson } from './person.ts'

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
  const person = useStayingPerson()
  beforeAll(() => person.page.goto(inject('url')))
  beforeEach(() => dismissNotices(person.page))

  const ofOnnx = brokenOnnx.map(([file, sentence]) => [`../onnx/broken/${file}`, sentence] as const)

  it.each([...refused, ...ofOnnx])('%s', async (files, sentence) => {
    const { page } = person
    const before = await page.evaluateHandle(() => window.urpatch!.state().model)
    await page.getByLabel('Model file').setInputFiles(paths(files))
    const notice = page.locator('.notice')
    await notice.waitFor()
    expect(await notice.locator('p').innerText()).toMatch(sentence)
    // What was open stays open.
    expect(await page.evaluate((model) => window.urpatch!.state().model === model, before)).toBe(true)
    // Only parts of the app itself were loaded.
    const foreign = person.requests.filter((url) => !/\/(assets\/[^/]+|icon\.svg|start\.webp|)$/.test(url))
    expect(foreign.filter((url) => !/^(blob|data):/.test(url))).toEqual([])
    await page.getByLabel('Model file').setInputFiles(`${fixtures}sequential.h5`)
    await page.waitForFunction((model) => window.urpatch!.state().model !== model, before)
    expect(await page.evaluate(() => window.urpatch!.state().model!.name)).toBe('sequential.h5')
  })

  it.each(opened)('%s opens', async (files) => {
    const { page } = person
    const before = await page.evaluateHandle(() => window.urpatch!.state().model)
    await page.getByLabel('Model file').setInputFiles(paths(files))
    await page.waitForFunction((model) => window.urpatch!.state().model !== model, before)
    expect(await page.evaluate(() => window.urpatch!.state().notices)).toEqual([])
  })
})
