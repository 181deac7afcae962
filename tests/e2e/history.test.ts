/** Back and Forward: Back closes what was opened last; model and images stay. */
import type { Page } from 'playwright'
import { describe, expect, inject, it } from 'vitest'
import { fixtures, openFiles, scanEnds, usePerson } from './person.ts'

const url = inject('url')

const channel = (page: Page) => page.getByRole('region', { name: 'Channel details' })

/** Opens a model and images and scans a layer, so that its mosaics are there. */
async function scanned(page: Page): Promise<void> {
  await page.goto(url)
  await openFiles(page, `${fixtures}sequential.h5`, `${fixtures}images`)
  await page.evaluate(() => window.urpatch!.state().showLayer('conv_valid'))
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await scanEnds(page)
}

describe.each([
  ['a wide screen', { width: 1440, height: 900 }],
  ['a telephone', { width: 390, height: 844 }],
])('on %s', (_, viewport) => {
  const person = usePerson(viewport)

  it('Back closes the channel and not the app, and Forward opens it again', async () => {
    const { page } = person
    await scanned(page)
    await page.getByRole('row', { name: 'Channel 1', exact: true }).click()
    await channel(page).getByRole('heading', { name: 'Channel 1' }).waitFor()
    await page.keyboard.press('ArrowRight')
    await channel(page).getByRole('heading', { name: 'Channel 2' }).waitFor()
    await page.goBack()
    await channel(page).getByRole('heading', { name: 'Channel 2' }).waitFor({ state: 'detached' })
    expect(await page.evaluate(() => window.urpatch!.state().channel)).toBe(null)
    expect(await page.evaluate(() => window.urpatch!.state().results.size)).toBe(1)
    await page.goForward()
    await channel(page).getByRole('heading', { name: 'Channel 2' }).waitFor()

    // Closing by a button is the same step in the history: Back does not open it again.
    const length = await page.evaluate(() => history.length)
    await channel(page).getByRole('button', { name: 'Close' }).click()
    await expect.poll(() => page.evaluate(() => location.hash)).toBe('#layer=conv_valid')
    await page.getByRole('row', { name: 'Channel 3', exact: true }).click()
    await channel(page).getByRole('heading', { name: 'Channel 3' }).waitFor()
    expect(await page.evaluate(() => history.length)).toBe(length)
  })
})

describe('what lies over the workbench', () => {
  const person = usePerson()

  it.each([
    ['Model summary', 'summary'],
    ['What the network sees', 'input'],
    ['Trace', 'trace'],
  ])('%s is closed by Back and opened by Forward and by its address', async (button, name) => {
    const { page } = person
    await scanned(page)
    await page.getByRole('button', { name: button }).first().click()
    await page.getByRole('dialog').waitFor()
    expect(new URL(page.url()).hash).toBe(`#layer=conv_valid&page=${name}`)
    await page.goBack()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.goForward()
    await page.getByRole('dialog').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await expect.poll(() => page.evaluate(() => location.hash)).toBe('#layer=conv_valid')

    await page.goto('about:blank')
    await page.goto(`${url}?demo#page=${name}`)
    await page.getByRole('dialog').waitFor()
  })
})
