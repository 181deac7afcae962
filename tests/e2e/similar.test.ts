/** Which channels are alike, in the production build. */
import type { Locator, Page } from 'playwright'
import { beforeEach, describe, expect, inject, it } from 'vitest'
import { scanFewOfDemo, usePerson } from './person.ts'

const url = inject('url')

const row = (page: Page, name: string): Locator => page.getByRole('group', { name, exact: true })

/** The names of the channels in a row, best first. */
async function namesIn(page: Page, name: string): Promise<string[]> {
  const buttons = row(page, name).getByRole('button')
  await buttons.first().waitFor()
  return buttons.evaluateAll((all) => all.map((button) => button.getAttribute('aria-label')!))
}

/** The best numbers by `values`, without the channel itself. */
function best(values: readonly (number | null)[], without: number | null, count: number): number[] {
  return [...values.keys()]
    .filter((channel) => values[channel] !== null && channel !== without)
    .toSorted((a, b) => values[b]! - values[a]!)
    .slice(0, count)
}

/** Scans 60 pictures of the demo through two layers, and opens channel 16 of the second. */
async function openChannel(page: Page): Promise<void> {
  await page.addInitScript(() => localStorage.setItem('urpatch-tour', 'seen'))
  await page.goto(`${url}?demo`)
  await scanFewOfDemo(page)
  await page.evaluate(async () => {
    await window.urpatch!.scan(['conv2d_4'])
    const { showLayer, showChannel } = window.urpatch!.state()
    showLayer('conv2d_5')
    showChannel(16)
  })
}

describe('channels that are alike', () => {
  const person = usePerson()
  beforeEach(() => openChannel(person.page))

  it('stand on the page of a channel by the images on which they fire, and by their weights, and open', async () => {
    const { page } = person
    const asked = await page.evaluate(async () => {
      const { correlations, weightsAlike } = window.urpatch!
      return {
        own: await correlations('conv2d_5', 16),
        others: await correlations('conv2d_5', 16, 'conv2d_4'),
        cosines: await weightsAlike('conv2d_5', 16),
      }
    })
    expect([asked.own.images, asked.own.values.length, asked.own.values[16]]).toEqual([
      60,
      64,
      expect.closeTo(1, 12),
    ])
    const named = (
      values: readonly (number | null)[],
      layer: string,
      measure: string,
      without: number | null,
    ) => best(values, without, 5).map((c) => `Channel ${c}${layer}, ${measure} ${values[c]!.toFixed(2)}`)
    expect(await namesIn(page, 'In this layer')).toEqual(named(asked.own.values, '', 'correlation', 16))
    expect(await namesIn(page, 'In other layers')).toEqual(
      named(asked.others.values, ' of conv2d_4', 'correlation', null),
    )
    expect(await namesIn(page, 'Weights alike')).toEqual(named(asked.cosines!, '', 'cosine', 16))
    await page.getByText('over all 60 images').first().waitFor()

    // A row is one stop for Tab, and the arrow keys lead along it without leaving the channel.
    const second = row(page, 'In this layer').getByRole('button').nth(1)
    await row(page, 'In this layer').getByRole('button').first().focus()
    await page.keyboard.press('ArrowRight')
    expect(await second.evaluate((button) => button === document.activeElement)).toBe(true)
    const wanted = best(asked.own.values, 16, 5)[1]
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: `Channel ${wanted}`, exact: true }).waitFor()

    await row(page, 'In other layers').getByRole('button').first().click()
    await page.waitForFunction(() => window.urpatch!.state().layer === 'conv2d_4')
    await page.goBack()
    await page.waitForFunction(() => window.urpatch!.state().layer === 'conv2d_5')
  })
})
