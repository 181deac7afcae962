/** Heat-maps: the activation of a channel over its image, on the grid of its layer. */
import type { Locator, Page } from 'playwright'
import { describe, expect, inject, it } from 'vitest'
import { checkWithAxe } from './axe.ts'
import { scanEnds, scanFewOfDemo, usePerson } from './person.ts'

const url = inject('url')

const details = (page: Page): Locator => page.getByRole('region', { name: 'Channel details' })
const heatSwitch = (within: Page | Locator): Locator => within.getByRole('switch', { name: 'Heat-map' })
const drawing = (within: Page | Locator): Locator => within.getByRole('img', { name: /^Heat-map/ })

/** The demo with a few images scanned, and a channel open. */
async function openChannel(page: Page): Promise<void> {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.addInitScript(() => localStorage.setItem('urpatch-tour', 'seen'))
  await page.goto(`${url}?demo`)
  await scanFewOfDemo(page)
  await scanEnds(page)
  await page.evaluate(() => window.urpatch!.state().showChannel(16))
  await heatSwitch(details(page)).waitFor()
}

/** The map of the chosen patch's image, its cells, and where the patch's unit is, as the state knows them. */
async function chosen(page: Page) {
  return page.evaluate(async () => {
    const { layer, channel, results } = window.urpatch!.state()
    const [entry] = results.get(layer!)!.top(channel!, 1)
    const map = await window.urpatch!.heatMap(layer!, channel!, entry!.image)
    return { ...map, activation: entry!.activation, position: entry!.position }
  })
}

describe('the heat-map', () => {
  const person = usePerson()

  it('lies over the image where the units do, says their values, and is copied', async () => {
    const { page } = person
    await openChannel(page)
    expect(await heatSwitch(details(page)).isChecked()).toBe(false)
    expect(await drawing(page).count()).toBe(0)
    await page.keyboard.press('h')
    await drawing(details(page)).waitFor()
    expect(await heatSwitch(details(page)).isChecked()).toBe(true)
    await expect
      .poll(() => drawing(page).evaluate((canvas: HTMLCanvasElement) => canvas.width))
      .toBeGreaterThan(1)

    const map = await chosen(page)
    const { rows, columns, values, position, activation } = map
    expect(values).toHaveLength(rows * columns)
    expect(values[position]).toBe(activation)
    expect(values.every((value) => value <= activation)).toBe(true)
    expect(await drawing(page).evaluate(({ width, height }: HTMLCanvasElement) => [height, width])).toEqual([
      rows,
      columns,
    ])

    // The demo's pictures are as large as the input, so a share of the one is a share of the other.
    const inputSize = await page.evaluate(() => window.urpatch!.state().model!.network.inputShape[0])
    const frame = (await details(page).locator('.picture-frame').boundingBox())!
    const box = (await drawing(page).boundingBox())!
    const first = map.cells!.rows[0]!
    const last = map.cells!.rows.at(-1)!
    expect((box.y - frame.y) / frame.height).toBeCloseTo(first[0] / inputSize, 2)
    expect((box.y + box.height - frame.y) / frame.height).toBeCloseTo(last[1] / inputSize, 2)

    // The unit of the patch says what the patch says.
    const unit = [Math.floor(position / columns), position % columns] as const
    const middle = ([start, end]: readonly [number, number]): number => (start + end) / 2 / inputSize
    await page.mouse.move(
      frame.x + middle(map.cells!.columns[unit[1]]!) * frame.width,
      frame.y + middle(map.cells!.rows[unit[0]]!) * frame.height,
    )
    await details(page)
      .getByText(`${activation.toPrecision(4)} at ${unit.join(', ')}`)
      .waitFor()
    // The largest activation is marked, and said in words.
    expect(await drawing(page).getAttribute('aria-label')).toContain(
      `Heat-map: ${activation.toPrecision(4)} at ${unit.join(', ')}`,
    )

    await details(page).getByRole('button', { name: 'Copy map' }).click()
    await page.getByText(`The map is copied as numbers: ${rows} rows of ${columns}`).waitFor()
    const copied = await page.evaluate(() => navigator.clipboard.readText())
    expect(copied.split('\n').map((line) => line.split('\t').length)).toEqual(Array(rows).fill(columns))
    expect(copied.split(/[\n\t]/).map(Number)).toEqual(values)
    await details(page).getByRole('button', { name: 'Copy image' }).click()
    await page.getByText('copied as a picture').waitFor()
    const types = await page.evaluate(async () =>
      (await navigator.clipboard.read()).flatMap((item) => item.types),
    )
    expect(types).toEqual(['image/png'])
    await checkWithAxe(page, 'a heat-map')
  })

  it('has an opacity, is remembered, lies over patches and the enlarged image, and is none of dense layers', async () => {
    const { page } = person
    await openChannel(page)
    await heatSwitch(details(page)).click({ force: true })
    const opacity = details(page).getByRole('slider', { name: 'Heat-map opacity' })
    await opacity.focus()
    await opacity.press('Home')
    await expect.poll(() => drawing(page).evaluate((canvas) => getComputedStyle(canvas).opacity)).toBe('0')
    for (let i = 0; i < 10; i++) await opacity.press('ArrowRight')
    await expect.poll(() => drawing(page).evaluate((canvas) => getComputedStyle(canvas).opacity)).toBe('0.5')

    await details(page).getByRole('switch', { name: 'On patches' }).click({ force: true })
    const patches = page.locator('.heat-patches')
    await expect
      .poll(() => patches.evaluate((canvas: HTMLCanvasElement) => canvas.width))
      .toBeGreaterThan(100)

    // Another channel has another map.
    const before = await drawing(page).getAttribute('aria-label')
    await page.evaluate(() => window.urpatch!.state().showChannel(17))
    await expect.poll(() => drawing(page).getAttribute('aria-label')).not.toBe(before)

    await page.getByRole('button', { name: 'Enlarge the image' }).click()
    const large = page.getByRole('dialog')
    await drawing(large).waitFor()
    await checkWithAxe(page, 'an enlarged image with its heat-map')
    await page.keyboard.press('h')
    await drawing(large).waitFor({ state: 'detached' })
    expect(await heatSwitch(large).isChecked()).toBe(false)
    await page.keyboard.press('H')
    await drawing(large).waitFor()
    await page.keyboard.press('Escape')

    await page.evaluate(async () => {
      const { model, showLayer, showChannel } = window.urpatch!.state()
      const dense = model!.network.layers.find(({ op }) => op?.kind === 'dense')!
      await window.urpatch!.scan([dense.name])
      showLayer(dense.name)
      showChannel(0)
    })
    await details(page).getByText('there is no heat-map').waitFor()
    expect(await heatSwitch(page).count()).toBe(0)

    const remembered = await page.evaluate(() => localStorage.getItem('heat-maps'))
    expect(JSON.parse(remembered!)).toEqual({ part: true, whole: true, patches: true, opacity: 0.5 })
    await page.reload()
    await page.waitForFunction(() => window.urpatch!.state().heat.opacity === 0.5)
  })
})
