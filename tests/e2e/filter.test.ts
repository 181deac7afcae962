/** Filters over the mosaics: chips with histograms, shared with the finder, in the link; and near-duplicates as a column. */
import type { Page } from 'playwright'
import { describe, expect, inject, it } from 'vitest'
import { checkWithAxe } from './axe.ts'
import { fixtures, openFiles, usePerson } from './person.ts'

const url = inject('url')

async function scanned(page: Page, hash = ''): Promise<void> {
  await page.goto(`${url}${hash}`)
  await openFiles(page, `${fixtures}sequential.h5`, `${fixtures}images`)
  await page.evaluate(() => window.urpatch!.scan('all'))
}

const chips = (page: Page) => page.getByRole('group', { name: 'Filter' })
const tiles = (page: Page) =>
  page
    .getByRole('grid', { name: 'Channels' })
    .getByRole('row')
    .evaluateAll((rows) => rows.map((row) => Number(row.getAttribute('data-channel'))))
const hash = (page: Page) => page.evaluate(() => decodeURIComponent(location.hash))

describe('filters over the mosaics', () => {
  const person = usePerson()

  it('are ranges of measures, which the finder has too, in the link', async () => {
    const { page } = person
    await scanned(page)
    await page.evaluate(() => window.urpatch!.state().showLayer('conv_same_s2'))
    const from = chips(page).getByRole('slider', { name: 'Fires from' })
    await from.waitFor()
    const all = await tiles(page)
    expect(all).toHaveLength(8)
    await checkWithAxe(page, 'filter chips')

    // By keys, up to the end: only channels that fire in nearly all images are left.
    await from.focus()
    await page.keyboard.press('End')
    await page.keyboard.press('ArrowLeft')
    await expect.poll(() => hash(page)).toMatch(/range=fires_0\.95_/)
    const shares = await page.evaluate(() => {
      const result = window.urpatch!.state().results.get('conv_same_s2')!
      return Array.from({ length: result.channels }, (_, channel) => result.highest(channel)! > 0)
    })
    const left = all.filter((channel) => shares[channel])
    await expect.poll(() => tiles(page)).not.toEqual(all)
    for (const channel of await tiles(page)) expect(left).toContain(channel)
    const shown = await tiles(page)
    const hidden = all.length - shown.length
    await page.getByRole('button', { name: `Filter, ${hidden} hidden` }).waitFor()

    // The finder has the same range, and the same channels of this layer.
    await page.getByRole('button', { name: 'Finder' }).click()
    const finder = page.getByRole('dialog')
    await finder.getByRole('button', { name: /^Take away the filter Fires ≥ 95/ }).waitFor()
    await finder.getByRole('searchbox', { name: 'Search channels' }).fill('conv_same_s2')
    await expect
      .poll(() => finder.getByRole('status').textContent())
      .toMatch(new RegExp(`^${shown.length} of`))
    // A range of another measure is a chip over the mosaics.
    await page.evaluate(() => window.urpatch!.state().find({ text: '', ranges: { dead: [null, 0] } }))
    await page.keyboard.press('Escape')
    await chips(page)
      .getByRole('button', { name: /^Take away the filter Dead ≤/ })
      .click()
    await expect.poll(() => tiles(page)).toEqual(all)
    expect(await hash(page)).not.toContain('range')

    // From a link the same channels are shown, and all of them by one button.
    await page.goto('about:blank')
    await scanned(page, '#layer=conv_same_s2&range=fires_0.95_')
    await expect.poll(() => tiles(page)).toEqual(shown)
    await page.getByRole('button', { name: /^Filter, / }).click()
    await page.getByRole('dialog').getByRole('slider', { name: 'Choosy from' }).waitFor()
    await checkWithAxe(page, 'filter menu with ranges')
    await page.getByRole('button', { name: 'Show all' }).click()
    await page.keyboard.press('Escape')
    await expect.poll(() => tiles(page)).toEqual(all)
  })

  it('are a class and names too', async () => {
    const { page } = person
    await scanned(page)
    await page.evaluate(() => {
      window.urpatch!.state().showLayer('conv_same_s2')
      window.urpatch!.setNote('conv_same_s2', 3, { name: 'eye' })
    })
    const named = chips(page).getByRole('button', { name: 'Only named' })
    await named.click()
    await expect.poll(() => tiles(page)).toEqual([3])
    expect(await hash(page)).toContain('notes=named')
    await named.click()
    await chips(page)
      .getByRole('button', { name: /Any class/ })
      .click()
    await page.locator('.menu').getByRole('option').nth(1).click()
    await expect.poll(() => hash(page)).toContain('best=')
  })
})

describe('near-duplicates among the top', () => {
  const person = usePerson()

  it('are measured of chosen rows of the finder, as a column', async () => {
    const { page } = person
    await scanned(page)
    await page.evaluate(() => window.urpatch!.state().showPage('finder'))
    const grid = page.getByRole('grid', { name: 'All channels' })
    await grid
      .getByRole('checkbox', { name: /^Choose channel 0/ })
      .first()
      .click()
    expect(await grid.getByRole('columnheader', { name: 'Alike' }).count()).toBe(0)
    await page.getByRole('button', { name: 'Measure alike patches' }).click()
    await grid.getByRole('columnheader', { name: 'Alike' }).waitFor()
    const row = grid.locator('[data-row]').first()
    await expect.poll(() => row.getByRole('gridcell').nth(3).textContent()).toMatch(/^\d+ %$/)
    await checkWithAxe(page, 'finder with near-duplicates')
  })
})
