/**
 * What an opened file shows: a results file and a snapshot, with no model, its own and another one, with no images, all, some
 * and none of its own.
 */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { checkWithAxe } from './axe.ts'
import { chooseFiles, dropFiles, fixtures, openFiles, savedFile, scanEnds, usePerson } from './person.ts'

let folder: string
const at = (name: string): string => path.join(folder, name)
const model = `${fixtures}sequential.h5`
const kinds = [
  { kind: 'a results file', file: 'a.urpatch.json' },
  { kind: 'a snapshot', file: 'a.urpatch' },
] as const

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'urpatch-open-'))
  cpSync(`${fixtures}images/red`, at('some/red'), { recursive: true })
  mkdirSync(at('none/other'), { recursive: true })
  const [one] = readdirSync(`${fixtures}images/red`).filter((name) => name.endsWith('.png'))
  cpSync(`${fixtures}images/red/${one}`, at('none/other/picture.png'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const banner = (page: Page) => page.getByRole('region', { name: 'Results file' })
const details = (page: Page) => page.getByRole('region', { name: 'Channel details' })

/** All that is told of the layers, of each channel, and of the numbers, classes and patches of one. */
async function told(page: Page): Promise<Record<string, string[]>> {
  const channel = details(page)
  if (!(await channel.isVisible()))
    await page
      .getByRole('grid', { name: 'Channels' })
      .getByRole('row', { name: 'Channel 2', exact: true })
      .click()
  const patches = channel.getByRole('button', { name: /^Patch \d+: / })
  await patches.first().waitFor()
  return {
    // Classes of which a channel has the same number are in the order of the open images.
    channels: (await page.locator('[id^=tile-facts-]').allTextContents()).map((text) =>
      text.split(/[.,] /).toSorted().join('; '),
    ),
    patches: await patches.evaluateAll((buttons) =>
      buttons.map((button) => button.getAttribute('aria-label') ?? ''),
    ),
    histogram: await channel.getByRole('img', { name: /^Histogram of the maxima/ }).allTextContents(),
    classes: await channel.getByRole('button', { name: /^(red|green|blue)$/ }).allTextContents(),
  }
}

/** Whether the mosaic of the open channel has colours. */
function isDrawn(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    const region = document.querySelector('[aria-label="Channel details"]')!
    return [...region.querySelectorAll('canvas')].some((canvas) => {
      if (canvas.width < 50) return false
      const copy = new OffscreenCanvas(canvas.width, canvas.height)
      const context = copy.getContext('2d')!
      context.drawImage(canvas, 0, 0)
      const { data } = context.getImageData(0, 0, copy.width, copy.height)
      const colours = new Set<number>()
      for (let i = 0; i < data.length; i += 40)
        if (data[i + 3] === 255) colours.add((data[i]! << 16) | (data[i + 1]! << 8) | data[i + 2]!)
      return colours.size > 8
    })
  })
}

describe('an opened file', () => {
  const person = usePerson()
  let scanned: Awaited<ReturnType<typeof told>>

  async function opened(file: string): Promise<Page> {
    const { page } = person
    await page.goto('about:blank')
    await page.goto(inject('url'))
    await page.getByText('Nothing leaves your computer').waitFor()
    await dropFiles(page, [at(file)])
    await banner(page).waitFor()
    expect(await told(page)).toEqual(scanned)
    return page
  }

  it('is what a scan saves', async () => {
    const { page } = person
    await page.goto(inject('url'))
    await openFiles(page, model, `${fixtures}images`)
    await page.evaluate(() => window.urpatch!.scan(['conv_valid', 'dense']))
    await scanEnds(page)
    await page.evaluate(() => window.urpatch!.state().showLayer('conv_valid'))
    scanned = await told(page)
    expect(scanned['channels']!.length).toBe(8)
    expect(scanned['classes']).toHaveLength(3)
    writeFileSync(at('a.urpatch.json'), await savedFile(page, 'Results (JSON)'))
    writeFileSync(at('a.urpatch'), await savedFile(page, 'Snapshot'))
  })

  it.each(kinds)('$kind shows all numbers alone, and all mosaics with its images', async ({ file }) => {
    const page = await opened(file)
    await banner(page)
      .getByText('Open the images to see the mosaics. Open the model to go on scanning.')
      .waitFor()
    await details(page).getByText('Open the images to see it.').waitFor()
    expect(await isDrawn(page)).toBe(false)
    await chooseFiles(page, 'Open the images', `${fixtures}images`)
    await details(page).getByRole('img', { name: 'The patch in its image' }).waitFor()
    await expect.poll(() => isDrawn(page)).toBe(true)
    expect(await told(page)).toEqual(scanned)
    await banner(page).getByText('Open the model to go on scanning.').waitFor()
    expect(await banner(page).getByText('Missing images').isVisible()).toBe(false)
    expect(await savedFile(page, file.endsWith('json') ? 'Results (JSON)' : 'Snapshot')).toEqual(
      readFileSync(at(file)),
    )
  })

  it.each(kinds)('$kind lists which of its images are missing', async ({ file }) => {
    const page = await opened(file)
    await chooseFiles(page, 'Open the images', at('some'))
    const list = banner(page).getByText(/^Missing images \(\d+\)$/)
    await list.waitFor()
    await list.click()
    const lines = await banner(page)
      .locator('details', { has: page.getByText('Missing images') })
      .locator('li')
      .allTextContents()
    await banner(page).getByText('Skipped when it was made (').waitFor()
    const known = await page.evaluate(() => [...window.urpatch!.state().recorded!.paths])
    const isThere = (one: string): boolean => one.startsWith('red/')
    expect(lines).toEqual(known.filter((one) => !isThere(one)))
    expect(lines.length).toBeGreaterThan(3)
    expect(await told(page)).toEqual(scanned)
    await expect.poll(() => isDrawn(page)).toBe(true)
    await checkWithAxe(page, `${file}, missing images`)
  })

  it.each(kinds)('$kind says if none of its images is open', async ({ file }) => {
    const page = await opened(file)
    await chooseFiles(page, 'Open the images', at('none'))
    await banner(page)
      .getByText(/None of the images .* is among those of none\./)
      .waitFor()
    expect(await told(page)).toEqual(scanned)
  })

  it.each(kinds)('$kind is told apart from another model, with and without images', async ({ file }) => {
    const page = await opened(file)
    await chooseFiles(page, 'Open the model', `${fixtures}functional.h5`)
    await banner(page)
      .getByText(/functional\.h5 is not the model that a\.urpatch/)
      .waitFor()
    expect(await told(page)).toEqual(scanned)
    await chooseFiles(page, 'Open the images', `${fixtures}images`)
    await expect.poll(() => isDrawn(page)).toBe(true)
    expect(await told(page)).toEqual(scanned)
    await banner(page).getByRole('button', { name: 'Close the file' }).waitFor()
  })

  it.each(kinds)('$kind is live with its model and images', async ({ file }) => {
    const page = await opened(file)
    await chooseFiles(page, 'Open the model', model)
    await banner(page).getByText('Open the images to see the mosaics.').waitFor()
    await page.waitForFunction(() => window.urpatch!.state().recorded?.fittedModel?.difference === null)
    expect(await banner(page).getByText('Open the model').isVisible()).toBe(false)
    expect(await told(page)).toEqual(scanned)
    await chooseFiles(page, 'Open the images', `${fixtures}images`)
    await page
      .getByRole('button', { name: /^(Run|Scan again)$/ })
      .first()
      .waitFor()
    await banner(page).waitFor({ state: 'hidden' })
    await expect.poll(() => isDrawn(page)).toBe(true)
    expect(await told(page)).toEqual(scanned)
    // The network is asked for what no file has.
    const map = await page.evaluate(() => window.urpatch!.heatMap('conv_valid', 2, 0))
    expect(map.values).toHaveLength(map.rows * map.columns)
  })
})
