/** The page of a channel: its sections, in the panel and over the full width. */
import type { Locator, Page } from 'playwright'
import { describe, expect, inject, it } from 'vitest'
import { scanFewOfDemo, scanEnds, usePerson } from './person.ts'

const url = inject('url')

const details = (page: Page) => page.getByRole('region', { name: 'Channel details' })
const section = (page: Page, name: string): Locator =>
  details(page).getByRole('region', { name, exact: true })

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
})
