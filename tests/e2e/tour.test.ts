/** The guided tour of the demo, in the production build. */
import type { Page } from 'playwright'
import { describe, expect, inject, it } from 'vitest'
import { scanReaches, usePerson } from './person.ts'

const url = inject('url')

const tour = (page: Page) => page.getByRole('region', { name: /^Guided tour/ })
const next = (page: Page) => tour(page).getByRole('button', { name: 'Next' })

/** Whether the card covers a part of this element. */
async function covers(page: Page, other: string): Promise<boolean> {
  return page.evaluate((selector) => {
    const a = document.querySelector('.tour')!.getBoundingClientRect()
    const b = document.querySelector(selector)!.getBoundingClientRect()
    return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
  }, other)
}

describe.each([
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
])('at $width×$height', (viewport) => {
  const person = usePerson(viewport)

  it('goes through four steps beside what they are about, covers none of it, and does not come again', async () => {
    const { page } = person
    await page.goto(`${url}?demo`)
    await tour(page).getByText('Each tile is one channel').waitFor()
    // When the tour starts itself, the focus stays where it is.
    expect(await page.evaluate(() => document.activeElement === document.body)).toBe(true)
    expect(await covers(page, '.channel-grid')).toBe(false)
    await scanReaches(page, 1)

    await next(page).click()
    await page.getByRole('heading', { name: 'Channel 16', exact: true }).waitFor()
    expect(await covers(page, '.large-mosaic')).toBe(false)
    expect(await next(page).evaluate((button) => button === document.activeElement)).toBe(true)

    await page.keyboard.press('Enter')
    await tour(page).getByText('receptive field, or ur-patch').waitFor()
    const picture = page.getByRole('img', { name: 'The patch in its image' })
    await picture.waitFor()
    expect(await covers(page, '.picture')).toBe(false)
    // The scan continues: a better patch replaces this one, and its image is loaded first.
    const bottom = async (): Promise<number> => {
      const seen = await picture.boundingBox()
      return seen ? seen.y + seen.height : Infinity
    }
    await expect.poll(bottom).toBeLessThanOrEqual(viewport.height)

    await page.keyboard.press('Enter')
    await tour(page).getByText('Early and late layers').waitFor()
    // If the layers are a menu, the card is right below the menu's button.
    expect(await covers(page, viewport.width < 900 ? '.header' : '.layer-list')).toBe(false)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(viewport.width)

    // The layer that the card offers is scanned before the current scan continues.
    await tour(page).getByRole('button', { name: 'Scan conv2d_2' }).click()
    await page.waitForFunction(() => {
      const { scan, layer } = window.urpatch!.state()
      return layer === 'conv2d_2' && 'progress' in scan && String(scan.progress.layers) === 'conv2d_2'
    })
    await tour(page).getByRole('button', { name: 'Done' }).click()
    await expect.poll(() => tour(page).count()).toBe(0)
    await page.getByRole('button', { name: 'Stop' }).click()

    await page.goto(`${url}?demo`)
    const again = page.getByRole('button', { name: 'Guided tour' })
    await scanReaches(page, 1)
    if (viewport.width < 900) await page.getByRole('button', { name: 'Menu' }).click()
    await again.waitFor()
    expect(await tour(page).count()).toBe(0)
    await again.click()
    await tour(page).getByText('1 of 4').waitFor()
  })
})

describe('the tour', () => {
  const person = usePerson()

  it('goes by Esc before the channel does, and gives the focus back', async () => {
    const { page } = person
    await page.goto(`${url}?demo`)
    await next(page).click()
    await page.keyboard.press('Escape')
    await expect.poll(() => tour(page).count()).toBe(0)
    const channel = page.getByRole('region', { name: 'Channel details' })
    expect(await channel.isVisible()).toBe(true)
    const button = page.getByRole('button', { name: 'Guided tour' })
    expect(await button.evaluate((one) => one === document.activeElement)).toBe(true)
    await page.keyboard.press('Escape')
    await channel.waitFor({ state: 'detached' })
  })

  it('waits over the mosaics when its channel is closed, and ends with the demo', async () => {
    const { page } = person
    await page.goto(`${url}?demo`)
    await next(page).click()
    await page.getByRole('region', { name: 'Channel details' }).getByRole('button', { name: 'Close' }).click()
    await page.locator('.mosaics .tour').getByText('Channel 16 looks for eyes').waitFor()
    await page
      .getByLabel('Model file')
      .setInputFiles(new URL('../fixtures/sequential.h5', import.meta.url).pathname)
    await tour(page).waitFor({ state: 'detached' })
    expect(await page.getByRole('button', { name: 'Guided tour' }).count()).toBe(0)
  })

  it('comes each time where the browser keeps nothing, and the console stays empty', async () => {
    const { page } = person
    await page.addInitScript(() => {
      Object.defineProperty(window, 'localStorage', {
        get() {
          throw new DOMException('blocked', 'SecurityError')
        },
      })
    })
    for (let visit = 0; visit < 2; visit++) {
      await page.goto(`${url}?demo`)
      await tour(page).getByRole('button', { name: 'End the tour' }).click()
      await expect.poll(() => tour(page).count()).toBe(0)
    }
    await page.getByRole('button', { name: /Switch to (dark|light) colours/ }).click()
  })

  it('does not come with files of one’s own', async () => {
    const { page } = person
    await page.goto(url)
    await page
      .getByLabel('Model file')
      .setInputFiles(new URL('../fixtures/sequential.h5', import.meta.url).pathname)
    await page
      .getByLabel('Image folder')
      .setInputFiles(new URL('../fixtures/images', import.meta.url).pathname)
    await page.getByRole('button', { name: 'Run', exact: true }).waitFor()
    expect(await tour(page).count()).toBe(0)
    expect(await page.getByRole('button', { name: 'Guided tour' }).count()).toBe(0)
  })
})
