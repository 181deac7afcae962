/** Results stay: after a reload, after a wrong click, and in a list on the start screen. */
import { readFileSync } from 'node:fs'
import type { BrowserContext, Page } from 'playwright'
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest'
import type { ResultsFile } from '../../src/core/results/resultsFile.ts'
import { dropFiles, fixtures, scanEnds, watchedBrowser } from './person.ts'

const project = {
  name: 'animals',
  model: 'model.h5',
  images: 'images.zip',
  layers: ['conv2d_2'],
  sample: 'random:64:1',
  autorun: true,
}
const demo = new URL('../../public/demo/', import.meta.url).pathname

const browser = watchedBrowser()
let context: BrowserContext
let page: Page

beforeEach(async () => {
  // The test's own server must answer, not the offline copy.
  context = await browser.newContext({ serviceWorkers: 'block' })
  await context.route('**/demo/kept.urpatch-project.json', (route) => route.fulfill({ json: project }))
  page = await browser.newPage(context)
})
afterEach(() => context.close())

async function saved(): Promise<ResultsFile> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.evaluate(() => window.urpatch!.saveResults()),
  ])
  return JSON.parse(readFileSync(await download.path(), 'utf8')) as ResultsFile
}

/** Waits until mosaics are drawn, which means that there is more than one colour in them. */
async function drawnMosaics(): Promise<void> {
  await page
    .getByRole('row', { name: /^Channel \d+/ })
    .first()
    .waitFor()
  await page.waitForFunction(() => {
    const canvas = document.querySelector<HTMLCanvasElement>('[aria-label="Channels"] canvas')
    if (!canvas || canvas.width === 0) return false
    const copy = document.createElement('canvas')
    copy.width = copy.height = 32
    const drawing = copy.getContext('2d')!
    drawing.drawImage(canvas, 0, 0, 32, 32)
    return new Set(new Uint32Array(drawing.getImageData(0, 0, 32, 32).data.buffer)).size > 20
  })
}

async function openProject(): Promise<void> {
  await page.goto(`${inject('url')}?project=demo/kept.urpatch-project.json`)
  await scanEnds(page)
}

function scanOfPage(): Promise<unknown> {
  return page.evaluate(() => {
    const { scan } = window.urpatch!.state()
    return [scan.status, 'seconds' in scan ? scan.seconds : null]
  })
}

describe('a finished scan', () => {
  it('is back after a reload, without a second scan', async () => {
    await openProject()
    await page.getByText('saved in this browser').waitFor()
    const before = await saved()
    await page.reload()
    await scanEnds(page)
    // Nothing was scanned.
    expect(await scanOfPage()).toEqual(['done', 0])
    await page.getByText('64 of 64 · done').waitFor()
    await page.getByText('saved in this browser').waitFor()
    await drawnMosaics()
    expect(await saved()).toEqual(before)
    expect(before.layers[0]!.scanned).toBe(64)
  })

  it('is in the list on the start screen: opened again, forgotten, and back by Undo', async () => {
    await openProject()
    await page.getByText('saved in this browser').waitFor()
    const before = await saved()
    await page.goto(inject('url'))
    const item = page.getByRole('list', { name: 'Recent' }).getByRole('listitem')
    await item.getByText('conv2d_2').waitFor()
    expect(await item.innerText()).toMatch(/model\.h5 · animals\s+conv2d_2 · 64 of 3,000 images · /)
    await item.getByRole('button', { name: 'Forget the results of model.h5 with animals' }).click()
    await item.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Undo' }).click()
    await item.getByRole('button', { name: 'Open model.h5 with animals' }).click()
    await scanEnds(page)
    expect(await scanOfPage()).toEqual(['done', 0])
    await drawnMosaics()
    expect(await saved()).toEqual(before)
  })

  it('is forgotten for good, with all others', async () => {
    await openProject()
    await page.getByText('saved in this browser').waitFor()
    await page.goto(inject('url'))
    await page.getByRole('button', { name: 'Forget all' }).click()
    await page.getByRole('button', { name: 'Delete all' }).click()
    await page.getByRole('list', { name: 'Recent' }).waitFor({ state: 'detached' })
    await page.reload()
    await page.getByRole('button', { name: 'Try the demo' }).waitFor()
    expect(await page.getByRole('list', { name: 'Recent' }).count()).toBe(0)
    await openProject()
    expect((await scanOfPage()) as unknown[]).not.toEqual(['done', 0])
  })

  it('of dropped files is opened by their handles', async () => {
    await page.goto(inject('url'))
    // Handles of the page's own file system are used: those of dropped files need a permission that a test cannot give.
    await context.addInitScript(() => {
      Object.assign(DataTransferItem.prototype, {
        async getAsFileSystemHandle(this: DataTransferItem) {
          const { name } = this.getAsFile()!
          return (await navigator.storage.getDirectory()).getFileHandle(name)
        },
      })
    })
    await page.reload()
    await page.evaluate(async () => {
      const root = await navigator.storage.getDirectory()
      for (const name of ['model.h5', 'images.zip']) {
        const stream = await (await root.getFileHandle(name, { create: true })).createWritable()
        await (await fetch(`./demo/${name}`)).body!.pipeTo(stream)
      }
    })
    await dropFiles(page, [`${demo}model.h5`, `${demo}images.zip`])
    await page.waitForFunction(() => {
      const { model, images } = window.urpatch!.state()
      return model !== null && images !== null
    })
    await page.evaluate(async () => {
      const { setSelection, run } = window.urpatch!.state()
      setSelection({ classes: null, splits: null, sample: { random: 48, seed: 1 } })
      await run(['conv2d_2'])
    })
    await page.getByText('saved in this browser').waitFor()
    const before = await saved()
    await page.goto(inject('url'))
    await page.getByRole('button', { name: 'Open model.h5 with images.zip' }).click()
    await scanEnds(page)
    expect(await scanOfPage()).toEqual(['done', 0])
    await drawnMosaics()
    expect(await saved()).toEqual(before)
  })
})

describe('Undo', () => {
  it('brings results, model and images back after another model was opened', async () => {
    await openProject()
    await drawnMosaics()
    const before = await saved()
    await page.getByLabel('Model file').setInputFiles(`${fixtures}sequential.h5`)
    await page.waitForFunction(() => window.urpatch!.state().model?.name === 'sequential.h5')
    await page.getByText('Results of 1 layer put aside').waitFor()
    expect(await page.evaluate(() => window.urpatch!.state().results.size)).toBe(0)
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.waitForFunction(() => window.urpatch!.state().results.size === 1)
    await drawnMosaics()
    expect(await saved()).toEqual(before)
    expect(await page.evaluate(() => window.urpatch!.state().notices.length)).toBe(0)
    // The engines have the model again.
    await page.evaluate(() => window.urpatch!.state().run(['conv2d_1']))
    expect(await page.evaluate(() => window.urpatch!.state().scan.status)).toBe('done')
  })
})
