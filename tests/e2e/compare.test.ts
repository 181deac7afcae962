/** @file Checkpoints of a training side by side, from files that are dropped to a link. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Locator, Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { checkWithAxe } from './axe.ts'
import { dropFiles, fixtures, usePerson } from './person.ts'

const checkpoints = [10, 0, 2].map((epoch) => `${fixtures}checkpoints/epoch-${epoch}.h5`)
let folder: string
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'urpatch-compare-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

async function start(page: Page, hash = ''): Promise<void> {
  await page.goto('about:blank')
  await page.goto(`${inject('url')}${hash}`)
  await page.getByText('Nothing leaves your computer').waitFor()
}

function rowsOf(page: Page): Locator {
  return page.getByRole('grid', { name: 'Channels side by side' }).getByRole('row', { name: /^Channel \d/ })
}

function names(page: Page): Promise<(string | null)[]> {
  return rowsOf(page).evaluateAll((rows) => rows.map((row) => row.getAttribute('aria-label')))
}

/** Whether the canvas shows something. */
async function isDrawn(mosaic: Locator): Promise<void> {
  await expect.poll(() => mosaic.evaluate((canvas) => (canvas as HTMLCanvasElement).width)).toBeGreaterThan(1)
}

describe('checkpoints that are dropped together', () => {
  const person = usePerson()

  it('are scanned by one Run, and stand side by side, those first that have changed most', async () => {
    const { page } = person
    await start(page)
    await dropFiles(page, [...checkpoints, `${fixtures}images`])
    const banner = page.getByRole('region', { name: 'Models in a row' })
    await banner.getByText('3 models: epoch-0.h5, epoch-2.h5, epoch-10.h5.').waitFor()
    await page.evaluate(() => window.urpatch!.state().showLayer('conv'))
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    await banner.getByText('All are scanned.').waitFor()
    // The banner offers the comparison; nothing else does so once more.
    expect(await page.locator('.notice').count()).toBe(0)
    await banner.getByRole('button', { name: 'Compare' }).click()

    const dialog = page.getByRole('dialog', { name: 'Compare' })
    // The channel that was zero at first, and the one that was pruned.
    await rowsOf(page).first().waitFor()
    expect((await names(page)).slice(0, 2)).toEqual(['Channel 3', 'Channel 5'])
    await dialog.getByRole('button', { name: '1 born' }).click()
    await expect.poll(() => names(page)).toEqual(['Channel 3'])
    await dialog.getByRole('button', { name: '1 born' }).click()
    const compared = await page.evaluate(() => window.urpatch!.compare('conv'))
    expect(compared.map(({ fate }) => fate)).toEqual(['born', 'died', ...Array<string>(6).fill('alive')])
    const correlations = compared.slice(2).map(({ correlation }) => correlation!)
    expect(correlations).toEqual(correlations.toSorted((a, b) => a - b))
    await checkWithAxe(page, 'the comparison')

    // By keyboard: the open pair, and the slider over the checkpoints.
    await rowsOf(page).first().focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    const details = dialog.getByRole('region', { name: 'Channel 5' })
    const slider = details.getByRole('slider', { name: 'Scan' })
    expect(await slider.getAttribute('aria-valuetext')).toBe('epoch-10')
    await slider.focus()
    await page.keyboard.press('Home')
    expect(await slider.getAttribute('aria-valuetext')).toBe('epoch-0')
    await isDrawn(details.locator('canvas'))
    await details.getByRole('img', { name: /^Fires: epoch-0 .*, epoch-2 .*, epoch-10 0 %$/ }).waitFor()
    await checkWithAxe(page, 'an open pair')
    const link = new URL(page.url()).hash
    expect(link).toBe('#layer=conv&pair=5&step=0&page=compare')

    // The snapshots of the same scans, dropped together in a new visit by that link, are the same comparison.
    const snapshots = await page.evaluate(async () => {
      const { comparison } = window.urpatch!.state()
      const files = comparison.scans.map(({ name, parts }) => ({ name, file: parts[0]!.file }))
      return Promise.all(
        files.map(async ({ name, file }) => ({ name, bytes: [...new Uint8Array(await file.arrayBuffer())] })),
      )
    })
    const files = snapshots.map(({ name, bytes }) => {
      const file = path.join(folder, `${name}.urpatch`)
      writeFileSync(file, Uint8Array.from(bytes))
      return file
    })
    await start(page, link)
    await dropFiles(page, files.toReversed())
    await details.waitFor()
    expect(await slider.getAttribute('aria-valuetext')).toBe('epoch-0')
    expect(await page.evaluate(() => window.urpatch!.compare('conv'))).toEqual(compared)
    await dialog.getByRole('button', { name: 'Open the images to see the mosaics' }).waitFor()
    await dropFiles(page, [`${fixtures}images`])
    await dialog
      .getByRole('button', { name: 'Open the images to see the mosaics' })
      .waitFor({ state: 'hidden' })
    await isDrawn(details.locator('canvas'))

    await details.getByRole('button', { name: 'Close the channel' }).click()
    await dialog.getByText('Match channels by correlation').click()
    await rowsOf(page).nth(1).waitFor()
    const partners = await page.evaluate(() => window.urpatch!.compare('conv', { matched: true }))
    const pairs = partners.filter(({ before, after }) => before !== null && after !== null)
    expect(new Set(pairs.map(({ after }) => after)).size).toBe(pairs.length)
    expect(pairs).toHaveLength(7)
    expect(new URL(page.url()).hash).toBe('#layer=conv&compare=matched&page=compare')
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'hidden' })
  })

  it('and one that is kept, can be compared with another model', async () => {
    const { page } = person
    await start(page)
    await dropFiles(page, [checkpoints[1]!, `${fixtures}images`])
    await page.getByRole('button', { name: 'Run', exact: true }).waitFor()
    const keep = (): Promise<boolean> =>
      page.evaluate(async () => {
        await window.urpatch!.scan(['conv'])
        return window.urpatch!.keepScan()
      })
    expect(await keep()).toBe(true)
    await dropFiles(page, [checkpoints[0]!])
    await page.waitForFunction(() => window.urpatch!.state().model?.name === 'epoch-10.h5')
    expect(await keep()).toBe(true)
    await page.setViewportSize({ width: 390, height: 844 })
    await page.evaluate(() => window.urpatch!.state().showPage('compare'))
    await rowsOf(page).first().click()
    const details = page.getByRole('region', { name: 'Channel 3' })
    await isDrawn(details.locator('canvas'))
    await checkWithAxe(page, 'a comparison on a narrow screen')
    await details.getByRole('button', { name: /^Open channel 3/ }).click()
    await page.getByRole('region', { name: 'Channel details' }).waitFor()
  })
})
