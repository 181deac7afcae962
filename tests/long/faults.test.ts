/**
 * Deaths at random times of scans: workers, the gallery, the page and its process are killed, and each scan has to end with
 * the results file of an undisturbed one, byte for byte. All is drawn from one seed.
 *
 * `URPATCH_FAULTS` says how many deaths (200), `URPATCH_FAULTS_SEED` is the seed (1).
 */
import type { BrowserContext, Page } from 'playwright'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { watchedBrowser } from '../e2e/person.ts'
import { demo, impatientPage, open, saved, scanned, type Setting, workersOf } from '../e2e/scanOf.ts'
import { seeded } from '../fixtures/random.ts'

const deaths = Number(process.env['URPATCH_FAULTS'] ?? 200)
const seed = Number(process.env['URPATCH_FAULTS_SEED'] ?? 1)

const setting: Setting = {
  backend: 'wasm',
  model: `${demo}model.h5`,
  layers: ['conv2d_2', 'conv2d_5'],
  sample: 960,
}

/** What may die, in the shares of 96 deaths that were tried by hand, with more of those that take the page along. */
const kinds = ['worker', 'worker', 'worker', 'gallery', 'reload', 'renderer'] as const
type Kind = (typeof kinds)[number]

interface Death {
  readonly kind: Kind
  /** The share of the images that have been scanned before. */
  readonly after: number
  /** Milliseconds until it comes, so that it may fall into any moment of a batch. */
  readonly wait: number
}

/** Scans with one to five deaths each, in the order in which they come. */
function plan(): readonly (readonly Death[])[] {
  const random = seeded(seed)
  const scans: Death[][] = []
  for (let left = deaths; left > 0; left -= scans.at(-1)!.length)
    scans.push(
      Array.from({ length: Math.min(left, random.int(1, 5)) }, () => ({
        kind: random.pick(kinds),
        after: random.next() * 0.9,
        wait: random.int(0, 300),
      })).toSorted((a, b) => a.after - b.after),
    )
  return scans
}

/** A scan takes seconds: one that has not ended after so many milliseconds hangs. */
const hangs = 900_000

const browser = watchedBrowser()
let undisturbed: Buffer
const counts = new Map<string, number>()

function count(what: string): void {
  counts.set(what, (counts.get(what) ?? 0) + 1)
}

interface Marks {
  scanBegan?: 'resumed' | 'kept' | 'begun'
  scanEnded?: boolean
}

/** Begins or goes on with the scan, as a person who comes back does, and notes in the page when it has ended. */
async function scan(page: Page): Promise<string> {
  await page.evaluate((layers) => {
    const state = () => window.urpatch!.state()
    const marks = window as Marks
    void (async () => {
      await state().findScan()
      const isKept = state().results.size > 0
      marks.scanBegan = state().resumable ? 'resumed' : isKept ? 'kept' : 'begun'
      if (!(await state().resumeScan())) await window.urpatch!.scan(layers)
      marks.scanEnded = true
    })()
  }, setting.layers)
  const began = await page.waitForFunction(() => (window as Marks).scanBegan, undefined, { timeout: hangs })
  return began.jsonValue() as Promise<string>
}

async function end(page: Page): Promise<Buffer> {
  await page.waitForFunction(() => (window as Marks).scanEnded, undefined, {
    timeout: hangs,
  })
  return saved(page)
}

/** Waits as long as the test does for what is only slow: a busy machine is no fault. */
async function newContext(): Promise<BrowserContext> {
  const context = await browser.newContext({ serviceWorkers: 'block' })
  context.setDefaultTimeout(0)
  return context
}

async function openAndScan(context: BrowserContext): Promise<Page> {
  const page = await impatientPage(browser, context)
  await open(page, setting)
  await scan(page)
  return page
}

/** Kills, and returns the page on which the scan goes on. */
async function die(kind: Kind, page: Page, context: BrowserContext, pick: () => number): Promise<Page> {
  if (kind === 'worker' || kind === 'gallery') {
    const workers = workersOf(page, kind === 'worker' ? 'engine' : 'gallery')
    await workers[Math.floor(pick() * workers.length)]?.evaluate(() => self.close()).catch(() => undefined)
    return page
  }
  let next = page
  if (kind === 'renderer') {
    const crashed = page.waitForEvent('crash')
    const session = await context.newCDPSession(page)
    session.send('Page.crash').catch(() => undefined)
    await crashed
    await page.close()
    next = await impatientPage(browser, context)
  }
  await open(next, setting)
  count(await scan(next))
  return next
}

beforeAll(async () => {
  const context = await newContext()
  undisturbed = await end(await openAndScan(context))
  await context.close()
})

afterAll(() => {
  const told = [...counts].map(([what, times]) => `${times} ${what}`).join(', ')
  process.stdout.write(`Seed ${seed}: ${told}.\n`)
})

const scans = plan().map(
  (coming, i) => [`scan ${i + 1}: ${coming.map(({ kind }) => kind).join(', ')}`, i, coming] as const,
)

it.each(scans)('%s', async (_, i, coming) => {
  const random = seeded(seed * 1000 + i)
  const context = await newContext()
  let page = await openAndScan(context)
  for (const { kind, after, wait } of coming) {
    await Promise.race([
      scanned(page, after * setting.sample, hangs),
      page.waitForFunction(() => (window as Marks).scanEnded, undefined, { timeout: 0 }),
    ])
    await page.waitForTimeout(wait)
    page = await die(kind, page, context, () => random.next())
    count(kind)
  }
  expect((await end(page)).equals(undisturbed)).toBe(true)
  await context.close()
})
