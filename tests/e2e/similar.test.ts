/** Which channels are alike, in the production build. */
import { readFileSync } from 'node:fs'
import type { Locator, Page } from 'playwright'
import { beforeEach, describe, expect, inject, it } from 'vitest'
import { checkWithAxe } from './axe.ts'
import { fixtures, scanFewOfDemo, scanReaches, usePerson } from './person.ts'

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
    /** The names in a row are those of the best, as many as there is room for. */
    const check = async (
      title: string,
      values: readonly (number | null)[],
      layer: string,
      measure: string,
      without: number | null,
    ): Promise<void> => {
      const names = await namesIn(page, title)
      expect(names.length).toBeGreaterThanOrEqual(3)
      const nearest = best(values, without, names.length)
      expect(names).toEqual(nearest.map((c) => `Channel ${layer}${c}, ${values[c]!.toFixed(2)} ${measure}`))
    }
    await check('In this layer', asked.own.values, '', 'correlation', 16)
    await check('In other layers', asked.others.values, 'conv2d_4 ', 'correlation', null)
    await check('Weights alike', asked.cosines!, '', 'cosine', 16)
    await page.getByText('over all 60 images').first().waitFor()
    await checkWithAxe(page, 'channels that fire together')

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

  it('lie near to each other on the map, which is looked at by pointer and by keys, and is linked with the page', async () => {
    const { page } = person
    await page.getByRole('tab', { name: 'Map' }).click()
    const map = page.getByRole('listbox', { name: 'Map of channels' })
    const option = (channel: number): Locator =>
      map.getByRole('option', { name: `Channel ${channel}`, exact: true })
    await option(16).waitFor()
    await page.getByText('lie near to each other, by all 60 images').waitFor()
    expect(await option(16).getAttribute('aria-selected')).toBe('true')
    expect(await page.evaluate(() => location.hash)).toContain('map')

    // The picture has marks: many colours, not one.
    const colours = (): Promise<number> =>
      map.locator('canvas').evaluate((canvas: HTMLCanvasElement) => {
        const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height)
        return new Set(new Uint32Array(data.buffer)).size
      })
    await expect.poll(colours).toBeGreaterThan(1000)
    await checkWithAxe(page, 'the map')

    // A key leads to the nearest channel in its direction, another one back.
    await map.focus()
    const chosen = (): Promise<number | null> => page.evaluate(() => window.urpatch!.state().channel)
    const middle = async (channel: number): Promise<{ x: number; y: number }> => {
      const { x, y, width, height } = (await option(channel).boundingBox())!
      return { x: x + width / 2, y: y + height / 2 }
    }
    const from = await middle(16)
    await page.keyboard.press('ArrowRight')
    const right = (await chosen())!
    expect(right).not.toBe(16)
    const there = await middle(right)
    expect(there.x).toBeGreaterThan(from.x)
    await page.getByRole('heading', { name: `Channel ${right}`, exact: true }).waitFor()

    // Hovering shows a mosaic large, with how much the two fire together; a click opens the channel.
    await page.mouse.move(from.x, from.y)
    const { values } = await page.evaluate((c) => window.urpatch!.correlations('conv2d_5', c), right)
    await page.getByText(`correlation with ${right}: ${values[16]!.toFixed(2)}`).waitFor()
    await page.mouse.click(from.x, from.y)
    await page.getByRole('heading', { name: 'Channel 16', exact: true }).waitFor()

    // The map is enlarged around the pointer: the mark below it stays, another one goes away from it.
    const size = async (): Promise<number> => (await option(16).boundingBox())!.width
    const before = await size()
    await page.mouse.wheel(0, -400)
    await expect.poll(size).toBeGreaterThan(before)
    const now = await middle(16)
    expect(Math.hypot(now.x - from.x, now.y - from.y)).toBeLessThan(2)
    await page.getByRole('button', { name: 'Show all' }).click()
    await expect.poll(size).toBe(before)

    // What the grid hides is not on the map.
    await page.evaluate(() => window.urpatch!.state().setView({ bestClass: 'siamese-cat' }))
    const shown = async (): Promise<number> =>
      Number(await map.getByRole('option').getAttribute('aria-setsize'))
    await expect.poll(shown).toBeLessThan(30)

    // Back leads to the view before.
    await page.goBack()
    await page.getByRole('grid', { name: 'Channels' }).waitFor()
  })
})

describe('on a telephone', () => {
  const person = usePerson({ width: 390, height: 844 })
  beforeEach(() => openChannel(person.page))

  it('the map fills the page, a finger chooses a channel, and nothing is wider than the screen', async () => {
    const { page } = person
    await page.evaluate(() => {
      const { showChannel, showView } = window.urpatch!.state()
      showChannel(null)
      showView('map')
    })
    const map = page.getByRole('listbox', { name: 'Map of channels' })
    const option = map.getByRole('option')
    await option.waitFor()
    await checkWithAxe(page, 'the map on a telephone')
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
    const { x, y, width, height } = (await option.boundingBox())!
    const name = (await option.getAttribute('aria-label'))!
    await page.mouse.click(x + width / 2, y + height / 2)
    await page.getByRole('heading', { name, exact: true }).waitFor()
    await page.getByRole('group', { name: 'In this layer' }).getByRole('button').first().waitFor()
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
  })
})

describe('a layer without maxima of single images', () => {
  const person = usePerson()

  it('says so where its file is shown alone', async () => {
    const { page } = person
    await openChannel(page)
    const text = await page.evaluate(async () => {
      const taken: Blob[] = []
      const { createObjectURL } = URL
      URL.createObjectURL = (blob: Blob) => {
        taken.push(blob)
        return createObjectURL.call(URL, blob)
      }
      await window.urpatch!.saveResults()
      return taken[0]!.text()
    })
    await page.goto(`${url}`)
    await page.waitForFunction(() => window.urpatch !== undefined)
    await page.evaluate((json) => window.urpatch!.openResults(new File([json], 'a.urpatch.json')), text)
    await page.evaluate(() => {
      const { showLayer, showChannel } = window.urpatch!.state()
      showLayer('conv2d_5')
      showChannel(16)
    })
    await page.getByText('A results file does not hold the maxima of single images. Scan').waitFor()
    await page.getByRole('tab', { name: 'Map' }).click()
    await page.getByText('by which channels are laid out').waitFor()
  })
})

describe('correlations of the demo', () => {
  const person = usePerson()

  it('are those of NumPy over what Keras computes, to a millionth', async () => {
    const { page } = person
    const expected = JSON.parse(readFileSync(`${fixtures}demo-correlations.json`, 'utf8')) as {
      layer: string
      channel: number
      images: number
      correlations: Record<string, (number | null)[]>
    }
    await page.addInitScript(() => localStorage.setItem('urpatch-tour', 'seen'))
    await page.goto(`${url}?demo`)
    await scanReaches(page, 1)
    await page.getByRole('button', { name: 'Stop' }).click()
    const layers = Object.keys(expected.correlations)
    await page.evaluate(async (names) => {
      window.urpatch!.state().setSelection({ classes: null, splits: ['test'], sample: 'all' })
      await window.urpatch!.scan(names)
    }, layers)
    for (const name of layers) {
      const { images, values } = await page.evaluate(
        ([layer, channel, other]) => window.urpatch!.correlations(layer, channel, other),
        [expected.layer, expected.channel, name] as [string, number, string],
      )
      expect(images).toBe(expected.images)
      const wanted = expected.correlations[name]!
      expect(values.map((value) => value === null)).toEqual(wanted.map((value) => value === null))
      const errors = values.map((value, c) => Math.abs((value ?? 0) - (wanted[c] ?? 0)))
      expect(Math.max(...errors), name).toBeLessThan(1e-6)
    }
  })
})
