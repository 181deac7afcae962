/** The production build without a network, and after an update, on a host that the test can change and switch off. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { BrowserContext, Page } from 'playwright'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { root } from '../../src/cli/install.mjs'
import { fixtures, scanEnds, scanReaches, watchedBrowser } from './person.ts'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
  '.webmanifest': 'application/manifest+json',
}

const below = '/lab/urpatch/'

/** Serves plain files below a folder of a site, as any static host does: nothing is found elsewhere on the site. */
function serve(folder: string): Promise<Server> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url!, 'http://host')
    const file = path.join(folder, pathname.slice(below.length) || 'index.html')
    if (!pathname.startsWith(below) || !statSync(file, { throwIfNoEntry: false })?.isFile())
      return response.writeHead(404).end()
    response.writeHead(200, {
      'Content-Type': types[path.extname(file)] ?? 'application/octet-stream',
      'Cache-Control': 'no-cache',
    })
    response.end(readFileSync(file))
  })
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)))
}

/** The relative paths of all files, with `/`. */
function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.posix.join(path.relative(folder, entry.parentPath), entry.name))
}

const browser = watchedBrowser()
let context: BrowserContext
let page: Page
let build: string
let host: Server
let url: string

beforeEach(async () => {
  build = mkdtempSync(path.join(tmpdir(), 'urpatch-host-'))
  cpSync(path.join(root, 'dist'), build, { recursive: true })
  host = await serve(build)
  url = `http://127.0.0.1:${(host.address() as AddressInfo).port}${below}`
  context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  page = await browser.newPage(context)
})
afterEach(async () => {
  await context.close()
  switchOff()
  rmSync(build, { recursive: true })
})

function switchOff(): void {
  host.close()
  host.closeAllConnections()
}

/** Waits until the whole app is in the browser and its service worker answers for this page. */
async function isKept(): Promise<void> {
  await page.waitForFunction(() => navigator.serviceWorker.controller?.state === 'activated')
}

describe('after one visit', () => {
  it('everything works without a network: the page, the demo, files of one’s own', async () => {
    await page.goto(url)
    await isKept()
    const kept = await page.evaluate(async () => {
      const [name] = await caches.keys()
      const requests = await (await caches.open(name!)).keys()
      return requests.map((request) => request.url.replace(/\?.*$/, ''))
    })
    const wanted = filesIn(build).filter((file) => file !== 'sw.js')
    expect(kept.toSorted()).toEqual(wanted.map((file) => url + file).toSorted())

    switchOff()
    await page.reload()
    expect(
      await page.evaluate(() =>
        fetch('not-kept').then(
          () => 'network',
          () => 'no network',
        ),
      ),
    ).toBe('no network')
    // The browser itself writes this to the console.
    expect(browser.noise.splice(0)).toEqual([expect.stringMatching(/^error: Failed to load resource/)])

    await page.getByRole('button', { name: 'Try the demo' }).click()
    await scanReaches(page, 64)
    await page.getByRole('button', { name: 'Stop' }).click()

    await page.getByLabel('Model file').setInputFiles(`${fixtures}sequential.h5`)
    await page.getByLabel('Image folder').setInputFiles(`${fixtures}images`)
    await page.waitForFunction(() => {
      const { model, images } = window.urpatch!.state()
      return model?.name === 'sequential.h5' && images?.name === 'images'
    })
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    await scanEnds(page)
    expect(await page.evaluate(() => window.urpatch!.state().scan)).toMatchObject({ status: 'done' })
    // This part of the page is loaded only when it is opened.
    await page.getByRole('button', { name: 'Model summary' }).click()
    await page.getByRole('dialog').getByText('conv_valid').first().waitFor()
  })
})

describe('after an update of the host', () => {
  /** Changes the host as a new build does: another page, listed in another service worker. */
  function update(): void {
    const html = readFileSync(path.join(build, 'index.html'), 'utf8')
    writeFileSync(
      path.join(build, 'index.html'),
      html.replace('<title>Urpatch</title>', '<title>Urpatch 2</title>'),
    )
    const worker = readFileSync(path.join(build, 'sw.js'), 'utf8')
    const updated = worker.replace(/(?<=index\.html[`'"],revision:[`'"])\w+/, 'second')
    expect(updated).not.toBe(worker)
    writeFileSync(path.join(build, 'sw.js'), updated)
  }

  it('the next load is the new build, the open page is left alone, and the new one works offline in turn', async () => {
    await page.goto(url)
    await isKept()
    update()
    const other = await browser.newPage(context)
    await other.goto(url)
    expect(await other.title()).toBe('Urpatch 2')
    // The browser has found the new service worker, which waits as long as pages use the old one.
    const waiting = () =>
      other.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.waiting?.state)
    await expect.poll(waiting, { timeout: 30_000 }).toBe('installed')
    expect(await page.title()).toBe('Urpatch')
    expect(await page.evaluate(() => performance.getEntriesByType('navigation').length)).toBe(1)

    switchOff()
    await page.close()
    await other.close()
    const nextVisit = async (): Promise<string> => {
      const visit = await browser.newPage(context)
      await visit.goto(url)
      const title = await visit.title()
      await visit.close()
      return title
    }
    await expect.poll(nextVisit, { timeout: 30_000 }).toBe('Urpatch 2')
  })
})

describe('without service workers', () => {
  it.each([
    ['there are none', () => Reflect.deleteProperty(Navigator.prototype, 'serviceWorker')],
    [
      'the browser refuses',
      () => {
        navigator.serviceWorker.register = () => Promise.reject(new DOMException('refused', 'SecurityError'))
      },
    ],
  ])('the app works and the console stays empty where %s', async (_, prepare) => {
    await page.addInitScript(prepare)
    await page.goto(url)
    await page.getByRole('button', { name: 'Try the demo' }).waitFor()
    // This is longer than the page waits before it registers a service worker.
    await page.waitForTimeout(4000)
    expect(await context.serviceWorkers()).toEqual([])
  })
})
