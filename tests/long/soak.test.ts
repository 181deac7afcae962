/**
 * One page that is used for as long as `URPATCH_SOAK_MINUTES` says, 60 if it says nothing: models, layers, pauses, channels,
 * exports and reloads at random, from the seed `URPATCH_SOAK_SEED`. From time to time it comes to rest, in the same state each
 * time, and what it holds then is counted. The rests are printed as a table (CSV).
 */
import path from 'node:path'
import type { Browser, Page } from 'playwright'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { launchChromium } from '../../src/cli/browser.mjs'
import { heapBytes } from '../bench/heaps.mjs'
import { descendantBytes, descendantFiles } from '../bench/processMemory.mjs'
import { seeded } from '../fixtures/random.ts'

const minutes = Number(process.env['URPATCH_SOAK_MINUTES'] ?? 60)
const random = seeded(Number(process.env['URPATCH_SOAK_SEED'] ?? 1))
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
const restState = { model: models[0]!, source: sources[0]! }
const samples = ['12', 'random:40:1', 'random:60:2']
const scales = ['0..1', '-1..1']
const stepsBetweenRests = 12
/** At least so many rests at the beginning, and at the end. */
const leastCompared = 3

interface Rest {
  readonly seconds: number
  readonly steps: number
  /** Bytes of the page and its workers after a garbage collection, array buffers and WASM memory included. */
  readonly heap: number
  readonly tensors: number
  readonly workers: number
  readonly records: number
  readonly files: number
  /** Bytes, as the system counts them for all processes of the browser: told, but not judged, as Chromium keeps caches. */
  readonly processes: number
}

let browser: Browser
let page: Page
let model = ''
let source = ''
beforeAll(async () => {
  browser = await launchChromium()
  page = await (await browser.newContext({ acceptDownloads: true })).newPage()
  await page.goto(inject('url'))
})
afterAll(() => browser.close())

/** Opens files as a user does, and waits until they are there. What is open already stays. */
async function open(what: 'model' | 'images', label: string, file: string): Promise<void> {
  const before = await page.evaluateHandle((name) => window.urpatch!.state()[name], what)
  await page.getByLabel(label).setInputFiles(file)
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

/** The same state each time: model, images, one layer scanned, nothing kept. */
async function rest(begun: number, done: number): Promise<Rest> {
  await openModel(restState.model)
  await openImages(restState.source)
  await configure('all', '0..1')
  await page.evaluate(() => window.urpatch!.scan(['conv_valid']))
  await page.evaluate(() => window.urpatch!.state().forgetAll())
  await page.waitForTimeout(2000)
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
  return {
    seconds: Math.round((performance.now() - begun) / 1000),
    steps: done,
    heap: await heapBytes(page),
    tensors,
    workers: page.workers().length,
    records,
    files: descendantFiles(process.pid),
    processes: descendantBytes(process.pid).all,
  }
}

/** A step that takes longer hangs. */
const longest = 180_000

async function withinTime<T>(name: string, step: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`The step ${name} did not come to its end.`)), longest)
  })
  return Promise.race([step, late]).finally(() => clearTimeout(timer))
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!
}

it('what a page holds at the end is what it held at the beginning', async () => {
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  page.on('crash', () => errors.push('the page has crashed'))
  const begun = performance.now()
  await openModel(restState.model)
  await openImages(restState.source)
  const rests: Rest[] = []
  let done = 0
  const counts: Record<string, number> = {}
  while (performance.now() - begun < minutes * 60_000 || rests.length < 3 * leastCompared) {
    for (let n = 0; n < stepsBetweenRests; n++) {
      const name = random.pick(Object.keys(steps))
      await withinTime(name, steps[name]!())
      counts[name] = (counts[name] ?? 0) + 1
      done++
    }
    const now = await withinTime('rest', rest(begun, done))
    if (rests.length === 0) console.info(Object.keys(now).join(','))
    console.info(Object.values(now).join(','))
    rests.push(now)
  }
  console.info(
    Object.entries(counts)
      .map(([name, count]) => `${count} × ${name}`)
      .join(', '),
  )
  expect(errors).toEqual([])
  // What a page holds depends on what it has done since it was loaded, so medians of many rests are compared.
  const compared = Math.floor(rests.length / 3)
  for (const name of ['heap', 'tensors', 'workers', 'records', 'files'] as const) {
    const first = median(rests.slice(0, compared).map((one) => one[name]))
    const last = median(rests.slice(-compared).map((one) => one[name]))
    expect(
      Math.abs(last - first),
      `${name}: ${first} at the beginning, ${last} at the end`,
    ).toBeLessThanOrEqual(0.05 * first)
  }
})
