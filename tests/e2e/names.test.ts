/** Buttons that have only a picture show their name when the user points at them or reaches them by Tab. */
import type { Page } from 'playwright'
import { describe, expect, inject, it } from 'vitest'
import { fixtures, openFiles, scanEnds, usePerson } from './person.ts'

const url = inject('url')
const tooltip = (page: Page) => page.getByRole('tooltip')

describe('buttons with a picture instead of a word', () => {
  const person = usePerson({ width: 1200, height: 900 })

  it('all show their names', async () => {
    const { page } = person
    await page.goto(url)
    await openFiles(page, `${fixtures}sequential.h5`, `${fixtures}images`)
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    await scanEnds(page)
    await page.getByRole('row', { name: 'Channel 1', exact: true }).click()
    await page.getByRole('region', { name: 'Channel details' }).getByRole('heading', { level: 2 }).waitFor()
    const buttons = page
      .locator('button:not(.patch-button, .roving button)')
      .filter({ hasNotText: /\w/, visible: true })
    const names: string[] = []
    for (const button of await buttons.all()) {
      const name = (await button.getAttribute('aria-label'))!
      await button.hover()
      await tooltip(page).filter({ hasText: name }).waitFor()
      await page.mouse.move(0, 899)
      await tooltip(page).waitFor({ state: 'detached' })
      names.push(name)
    }
    expect(names).toEqual(expect.arrayContaining(['Open model', 'Open images', 'Model summary', 'Copy link']))
    // This button has a word if there is room.
    await page.getByRole('button', { name: 'What the network sees' }).hover()
    await tooltip(page).filter({ hasText: 'What the network sees' }).waitFor()
  })

  it('show them by keyboard, and Esc closes first the name and then what it belongs to', async () => {
    const { page } = person
    await page.goto(`${url}?demo`)
    await page.getByRole('button', { name: 'End the tour' }).click()
    await page.getByRole('row', { name: 'Channel 1', exact: true }).click()
    const channel = page.getByRole('region', { name: 'Channel details' })
    await channel.getByRole('button', { name: 'Copy link' }).focus()
    await page.keyboard.press('Tab')
    await tooltip(page).getByText('Previous channel').waitFor()
    await page.keyboard.press('Escape')
    await tooltip(page).waitFor({ state: 'detached' })
    await page.keyboard.press('Escape')
    await channel.waitFor({ state: 'detached' })
  })

  it('do not when the page gives the focus back', async () => {
    const { page } = person
    await page.goto(`${url}?demo`)
    const summary = page.getByRole('button', { name: 'Model summary' })
    await summary.focus()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await expect.poll(() => summary.evaluate((button) => button === document.activeElement)).toBe(true)
    expect(await tooltip(page).count()).toBe(0)

    await summary.click()
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await expect.poll(() => summary.evaluate((button) => button === document.activeElement)).toBe(true)
    expect(await tooltip(page).count()).toBe(0)
  })
})
