/**
 * Browsers that can do less than Chromium does here, or may do less: a scan finds the same in them, and what is lost is told in one
 * sentence.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { deflateSync } from 'node:zlib'
import type { BrowserContext, Page } from 'playwright'
import { chromium } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest'
import { browserFlags, ensureChromium } from '../../src/cli/chromium.mjs'
import type { ResultsFile } from '../../src/core/results/resultsFile.ts'
import { pngBytes } from '../engine/pngFile.ts'
import pictures from '../fixtures/pictures.json'
import { pageWithout, takeDecoders, takeFolders, takeServices } from './lacking.ts'
import { chooseFiles, dropFiles, fixtures, savedFile, scanEnds, watchedBrowser } from './person.ts'

const blocked =
  'The browser cannot store what this scan finds (cookies and site data are blocked for this page; allow them for the next visit). The scan goes on, but its results are gone when the page is closed: export them.'

const browser = watchedBrowser()
let folder: string
/** Of all kinds that each browser decodes to the same pixels; one is so large that it is decoded alone. */
let files: string[]
let expected: ResultsFile

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'urpatch-lacking-'))
  files = pictures.decoded
    .filter(({ name }) => /\.(png|tif)$/.test(name))
    .map(({ name, file }) => save(name, Buffer.from(file, 'base64')))
  files.push(save('large.png', largePng(4001)))
  const context = await browser.newContext({ serviceWorkers: 'block' })
  expected = await scan(await browser.newPage(context))
  await context.close()
  expect(expected.images).toMatchObject({ scanned: files.length, skipped: [] })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function save(name: string, bytes: Uint8Array): string {
  const file = path.join(folder, name)
  writeFileSync(file, bytes)
  return file
}

/** A grey picture of more pixels than are decoded together. */
function largePng(side: number): Uint8Array {
  const head = new Uint8Array(13)
  new DataView(head.buffer).setUint32(0, side)
  new DataView(head.buffer).setUint32(4, side)
  head[8] = 8
  const rows = new Uint8Array(side * (side + 1)).map((_, i) => (i % (side + 1) === 0 ? 0 : (i * 7) % 251))
  return pngBytes([
    { kind: 'IHDR', content: head },
    { kind: 'IDAT', content: new Uint8Array(deflateSync(rows, { level: 1 })) },
    { kind: 'IEND', content: new Uint8Array(0) },
  ])
}

/** Scans as a person does, and saves what was found. */
async function scan(page: Page, url = inject('url')): Promise<ResultsFile> {
  await page.goto(url)
  await page.getByLabel('Model file').setInputFiles(`${fixtures}sequential.h5`)
  await page.getByLabel('Image files').setInputFiles(files)
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await scanEnds(page)
  return JSON.parse((await savedFile(page, 'Results (JSON)')).toString()) as ResultsFile
}

const notices = (page: Page): Promise<string[]> =>
  page.evaluate(() => window.urpatch!.state().notices.map(({ text }) => text))

it.each([
  ['ImageDecoder, WebGL and options of bitmaps', takeDecoders],
  ['locks, room for storage, WebGPU, tabs that talk and service workers', takeServices],
])('a scan finds the same without %s', async (_, take) => {
  const context = await browser.newContext({ serviceWorkers: 'block' })
  const page = await pageWithout(browser, context, take)
  expect(await scan(page)).toEqual(expected)
  await page.getByText('saved in this browser').waitFor()
  expect(await notices(page)).toEqual([])
  await context.close()
})

describe('a scan finds the same in a Chromium', () => {
  let context: BrowserContext
  let noise: string[]

  /** Another browser, with flags and settings of its own. */
  async function start(flags: readonly string[], preferences: object = {}): Promise<Page> {
    const profile = path.join(folder, `profile-${flags.length}-${Object.keys(preferences).length}`)
    mkdirSync(path.join(profile, 'Default'), { recursive: true })
    writeFileSync(path.join(profile, 'Default/Preferences'), JSON.stringify(preferences))
    context = await chromium.launchPersistentContext(profile, {
      executablePath: ensureChromium(),
      args: [...browserFlags, ...flags],
    })
    const page = await context.newPage()
    noise = []
    page.on('console', (message) => noise.push(message.text()))
    page.on('pageerror', (error) => noise.push(error.message))
    return page
  }
  afterEach(async () => {
    await context.close()
    expect(noise).toEqual([])
  })

  it('that stores nothing for the page, which is said', async () => {
    const page = await start([], { profile: { default_content_setting_values: { cookies: 2 } } })
    expect(await scan(page)).toEqual(expected)
    await page.getByText('Not saved in this browser').waitFor()
    expect(await notices(page)).toEqual([blocked])
    // On a telephone, too, all of it can be read.
    await page.setViewportSize({ width: 390, height: 844 })
    const isCut = await page
      .locator('.run-text')
      .evaluate(({ scrollHeight, clientHeight }) => scrollHeight > clientHeight)
    expect(isCut).toBe(false)
  })

  it('that has the page from another machine over plain http', async () => {
    const page = await start(['--host-resolver-rules=MAP lab.test 127.0.0.1'])
    expect(await scan(page, inject('url').replace('127.0.0.1', 'lab.test'))).toEqual(expected)
    expect(await page.evaluate(() => isSecureContext)).toBe(false)
    await page.getByText('saved in this browser').waitFor()
    expect(await notices(page)).toEqual([])
  })

  it('on a processor without SIMD', async () => {
    const page = await start(['--js-flags=--no-enable-sse4-1 --no-enable-avx --no-enable-avx2'])
    const found = await scan(page)
    expect(await page.evaluate(() => window.urpatch!.state().backend)).toMatchObject({ isReference: true })
    expect(found.images).toEqual(expected.images)
    for (const [i, { top }] of found.layers[0]!.channels.entries())
      for (const [rank, { activation, ...place }] of top.entries()) {
        const wanted = expected.layers[0]!.channels[i]!.top[rank]!
        expect(place).toEqual({ image: wanted.image, unit: wanted.unit, box: wanted.box })
        expect(activation).toBeCloseTo(wanted.activation, 5)
      }
  })

  it('whose store is emptied in the middle: the rest is kept again', async () => {
    const page = await start([])
    await page.goto(inject('url'))
    const session = await context.newCDPSession(page)
    await scan(page)
    await page.getByText('saved in this browser').waitFor()
    await session.send('Storage.clearDataForOrigin', {
      origin: new URL(inject('url')).origin,
      storageTypes: 'all',
    })
    await page.evaluate(() => window.urpatch!.scan(['conv_valid']))
    await page.getByText('saved in this browser').waitFor()
    expect(await notices(page)).toEqual([])
  })
})

describe('a browser that cannot choose folders', () => {
  it('is offered files: by the button, the menu and by dropping them', async () => {
    const context = await browser.newContext({ serviceWorkers: 'block' })
    const page = await pageWithout(browser, context, takeFolders)
    const opened = (count: number): Promise<unknown> =>
      page.waitForFunction((all) => window.urpatch!.state().images?.table.paths.length === all, count)
    await page.goto(inject('url'))
    await page.getByRole('button', { name: 'More ways to open pictures' }).click()
    expect(await page.getByRole('menuitem').allInnerTexts()).toEqual(['Files or archive…'])
    await page.keyboard.press('Escape')
    await chooseFiles(page, 'Open images', path.join(fixtures, '../../public/demo/images.zip'))
    await opened(3000)
    await dropFiles(page, [`${fixtures}sequential.h5`, ...files.slice(0, 3)])
    await opened(3)
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    await scanEnds(page)
    expect(await page.evaluate(() => window.urpatch!.state().skipped.size)).toBe(0)
    await context.close()
  })
})
