/** The page of a channel: its sections, in the panel and over the full width. */
import { copyFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Locator, Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { fixtures, openFiles, scanEnds, scanFewOfDemo, usePerson } from './person.ts'

const url = inject('url')

const details = (page: Page) => page.getByRole('region', { name: 'Channel details' })
const section = (page: Page, name: string): Locator =>
  details(page).getByRole('region', { name, exact: true })

/** A folder that has each picture twice. */
let twice: string
beforeAll(() => {
  twice = mkdtempSync(path.join(tmpdir(), 'urpatch-twice-'))
  for (const name of readdirSync(`${fixtures}images/red`)) {
    copyFileSync(`${fixtures}images/red/${name}`, path.join(twice, name))
    copyFileSync(`${fixtures}images/red/${name}`, path.join(twice, `again-${name}`))
  }
})
afterAll(() => rmSync(twice, { recursive: true }))

/** The demo with a few images scanned, and a channel open. */
async function openChannel(page: Page): Promise<void> {
  await page.addInitScript(() => localStorage.setItem('urpatch-tour', 'seen'))
  await page.goto(`${url}?demo`)
  await scanFewOfDemo(page)
  await scanEnds(page)
  await page.evaluate(() => window.urpatch!.state().showChannel(16))
  await section(page, 'How strongly').waitFor()
}

describe('the page of a channel', () => {
  const person = usePerson()

  it('folds its sections, remembers it, and has the full width with an address of its own', async () => {
    const { page } = person
    await openChannel(page)
    const classes = section(page, 'For which classes')
    await classes.getByRole('table').waitFor()
    await classes.getByRole('button', { name: 'For which classes' }).click()
    await classes.getByRole('table').waitFor({ state: 'detached' })
    await details(page).getByRole('button', { name: 'Next channel' }).click()
    await details(page).getByRole('heading', { name: 'Channel 17' }).waitFor()
    expect(await classes.getByRole('table').count()).toBe(0)

    await details(page).getByRole('button', { name: 'Full width' }).click()
    await expect.poll(() => new URL(page.url()).hash).toContain('width=full')
    const box = (await details(page).boundingBox())!
    expect(box.width).toBe(1440)
    // What lies below is neither seen nor reached.
    expect(await page.getByRole('grid', { name: 'Channels' }).count()).toBe(0)
    await page.keyboard.press('ArrowLeft')
    await details(page).getByRole('heading', { name: 'Channel 16' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('grid', { name: 'Channels' }).waitFor()
    await details(page).getByRole('heading', { name: 'Channel 16' }).waitFor()

    // By the keyboard, and Back closes it.
    await page.getByRole('row', { name: 'Channel 16', exact: true }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('grid', { name: 'Channels' }).waitFor({ state: 'detached' })
    await page.goBack()
    await page.getByRole('grid', { name: 'Channels' }).waitFor()
    await details(page).getByRole('heading', { name: 'Channel 16' }).waitFor()
    await page.goForward()
    await page.getByRole('grid', { name: 'Channels' }).waitFor({ state: 'detached' })
    expect(await classes.getByRole('table').count()).toBe(0)
  })

  it('is printed whole, on as many sheets as it needs, and alone', async () => {
    const { page } = person
    await openChannel(page)
    await section(page, 'For which classes').getByRole('table').waitFor()
    const pdf = (await page.pdf({ format: 'A5' })).toString('latin1')
    expect([...pdf.matchAll(/\/Type\s*\/Page\b/g)].length).toBeGreaterThan(1)
    await page.emulateMedia({ media: 'print' })
    for (const other of ['.header', '.layers', '.mosaics', '.run-bar'])
      expect(await page.locator(other).isVisible(), other).toBe(false)
    expect(
      await details(page).evaluate(({ scrollHeight, clientHeight }) => scrollHeight - clientHeight),
    ).toBe(0)
  })

  it('goes from the lowest patches to the highest by the slider', async () => {
    const { page } = person
    await openChannel(page)
    const strength = section(page, 'How strongly')
    const slider = strength.getByRole('slider', { name: 'Strength' })
    const values = async (): Promise<number[]> => {
      const patches = strength.getByRole('group', { name: /^Images from/ }).getByRole('group')
      await patches.getByRole('button').first().waitFor()
      const titles = await patches
        .getByRole('button')
        .evaluateAll((buttons) => buttons.map((button) => (button as HTMLElement).title))
      return titles.map((title) => Number(title.split(' ')[0]))
    }
    const highest = await page.evaluate(() => {
      const { results } = window.urpatch!.state()
      return results.get('conv2d_5')!.highest(16)
    })
    await slider.press('End')
    expect((await values()).at(-1)).toBeCloseTo(highest, 2)
    await slider.press('Home')
    await expect.poll(async () => (await values())[0]).toBe(0)
    // A patch opens in its image, as everywhere.
    await strength
      .getByRole('group', { name: /^Images from/ })
      .getByRole('button')
      .first()
      .click()
    await details(page).getByText('not of the top').waitFor()
    await slider.press('Escape')
    await strength.getByRole('group', { name: /^Two patches from each tenth/ }).waitFor()
  })

  it('shows more of the top on its full page, after a scan that has kept them', async () => {
    const { page } = person
    await openChannel(page)
    await details(page).getByRole('button', { name: 'Full width' }).click()
    const patches = details(page).getByRole('group', { name: 'Patches', exact: true }).getByRole('button')
    await expect.poll(() => patches.count()).toBe(25)
    await details(page)
      .getByRole('button', { name: /Patches on this page/ })
      .click()
    await page.getByRole('option', { name: 'Up to 49 patches' }).click()
    await details(page).getByText('This scan has kept 25.').waitFor()
    expect(await patches.count()).toBe(25)
    await details(page).getByRole('button', { name: 'Scan conv2d_5 again, keeping 49' }).click()
    await scanEnds(page)
    await expect.poll(() => patches.count()).toBe(49)
    await details(page).getByText('This scan has kept').waitFor({ state: 'detached' })
    await patches.nth(48).click()
    await details(page).getByText('49 of 49').waitFor()
    expect(new URL(page.url()).hash).toContain('patch=48')
  })

  it('shows patches that look alike once if that is asked for, and the others behind them', async () => {
    const { page } = person
    await page.goto(url)
    await openFiles(page, `${fixtures}sequential.h5`, twice)
    await page.evaluate(() => window.urpatch!.state().showLayer('conv_valid'))
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    await scanEnds(page)
    await page.evaluate(() => window.urpatch!.state().showChannel(1))
    const patches = details(page).getByRole('group', { name: 'Patches', exact: true }).getByRole('button')
    await patches.first().waitFor()
    const kept = await page.evaluate(
      () => window.urpatch!.state().results.get('conv_valid')!.top(1, 255).length,
    )
    await page.getByRole('button', { name: 'Filter' }).click()
    await page.getByRole('switch', { name: 'Alike patches once' }).press('Space')
    await page.keyboard.press('Escape')
    await details(page)
      .getByRole('button', { name: /^\+\d+ alike$/ })
      .waitFor()
    expect(new URL(page.url()).hash).toContain('alike=once')
    const names = await patches.evaluateAll((buttons) => buttons.map((button) => button.ariaLabel!))
    expect(names.length).toBeLessThanOrEqual(kept / 2)
    const others = names.map((name) => Number(/and (\d+) alike/.exec(name)?.[1] ?? 0))
    expect(others[0]).toBeGreaterThan(0)
    expect(names.length + others.reduce((sum, one) => sum + one, 0)).toBe(kept)
    await details(page)
      .getByRole('button', { name: `+${others[0]} alike` })
      .click()
    const alike = details(page).getByRole('group', { name: /^Patches that look like the chosen one/ })
    await expect.poll(() => alike.getByRole('button').count()).toBe(others[0])
    await alike.getByRole('button').first().click()
    await details(page).getByText('not of the top').waitFor()
  })
})
