/**
 * The policy of the built page: what it allows, that it holds, and that a whole session keeps to it. No request leaves the
 * app's own origin, and nothing that the page does is refused.
 */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { BrowserContext, Page } from 'playwright'
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest'
import { root } from '../../src/cli/install.mjs'
import { fixtures, openFiles, scanEnds, scanFewOfDemo, watchedBrowser } from './person.ts'

const policyOf = (html: string): string[] =>
  /http-equiv="Content-Security-Policy" content="([^"]+)"/
    .exec(html)![1]!
    .replaceAll('&#39;', "'")
    .split('; ')

const written = policyOf(readFileSync(path.join(root, 'dist/index.html'), 'utf8'))

it('the page lists what it needs and allows nothing else', () => {
  expect(written).toEqual([
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "worker-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' blob: data:",
    "connect-src 'self' blob: data:",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types default',
  ])
})

it('the header that hosts are told to send is the same, and keeps the page out of frames', () => {
  const docs = readFileSync(path.join(root, 'docs/hosting.md'), 'utf8')
  expect(/^Content-Security-Policy: (.+)$/m.exec(docs)![1]!.split('; ')).toEqual([
    ...written,
    "frame-ancestors 'self'",
  ])
})

describe('in the browser', () => {
  const browser = watchedBrowser()
  let context: BrowserContext
  let page: Page
  let requests: string[]

  beforeEach(async () => {
    requests = []
    context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
    // Those of workers and of the service worker, too.
    context.on('request', (request) => requests.push(request.url()))
    page = await browser.newPage(context)
    await page.addInitScript(() => {
      addEventListener('securitypolicyviolation', (event) =>
        console.warn(`refused: ${event.violatedDirective}`),
      )
    })
    await page.goto(inject('url'))
  })
  afterEach(() => context.close())

  it('refuses markup, foreign scripts, frames and requests', async () => {
    const answers = await page.evaluate(async () => {
      const refused = (attempt: () => unknown): string => {
        try {
          attempt()
          return 'done'
        } catch (error) {
          return (error as Error).name
        }
      }
      const div = document.createElement('div')
      const script = document.createElement('script')
      return [
        refused(() => (div.innerHTML = '<img src=x onerror=alert(1)>')),
        refused(() => (script.text = 'window.ran = true')),
        refused(() => new Worker('https://example.com/worker.js')),
        refused(() => (script.src = 'https://example.com/script.js')),
        refused(() => setTimeout('window.ran = true')),
        await fetch('https://example.com/').then(
          () => 'done',
          () => 'no request',
        ),
      ]
    })
    expect(answers).toEqual(['TypeError', 'TypeError', 'TypeError', 'TypeError', 'TypeError', 'no request'])
    expect(requests.filter((url) => url.includes('example.com'))).toEqual([])
    expect(await page.evaluate(() => 'ran' in window)).toBe(false)
    // The browser itself says what it has refused.
    browser.noise.length = 0
  })

  it('a whole session makes requests to its own origin only, and none of them is refused', async () => {
    await page.waitForFunction(() => navigator.serviceWorker.controller?.state === 'activated')
    await page.getByRole('button', { name: 'Try the demo' }).click()
    await scanFewOfDemo(page)
    await scanEnds(page)
    await page.getByRole('row', { name: 'Channel 2', exact: true }).click()
    const details = page.getByRole('region', { name: 'Channel details' })
    await details.getByRole('heading', { name: 'Channel 2' }).waitFor()
    // Sections may hold others that fold.
    const folded = details.locator('[aria-expanded="false"]:not([aria-haspopup])')
    for (let i = 0; i < 20 && (await folded.count()) > 0; i++) await folded.first().click()
    await page.getByRole('button', { name: 'Model summary' }).click()
    await page.getByRole('dialog').getByText('conv2d_5').first().waitFor()
    await page.keyboard.press('Escape')
    for (const name of ['demo.urpatch.json', 'demo.urpatch', 'demo.html', 'demo.csv', 'demo.npz']) {
      const download = page.waitForEvent('download')
      await page.evaluate((file) => window.urpatch!.save(file), name)
      await (await download).path()
    }
    await page.getByRole('button', { name: 'Export' }).click()
    const [picture] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: 'Picture of all channels (PNG)' }).click(),
    ])
    await picture.path()

    await context.setOffline(true)
    await page.goto(inject('url'))
    await openFiles(page, `${fixtures}sequential.h5`, `${fixtures}images`)
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    await scanEnds(page)
    console.log(`Requests of a session: ${listed(requests)}`)
    const own = new URL(inject('url')).origin
    expect(requests.length).toBeGreaterThan(50)
    expect(
      requests.filter((url) => new URL(url.replace(/^blob:/, '')).origin !== own && !url.startsWith('data:')),
    ).toEqual([])
  })

  it('as a header it lets the workers do what they do', async () => {
    const header = [...written, "frame-ancestors 'self'"].join('; ')
    const strict = await browser.newContext({ serviceWorkers: 'block' })
    await strict.route('**/*', async (route) => {
      const response = await route.fetch()
      await route.fulfill({ response, headers: { ...response.headers(), 'content-security-policy': header } })
    })
    const visit = await browser.newPage(strict)
    await visit.goto(inject('url'))
    await openFiles(visit, `${fixtures}sequential.h5`, `${fixtures}images`)
    await visit.getByRole('button', { name: 'Run', exact: true }).click()
    await scanEnds(visit)
    expect(await visit.evaluate(() => window.urpatch!.state().scan.status)).toBe('done')
    await strict.close()
  })
})

/** How many there were to each kind of address: `12 × /assets/*.js`. */
function listed(urls: readonly string[]): string {
  const counts = new Map<string, number>()
  for (const url of urls) {
    const { protocol, origin, pathname } = new URL(url)
    const isHere = origin === new URL(inject('url')).origin
    const kind = /^(blob|data):$/.test(protocol)
      ? protocol
      : `${isHere ? '' : origin}${pathname.replace(/[^/]+(?=\.\w+$)/, '*')}`
    counts.set(kind, (counts.get(kind) ?? 0) + 1)
  }
  const kinds = [...counts].toSorted(([, a], [, b]) => b - a)
  return kinds.map(([kind, count]) => `${count} × ${kind}`).join(', ')
}
