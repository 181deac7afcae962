/** The page that is saved, opened from the disk by a browser without a network. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import type { BrowserContextOptions, Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { checkWithAxe } from './axe.ts'
import { fixtures, openFiles, scanEnds, watchedBrowser } from './person.ts'

const hostile = '<img src=x onerror="document.title=1">'

describe('a saved page', () => {
  const browser = watchedBrowser()
  let folder: string
  let file: string
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'urpatch-page-'))
    file = path.join(folder, 'page.html')
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  /** Opens the file as after a double click; no request leaves it. */
  async function fromDisk(
    test: (page: Page) => Promise<void>,
    hash = '',
    options: BrowserContextOptions = {},
  ): Promise<void> {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options })
    await context.setOffline(true)
    const requests: string[] = []
    const page = await browser.newPage(context)
    page.on('request', (request) => requests.push(request.url()))
    await page.goto(pathToFileURL(file).href + hash)
    await test(page)
    await context.close()
    expect(requests.filter((url) => !url.startsWith('data:')).map((url) => url.split('#')[0])).toEqual([
      pathToFileURL(file).href,
    ])
  }

  const shown = (page: Page): Promise<string[]> =>
    page.evaluate(() =>
      [...document.querySelectorAll('article')].filter((one) => one.checkVisibility()).map(({ id }) => id),
    )

  it('is written by the menu', async () => {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
    const page = await browser.newPage(context)
    await page.goto(inject('url'))
    await openFiles(page, `${fixtures}sequential.h5`, `${fixtures}images`)
    await page.evaluate(() => window.urpatch!.scan(['conv_valid', 'act']))
    await scanEnds(page)
    await page.evaluate(
      (name) => window.urpatch!.setNote('conv_valid', 3, { name, star: true, note: 'two\nlines' }),
      hostile,
    )
    await page.getByRole('button', { name: 'Export' }).click()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: 'Page (HTML)' }).click(),
    ])
    expect(download.suggestedFilename()).toBe('sequential.html')
    await download.saveAs(file)
    await context.close()
    expect(readFileSync(file, 'utf8')).not.toContain(hostile)
  })

  it('shows all channels, pictures and names, and no name is taken for more than text', async () => {
    await fromDisk(async (page) => {
      expect(await page.title()).toBe('Channels of sequential.h5')
      const all = await shown(page)
      expect(all).toHaveLength(new Set(all).size)
      expect(all).toContain('conv_valid/3')
      expect(await page.getByRole('status').textContent()).toBe(`${all.length} of ${all.length} channels`)
      await page.getByRole('link', { name: `3 · ${hostile}` }).waitFor()
      const pictures = await page.evaluate(() =>
        [...document.images].map(({ complete, naturalWidth, width, alt }) => ({
          isThere: complete && naturalWidth === width && width > 100,
          alt,
        })),
      )
      expect(pictures.length).toBeGreaterThan(8)
      for (const { isThere, alt } of pictures) {
        expect(isThere).toBe(true)
        expect(alt).toMatch(/^The \d+ strongest patches of channel \d+: (red|green|blue) \d/)
      }
    })
  })

  it('sorts, filters, and leads to a channel that a filter hides', async () => {
    await fromDisk(async (page) => {
      const count = (await shown(page)).length
      await page.getByRole('combobox', { name: 'Layer' }).selectOption('conv_valid')
      const ofLayer = await shown(page)
      expect(ofLayer.map((id) => id.split('/')[0])).toEqual(ofLayer.map(() => 'conv_valid'))
      expect(await page.getByRole('heading', { level: 2 }).count()).toBe(1)
      await page.getByRole('combobox', { name: 'Sort' }).selectOption('max')
      const sorted = await page.evaluate(
        (ids) => ids.map((id) => Number(document.getElementById(id)!.dataset['max'] || -Infinity)),
        await shown(page),
      )
      expect(sorted).toEqual(sorted.toSorted((a, b) => b - a))
      expect(new Set(sorted).size).toBeGreaterThan(3)
      expect(await shown(page)).not.toEqual(ofLayer)
      await page.getByRole('checkbox', { name: 'Only with a name or star' }).check()
      expect(await shown(page)).toEqual(['conv_valid/3'])
      await page.getByRole('checkbox', { name: 'Only with a name or star' }).uncheck()
      await page.getByRole('searchbox', { name: 'Words or number' }).fill('5')
      expect(await shown(page)).toEqual(['conv_valid/5'])
      await page.getByRole('combobox', { name: 'Layer' }).selectOption('')
      await page.getByRole('searchbox', { name: 'Words or number' }).fill('onerror lines')
      expect(await shown(page)).toEqual(['conv_valid/3'])
      await page.getByRole('searchbox', { name: 'Words or number' }).fill('')
      await page.getByRole('combobox', { name: 'Leading class' }).selectOption('red')
      const red = await shown(page)
      expect(red.length).toBeGreaterThan(0)
      expect(red.length).toBeLessThan(count)
      const other = await page.evaluate(
        () => [...document.querySelectorAll('article')].find((one) => !one.checkVisibility())!.id,
      )
      await page.evaluate((id) => (location.hash = id), other)
      await page.waitForFunction((id) => document.getElementById(id)!.checkVisibility(), other)
      expect(await shown(page)).toHaveLength(count)
    })
  })

  it('opens at the channel of its link', async () => {
    await fromDisk(async (page) => {
      const card = page.locator('article:target')
      expect(await card.getAttribute('id')).toBe('conv_valid/7')
      await page.waitForFunction(() => {
        const { top, bottom } = document.querySelector('article:target')!.getBoundingClientRect()
        return top >= 0 && bottom <= innerHeight
      })
    }, '#conv_valid/7')
  })

  it('has no barrier that axe finds, on a wide and a narrow screen', async () => {
    await fromDisk((page) => checkWithAxe(page, 'a saved page'))
    await fromDisk(
      async (page) => {
        await checkWithAxe(page, 'a saved page, narrow')
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
      },
      '',
      { viewport: { width: 390, height: 844 } },
    )
  })

  it('can be printed, and read without its program', async () => {
    await fromDisk(async (page) => {
      await page.emulateMedia({ media: 'print' })
      expect(await page.getByRole('search').isVisible()).toBe(false)
      expect((await page.pdf({ format: 'A4' })).length).toBeGreaterThan(10_000)
    })
    await fromDisk(
      async (page) => {
        expect(await page.getByRole('article').count()).toBeGreaterThan(8)
        expect(await page.getByRole('search').isVisible()).toBe(false)
      },
      '',
      { javaScriptEnabled: false },
    )
  })
})
