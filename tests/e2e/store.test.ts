/** A browser whose room for this page is really used up, and one that is told in the middle of it to delete all that it has of the page. */
import type { BrowserContext, CDPSession, Page } from 'playwright'
import { afterEach, beforeAll, beforeEach, expect, inject, it } from 'vitest'
import { sentence } from '../../src/core/errors.ts'
import { isScanKept } from './isScanKept.ts'
import { fixtures, scanEnds, watchedBrowser } from './person.ts'
import { images, open, results, saved } from './scanOf.ts'

declare global {
  interface Window {
    /** Deletes what the browser has of this page; the test gives it to the page. */
    emptyStore(): Promise<unknown>
    /** Whether that has happened while a scan was being kept. */
    isEmptied?: boolean
  }
}

const small = {
  backend: 'wasm',
  model: `${fixtures}sequential.h5`,
  layers: ['conv_valid'],
  sample: 40,
} as const
const full = sentence('scan/checkpoint-failed', { reason: 'there is no room left for this page' })

const browser = watchedBrowser()
let context: BrowserContext
let page: Page
let session: CDPSession
/** What a scan finds that nobody disturbs. */
let expected: Buffer

beforeAll(async () => {
  context = await browser.newContext({ serviceWorkers: 'block' })
  page = await browser.newPage(context)
  await open(page, small)
  await scan(small.layers)
  expected = await saved(page)
  await context.close()
})

beforeEach(async () => {
  context = await browser.newContext({ serviceWorkers: 'block' })
  page = await browser.newPage(context)
  session = await context.newCDPSession(page)
  await page.exposeFunction('emptyStore', emptyStore)
})
afterEach(() => context.close())

const { origin } = new URL(inject('url'))

function emptyStore(): Promise<unknown> {
  return session.send('Storage.clearDataForOrigin', { origin, storageTypes: 'all' })
}

/** Without a size there is as much room as the browser likes. */
function limitStore(quotaSize?: number): Promise<unknown> {
  return session.send('Storage.overrideQuotaForOrigin', {
    origin,
    ...(quotaSize !== undefined && { quotaSize }),
  })
}

function scan(layers: readonly string[]): Promise<unknown> {
  return page.evaluate((names) => window.urpatch!.scan(names), layers)
}

function notices(): Promise<string[]> {
  return page.evaluate(() => window.urpatch!.state().notices.map(({ text }) => text))
}

it('that is full is said once: the scan goes on, and the next is kept when there is room again', async () => {
  await open(page, small)
  await limitStore(1000)
  await scan(small.layers)
  await page.getByText('Not saved in this browser').waitFor()
  expect(await notices()).toEqual([full])
  expect((await results(page)).equals(expected)).toBe(true)
  await scan(['conv_rect'])
  expect(await notices()).toEqual([full])
  await limitStore()
  await scan(['conv_dilated'])
  await page.getByText('saved in this browser').waitFor()
  expect(await page.evaluate(isScanKept)).toBe(true)
  expect(await notices()).toEqual([full])
})

it('that is emptied while a scan is being kept is filled again', async () => {
  await page.addInitScript(emptyWhileKeeping)
  await open(page, small)
  await scan(small.layers)
  await page.getByText('saved in this browser').waitFor()
  expect(await page.evaluate(() => window.isEmptied)).toBe(true)
  expect((await notices()).filter((text) => text.startsWith('The browser cannot store'))).toEqual([])
  expect((await results(page)).equals(expected)).toBe(true)
  await page.reload()
  await page.getByLabel('Model file').setInputFiles(small.model)
  await page.getByLabel('Image files').setInputFiles(images)
  await scanEnds(page)
  expect((await saved(page)).equals(expected)).toBe(true)
})

/** Empties the store when the first part of a scan has been put into it, and holds the rest up until then. Runs in the page. */
function emptyWhileKeeping(): void {
  const { put } = IDBObjectStore.prototype
  let isFirst = true
  IDBObjectStore.prototype.put = function (...all) {
    const request = put.apply(this, all)
    if (this.name !== 'parts' || !isFirst) return request
    isFirst = false
    // A transaction does not end as long as something is asked of it.
    const hold = (): void => this.count().addEventListener('success', hold)
    hold()
    this.transaction.addEventListener('abort', () => (window.isEmptied = true))
    void window.emptyStore()
    return request
  }
}
