/**
 * One page that is used for as long as `URPATCH_SOAK_MINUTES` says, 60 if it says nothing: models, layers, pauses, channels,
 * exports and reloads at random, from the seed `URPATCH_SOAK_SEED`. From time to time it comes to rest, in the same state each
 * time, and what it holds then is counted. The table of the rests (CSV) and a picture of it (SVG) are written after each into the
 * folder for temporary files, so that a run that is broken off has them, too.
 */
import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Browser, CDPSession, Page } from 'playwright'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { launchChromium } from '../../src/cli/browser.mjs'
import { heapBytes } from '../bench/heaps.mjs'
import { descendantBytes, descendantFiles } from '../bench/processMemory.mjs'
import { dismissNotices } from '../e2e/person.ts'
import { seeded } from '../fixtures/random.ts'
import { bitmapsOf, watchBitmaps } from './bitmaps.ts'
import { csvOf, curvesSvg } from './curves.ts'

const minutes = Number(process.env['URPATCH_SOAK_MINUTES'] ?? 60)
const seed = Number(process.env['URPATCH_SOAK_SEED'] ?? 1)
const random = seeded(seed)
const root = path.resolve(import.meta.dirname, '../..')
const at = (file: string): string => path.join(root, file)

const models = [
  at('tests/fixtures/sequential.h5'),
  at('tests/fixtures/formats/nested.h5'),
  at('public/demo/model.h5'),
]
const sources = [
  { label: 'Image folder', place: at('tests/fixtures/images') },
  { label: 'Image files', place: at('public/demo/images.zip') },
]
/** So many images that each engine gets some. */
const restState = { model: models[0]!, source: sources[1]!, sample: '240' }
const samples = ['12', 'random:40:1', 'random:60:2']
const scales = ['0..1', '-1..1']
const stepsBetweenRests = 12
/** At least so many rests at the beginning, and at the end. */
const leastCompared = 3
/** Three minutes after its start Chromium starts a process for language models, which opens files of its own. */
const chromiumSettles = 240

type Rest = {
  readonly seconds: number
  readonly steps: number
  /** Bytes of the page and its workers after a garbage collection, array buffers and WASM memory included. */
  readonly heap: number
  readonly tensors: number
  readonly workers: number
  /** `ImageBitmap`s of the page and its workers that are not closed, and the bytes of their pixels. */
  readonly bitmaps: number
  readonly bitmapBytes: number
  readonly records: number
  readonly files: number
  /** Bytes, as the system counts them for all processes of the browser: told, but not judged, as Chromium keeps caches. */
  readonly processes: number
  /** Which workers they are. */
  readonly names: string
}

let browser: Browser
let page: Page
let debug: CDPSession
let model = ''
let source = ''
beforeAll(async () => {
  browser = await launchChromium()
  page = await (await browser.newContext({ acceptDownloads: true })).newPage()
  // `withinTime` says which step takes too long.
  page.setDefaultTimeout(0)
  await watchBitmaps(page)
  debug = await page.context().newCDPSession(page)
  await page.goto(inject('url'))
})
afterAll(() => browser.close())

/** Playwright's own `setInputFiles` never lets go of the elements, and these hold their files: 20 kB for each call. */
async function choose(label: string, file: string): Promise<void> {
  const input = `input[aria-label="${label}"]`
  await page.waitForFunction((selector) => document.querySelector(selector) !== null, input)
  const { result } = await debug.send('Runtime.evaluate', {
    expression: `document.querySelector(${JSON.stringify(input)})`,
  })
  const objectId = result.objectId!
  await debug.send('DOM.setFileInputFiles', { files: [file], objectId })
  await debug.send('Runtime.releaseObject', { objectId })
}

/** Opens files as a user does, and waits until they are there. What is open already stays. */
async function open(what: 'model' | 'images', label: string, file: string): Promise<void> {
  const before = await page.evaluateHandle((name) => window.urpatch!.state()[name], what)
  await choose(label, file)
  await page.waitForFunction(
    ([old, name]) => {
      const now = window.urpatch!.state()[name as 'model' | 'images']
      return now !== null && now !== old
    },
    [before, what] as const,
  )
  await before.dispose()
}

async function openModel(file: string): Promise<void> {
  if (file === model) return
  await open('model', 'Model file', file)
  model = file
}

async function openImages({ label, place }: (typeof sources)[number]): Promise<void> {
  if (place === source) return
  await open('images', label, place)
  source = place
}

interface Soaking extends Window {
  soaked?: Promise<unknown>
}

/** Starts a scan of some layers; `scanned` waits for its end. */
async function startScan(layers: number): Promise<void> {
  const names = await page.evaluate(() => {
    const { network, notScannable } = window.urpatch!.state().model!
    return network.layers.filter((_, i) => notScannable[i] === null).map(({ name }) => name)
  })
  // All pictures of the demo take too long on the way.
  if (source === sources[1]!.place) await configure(random.pick(samples), random.pick(scales))
  await page.evaluate(
    (chosen) => {
      ;(window as Soaking).soaked = window.urpatch!.scan(chosen).catch(() => undefined)
    },
    random.shuffled(names).slice(0, layers),
  )
}

const scanned = (): Promise<unknown> => page.evaluate(() => (window as Soaking).soaked)
const idle = (most: number): Promise<void> => page.waitForTimeout(random.int(0, most))

async function configure(sample: string, scale: string): Promise<void> {
  await page.evaluate(
    ([images, range]) =>
      window.urpatch!.configure({
        settings: { scale: range },
        k: 16,
        classes: null,
        splits: null,
        sample: images!,
      }),
    [sample, scale],
  )
}

/** Looks at some channels and patches, with heat-maps now and then. */
async function look(): Promise<void> {
  for (let n = random.int(1, 5); n > 0; n--) {
    await page.evaluate(
      ([channel, patch]) => window.urpatch!.state().showChannel(channel!, patch),
      [random.int(0, 3), random.int(0, 3)],
    )
    await idle(300)
    if (random.int(0, 2) === 0) await page.keyboard.press('h')
  }
  await page.evaluate(() => window.urpatch!.state().showChannel(null))
}

const steps: Readonly<Record<string, () => Promise<void>>> = {
  model: () => openModel(random.pick(models)),
  images: () => openImages(random.pick(sources)),
  settings: () => configure(random.pick(samples), random.pick(scales)),
  async scan() {
    await startScan(random.int(1, 3))
    await scanned()
  },
  async pause() {
    await startScan(2)
    await idle(400)
    await page.evaluate(() => window.urpatch!.state().pause())
    await look()
    await page.evaluate(() => window.urpatch!.state().resume())
    await scanned()
  },
  async stop() {
    await startScan(2)
    await idle(600)
    await page.evaluate(() => window.urpatch!.state().stop())
    await scanned()
  },
  async export() {
    if (!(await page.evaluate(() => window.urpatch!.state().results.size > 0))) return
    const ending = random.pick(['urpatch.json', 'urpatch', 'npz', 'csv', 'html'])
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.evaluate((name) => window.urpatch!.save(name), `soak.${ending}`),
    ])
    await download.path()
    await download.delete()
  },
  look,
  async reload() {
    if (random.int(0, 3) > 0) return
    const [wanted, place] = [model, source]
    await page.reload()
    model = source = ''
    await openModel(wanted)
    await openImages(sources.find((one) => one.place === place)!)
  },
}

/** Mosaics are drawn one after the other: when none has come for a while, all are there. */
async function allDrawn(): Promise<void> {
  let drawn = 0
  for (let quiet = 0; quiet < 6; quiet++) {
    await page.waitForTimeout(1000)
    const { count } = await bitmapsOf(page)
    if (count !== drawn || count === 0) quiet = 0
    drawn = count
  }
}

/** The same state each time: model, images, one layer scanned and shown, nothing kept. */
async function rest(begun: number, done: number): Promise<Rest> {
  // Of what is kept, a scan of the same model and images would come back by itself, with its own sample.
  await page.evaluate(() => window.urpatch!.state().forgetAll())
  await openModel(restState.model)
  await openImages(restState.source)
  await page.evaluate(() => window.urpatch!.state().findScan())
  await configure(restState.sample, '0..1')
  // The test of a model that was just opened has an engine of its own, and what an engine keeps depends on what it did last.
  await page.waitForFunction(
    () => !['waiting', 'running'].includes(window.urpatch!.state().selfTest?.status ?? ''),
    undefined,
    { timeout: 0 },
  )
  await page.evaluate(() => window.urpatch!.scan(['conv_valid']))
  // The gallery keeps pictures that were on the page for a moment, until other images are opened. Undo brings the results back,
  // so that all patches are drawn anew. Notices from before hold older results.
  await dismissNotices(page)
  await openImages(sources[0]!)
  const undo = await page.waitForFunction(
    () => window.urpatch!.state().notices.find(({ action }) => action?.label === 'Undo')?.action,
  )
  await undo.evaluate((action) => action!.run())
  await undo.dispose()
  await page.waitForFunction(() => window.urpatch!.state().results.size > 0)
  source = restState.source.place
  await page.evaluate(() => window.urpatch!.state().showLayer('conv_valid'))
  await dismissNotices(page)
  await allDrawn()
  await page.evaluate(() => window.urpatch!.state().forgetAll())
  const tensors = await page.evaluate(() => window.urpatch!.tensorCount())
  const records = await page.evaluate(async () => {
    let sum = 0
    for (const { name } of await indexedDB.databases()) {
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const request = indexedDB.open(name!)
        request.addEventListener('success', () => resolve(request.result))
        request.addEventListener('error', () => reject(request.error!))
      })
      for (const store of database.objectStoreNames)
        sum += await new Promise<number>((resolve, reject) => {
          const request = database.transaction(store).objectStore(store).count()
          request.addEventListener('success', () => resolve(request.result))
          request.addEventListener('error', () => reject(request.error!))
        })
      database.close()
    }
    return sum
  })
  // Garbage is collected before bitmaps are counted.
  const heap = await heapBytes(page)
  const bitmaps = await bitmapsOf(page)
  const workers = page.workers().map((worker) => path.basename(worker.url()).split('.')[0]!)
  return {
    seconds: Math.round((performance.now() - begun) / 1000),
    steps: done,
    heap,
    tensors,
    workers: workers.length,
    bitmaps: bitmaps.count,
    bitmapBytes: bitmaps.bytes,
    records,
    files: descendantFiles(process.pid),
    processes: descendantBytes(process.pid).all,
    names: workers.toSorted().join(' '),
  }
}

/** A step that takes longer hangs. */
const longest = 600_000

async function withinTime<T>(name: string, step: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), longest)
  })
  const done = await Promise.race([step.then((result) => ({ result })), late]).finally(() =>
    clearTimeout(timer),
  )
  if (done) return done.result
  const told = await page.evaluate(() => window.urpatch!.state().notices.map(({ text }) => text))
  throw new Error(`The step ${name} did not come to its end. The page says: ${told.join(' ')}`)
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!
}

it('what a page holds at the end is what it held at the beginning', { timeout: 0 }, async () => {
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  page.on('crash', () => errors.push('the page has crashed'))
  const curves = path.join(
    tmpdir(),
    `urpatch-soak-${seed}-${new Date().toISOString().slice(0, 16).replace(':', '')}`,
  )
  process.stdout.write(`Curves: ${curves}.csv and .svg\n`)
  const begun = performance.now()
  await openModel(restState.model)
  await openImages(restState.source)
  const rests: Rest[] = []
  const settled = (): readonly Rest[] => rests.filter(({ seconds }) => seconds > chromiumSettles)
  let done = 0
  const counts: Record<string, number> = {}
  while (performance.now() - begun < minutes * 60_000 || settled().length < 3 * leastCompared) {
    for (let n = 0; n < stepsBetweenRests; n++) {
      const name = random.pick(Object.keys(steps))
      await withinTime(name, steps[name]!())
      counts[name] = (counts[name] ?? 0) + 1
      done++
    }
    const now = await withinTime('rest', rest(begun, done))
    rests.push(now)
    writeFileSync(`${curves}.csv`, csvOf(rests))
    writeFileSync(`${curves}.svg`, curvesSvg(rests, `What a page holds at rest, seed ${seed}`))
  }
  console.info(
    Object.entries(counts)
      .map(([name, count]) => `${count} × ${name}`)
      .join(', '),
  )
  expect(errors).toEqual([])
  // What a page holds depends on what it has done since it was loaded, so medians of many rests are compared.
  const compared = Math.floor(settled().length / 3)
  for (const name of ['heap', 'tensors', 'workers', 'bitmaps', 'records', 'files'] as const) {
    const first = median(
      settled()
        .slice(0, compared)
        .map((one) => one[name]),
    )
    const last = median(
      settled()
        .slice(-compared)
        .map((one) => one[name]),
    )
    expect(
      Math.abs(last - first),
      `${name}: ${first} at the beginning, ${last} at the end`,
    ).toBeLessThanOrEqual(0.05 * first)
  }
})
