/** By keyboard alone: the focus is never lost, there is a way past the header, and what happens is announced. */
import type { Page } from 'playwright'
import { describe, expect, inject, it } from 'vitest'
import { fixtures, openFiles, scanEnds, usePerson } from './person.ts'

const url = inject('url')

const channel = (page: Page) => page.getByRole('region', { name: 'Channel details' })
const tile = (page: Page, number: number) => page.getByRole('row', { name: `Channel ${number}`, exact: true })

/** The accessible name of the element with the focus. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const { activeElement: element } = document
    return element === document.body
      ? 'nothing'
      : (element?.getAttribute('aria-label') ?? element?.textContent)
  })

describe('the focus', () => {
  const person = usePerson()

  async function open(): Promise<Page> {
    const { page } = person
    await page.goto(url)
    await openFiles(page, `${fixtures}sequential.h5`, `${fixtures}images`)
    await page.evaluate(() => window.urpatch!.state().showLayer('conv_valid'))
    return page
  }

  it('goes past header and layers by what is first on the page, and a scan says that it has begun and ended', async () => {
    const page = await open()
    const news = page.locator('[data-scan-news]')
    // The skip link comes before everything else.
    await page.getByRole('link', { name: 'Urpatch, start page' }).focus()
    await page.keyboard.press('Shift+Tab')
    expect(await focused(page)).toBe('Skip to the channels of conv_valid')
    await page.keyboard.press('Enter')
    expect(await focused(page)).toBe('Channel 0')
    const heard = page.evaluate(() => {
      const texts: string[] = []
      new MutationObserver(() => texts.push(document.querySelector('[data-scan-news]')!.textContent)).observe(
        document.querySelector('[data-scan-news]')!,
        { childList: true, characterData: true, subtree: true },
      )
      Object.assign(window, { heard: texts })
    })
    await heard
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    await scanEnds(page)
    await news.getByText(/^The scan is done: \d+ of \d+ images, of which 1 could not be read\.$/).waitFor()
    const texts = await page.evaluate(() => (window as unknown as { heard: string[] }).heard)
    expect(texts).toEqual([
      expect.stringMatching(/^The scan of conv_valid has begun: \d+ images\.$/),
      expect.stringMatching(/^The scan is done/),
    ])
    // A new order of the tiles is announced too.
    await page.evaluate(() => window.urpatch!.state().setView({ sort: 'activation', reversed: true }))
    await page
      .locator('[data-order-news]')
      .getByText('Tiles are ordered by activation, the strongest first, the other way round; there are 8.')
      .waitFor()
  })

  it('comes back to the tile when its channel is closed, by Enter, Esc and Back', async () => {
    const page = await open()
    await page.evaluate(() => window.urpatch!.scan(['conv_valid']))
    const ways = [
      async () => {
        await channel(page).getByRole('button', { name: 'Close' }).focus()
        await page.keyboard.press('Enter')
      },
      async () => {
        await channel(page).getByRole('button', { name: 'Copy link' }).focus()
        await page.keyboard.press('Escape')
      },
      async () => {
        await channel(page).getByRole('button', { name: 'Next channel' }).focus()
        await page.goBack()
      },
    ]
    for (const close of ways) {
      await tile(page, 2).focus()
      await page.keyboard.press('Enter')
      await channel(page).getByRole('heading', { name: 'Channel 2' }).waitFor()
      await close()
      await channel(page).waitFor({ state: 'detached' })
      await expect.poll(() => focused(page)).toBe('Channel 2')
    }
  })

  it('stays where a button works or has no more to do, and Esc still closes', async () => {
    const page = await open()
    await page.evaluate(() => window.urpatch!.scan(['conv_valid']))
    await tile(page, 7).click()
    const next = channel(page).getByRole('button', { name: 'Next channel' })
    await next.focus()
    await page.keyboard.press('Enter')
    expect(await focused(page)).toBe('Next channel')
    const prove = channel(page).getByRole('button', { name: 'Prove this patch' })
    await prove.focus()
    await page.keyboard.press('Enter')
    await channel(page)
      .getByText(/^(Proved|Not proved)/)
      .waitFor()
    expect(await focused(page)).toBe('Prove this patch')
    await page.keyboard.press('Escape')
    await channel(page).waitFor({ state: 'detached' })

    const sees = page.getByRole('button', { name: 'What the network sees' })
    await sees.focus()
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog', { name: 'What the network sees' })
    const compare = dialog.getByRole('button', { name: /^Compare on/ })
    await compare.focus()
    await page.keyboard.press('Enter')
    const candidates = dialog.getByRole('table', { name: 'Candidates' })
    await candidates.waitFor()
    expect(await focused(page)).toMatch(/^Compare on/)
    const set = candidates.getByRole('button', { name: /^Set / }).first()
    await set.focus()
    await page.keyboard.press('Enter')
    await expect.poll(() => focused(page)).toMatch(/^Is set: /)
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    await expect.poll(() => focused(page)).toBe('What the network sees')
  })

  it('goes to the list of keys and back, but not while one types', async () => {
    const page = await open()
    await tile(page, 1).focus()
    await page.keyboard.press('?')
    const dialog = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
    await dialog.getByText('previous and next channel').waitFor()
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    await expect.poll(() => focused(page)).toBe('Channel 1')
    await page.getByRole('searchbox', { name: 'Search layers' }).focus()
    await page.keyboard.type('?')
    expect(await dialog.count()).toBe(0)

    for (const name of ['Model summary', 'Trace']) {
      const opener = page.getByRole('button', { name }).first()
      await opener.focus()
      await page.keyboard.press('Enter')
      await page.getByRole('dialog').waitFor()
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'detached' })
      await expect.poll(() => focused(page)).toBe(name)
    }
  })
})
