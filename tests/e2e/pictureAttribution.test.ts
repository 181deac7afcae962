/** On a page about one picture: which pixels excite the strongest unit of a channel, or the unit at a spot. */
import type { Locator, Page } from 'playwright'
import { describe, expect, inject, it } from 'vitest'
import { checkWithAxe } from './axe.ts'
import { fixtures, openFiles, usePerson } from './person.ts'

const layer = 'conv_valid'
const details = (page: Page): Locator => page.getByRole('region', { name: 'Image details' })
const section = (page: Page): Locator =>
  details(page).getByRole('region', { name: 'Attribution', exact: true })
const tiles = (page: Page): Locator =>
  details(page).getByRole('group', { name: `Channels of ${layer}, rarest value first` })
const whyButton = (page: Page): Locator =>
  tiles(page).getByRole('button', { name: /^Attribution of channel / })
const map = (page: Page): Locator => section(page).getByRole('img', { name: /^Integrated gradients: / })

async function open(page: Page): Promise<void> {
  await page.goto(inject('url'))
  await openFiles(page, `${fixtures}sequential.h5`, `${fixtures}images`)
  await page.evaluate((name) => window.urpatch!.scan([name]), layer)
}

/** What is asked for, once it was computed to its end: the unit, and its sum and activation as the page writes them. */
async function shown(page: Page) {
  await section(page)
    .getByText(/from the centre outwards|nothing to attribute/)
    .waitFor()
  const text = await section(page).innerText()
  const [, row, column] = / at (\d+), (\d+):/.exec(text)!
  return {
    channel: Number(/of channel\s+(\d+)\s+of/.exec(text)![1]),
    unit: [Number(row), Number(column)] as const,
    activation: await section(page).locator('dt:has-text("This patch") + dd').innerText(),
    sum: (await section(page).locator('dt:has-text("Pixels together") + dd').innerText()).split(' of ')[0]!,
  }
}

/** The same by a call of scripts. */
async function computed(page: Page, image: string, channel: number, unit: readonly [number, number]) {
  const found = await page.evaluate(
    ([path, number, at, name]) => window.urpatch!.attribution(name, number, { image: path, unit: at }),
    [image, channel, unit, layer] as const,
  )
  const sum = found.values.reduce((total, value) => total + value, 0) + found.elsewhere
  return { activation: found.activation, sum }
}

const number = (text: string): number => Number(text.replace('−', '-'))

describe('the page of an image', () => {
  const person = usePerson()

  it('explains the strongest unit of a channel, and the unit at a spot', async () => {
    const { page } = person
    await open(page)
    const image = 'red/00.png'
    await page.evaluate((path) => window.urpatch!.state().showImage(path), image)
    await whyButton(page).first().waitFor()
    expect(await section(page).count()).toBe(0)
    // By keyboard: it is the next stop behind its tile.
    await tiles(page)
      .getByRole('button', { name: /^Channel / })
      .first()
      .focus()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    const strongest = await shown(page)
    expect(await whyButton(page).first().getAttribute('aria-pressed')).toBe('true')
    const heat = await page.evaluate(
      async ([path, channel, name]) => {
        const [one] = await window
          .urpatch!.probe(path, [name])
          .then((all) => all.filter((a) => a.channel === channel))
        return one!
      },
      [image, strongest.channel, layer] as const,
    )
    const truth = await computed(page, image, strongest.channel, strongest.unit)
    expect(number(strongest.activation)).toBeCloseTo(truth.activation, 3)
    expect(number(strongest.activation)).toBeCloseTo(heat.value, 3)
    expect(number(strongest.sum)).toBeCloseTo(truth.sum, 3)
    await map(page).waitFor()
    await checkWithAxe(page, 'an attribution beside the picture')

    // A click on the picture chooses another unit; the whole picture the strongest again.
    const picture = details(page).getByRole('group', { name: /^Picture: / })
    const { width, height } = (await picture.boundingBox())!
    await picture.click({ position: { x: 0.1 * width, y: 0.9 * height } })
    await expect.poll(async () => (await shown(page)).unit).not.toEqual(strongest.unit)
    await section(page).getByText('The unit at the spot').waitFor()
    await details(page).getByRole('img', { name: 'The patch of the unit at the spot' }).waitFor()
    const other = await shown(page)
    const otherTruth = await computed(page, image, other.channel, other.unit)
    await expect.poll(async () => number((await shown(page)).sum)).toBeCloseTo(otherTruth.sum, 3)
    await details(page).getByRole('button', { name: 'Whole picture' }).click()
    await expect.poll(async () => (await shown(page)).unit).toEqual(strongest.unit)

    // The next image has its own; closed, nothing is left.
    await page.keyboard.press('ArrowRight')
    await expect.poll(() => page.evaluate(() => location.hash)).toContain('01.png')
    await expect.poll(async () => (await shown(page)).activation).not.toBe(strongest.activation)
    await section(page).getByRole('button', { name: 'Close the attribution' }).click()
    await expect.poll(() => section(page).count()).toBe(0)
    await page.keyboard.press('Escape')
  })
})

describe('the page of any picture, on a telephone', () => {
  const person = usePerson({ width: 390, height: 844 })

  it('explains a picture that is drawn over, as it is drawn', async () => {
    const { page } = person
    await open(page)
    await page.evaluate(() => window.urpatch!.state().probeImage(0))
    await whyButton(page).first().scrollIntoViewIfNeeded()
    await whyButton(page).first().click()
    await map(page).waitFor()
    // It lies above the list.
    expect(await section(page).evaluate((element) => element.getBoundingClientRect().top < innerHeight)).toBe(
      true,
    )
    const before = await shown(page)
    const path = await page.evaluate(() => window.urpatch!.state().images!.table.paths[0]!)
    const truth = await computed(page, path, before.channel, before.unit)
    expect(number(before.sum)).toBeCloseTo(truth.sum, 3)
    await checkWithAxe(page, 'an attribution on a telephone')
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)

    await details(page).getByRole('button', { name: 'Draw over' }).click()
    const picture = details(page).getByRole('group', { name: /^Picture: / })
    await picture.focus()
    await page.keyboard.press('Space')
    for (let i = 0; i < 12; i++) await page.keyboard.press('Shift+ArrowLeft')
    await expect.poll(async () => (await shown(page)).sum).not.toBe(before.sum)
    // The patch is cut of the picture as it is drawn.
    await map(page).waitFor()
    await details(page).getByRole('button', { name: 'Clear the drawing' }).click()
    await expect.poll(async () => (await shown(page)).sum).toBe(before.sum)
  })
})
