/** Which pixels of a patch excite its unit: over the patch, with its test, beside the check by hiding parts. */
import { readFile } from 'node:fs/promises'
import type { Locator, Page } from 'playwright'
import { describe, expect, inject, it } from 'vitest'
import { checkWithAxe } from './axe.ts'
import { scanEnds, scanFewOfDemo, usePerson } from './person.ts'

const url = inject('url')

const section = (page: Page): Locator => page.getByRole('region', { name: 'Attribution' })

/** The demo with a few images scanned, a channel open, and the section opened. */
async function openSection(page: Page, channel = 16): Promise<void> {
  await page.addInitScript(() => localStorage.setItem('urpatch-tour', 'seen'))
  await page.goto(`${url}?demo`)
  await scanFewOfDemo(page)
  await scanEnds(page)
  await page.evaluate((c) => window.urpatch!.state().showChannel(c), channel)
  await section(page).getByRole('button', { name: 'Attribution', exact: true }).click()
}

/** The sum of what the pixels count, as the page writes it. */
async function pixelsTogether(page: Page): Promise<readonly [number, number]> {
  const text = await section(page).locator('dt:has-text("Pixels together") + dd').innerText()
  const [sum, whole] = text.replaceAll('−', '-').split(' of ').map(Number)
  return [sum!, whole!]
}

describe('attribution', () => {
  const person = usePerson()

  it('lies over the patch, sums to the activation, is tested and checked', async () => {
    const { page } = person
    await openSection(page)
    const map = section(page).getByRole('img', { name: /^Integrated gradients: excites most at/ })
    await map.waitFor()
    await section(page).getByText('from the centre outwards').waitFor()
    await section(page).getByText('the mean colour of 32 of the images').waitFor()
    const asked = await page.evaluate(async () => {
      const { layer, channel, results } = window.urpatch!.state()
      const [entry] = results.get(layer!)!.top(channel!, 1)
      return { ...(await window.urpatch!.attribution(layer!, channel!, { rank: 0 })), entry: entry! }
    })
    // The activation of the crop is that of the scan, up to rounding.
    expect(Math.abs(asked.activation - asked.entry.activation)).toBeLessThan(1e-5 * asked.entry.activation)
    const [top, left, bottom, right] = asked.box
    expect([asked.rows, asked.columns]).toEqual([bottom - top, right - left])
    expect(asked.values).toHaveLength(asked.rows * asked.columns)
    const sum = asked.values.reduce((total, value) => total + value, 0)
    const whole = asked.activation - asked.atMean
    expect(Math.abs(sum - whole)).toBeLessThan(0.1 * whole)
    expect(asked.elsewhere).toBe(0)
    expect(asked.deletion.attribution!).toBeLessThan(asked.deletion.centreFirst!)
    const [shownSum, shownWhole] = await pixelsTogether(page)
    expect(shownSum).toBeCloseTo(sum, 2)
    expect(shownWhole).toBeCloseTo(whole, 2)

    // The pixel under the pointer: the strongest, as it is said in words.
    const strongest = asked.values.indexOf(Math.max(...asked.values))
    const place = [Math.floor(strongest / asked.columns), strongest % asked.columns] as const
    const box = (await map.boundingBox())!
    await map.hover({
      position: {
        x: ((place[1] + 0.5) / asked.columns) * box.width,
        y: ((place[0] + 0.5) / asked.rows) * box.height,
      },
    })
    const value = `+${asked.values[strongest]!.toPrecision(4)}`
    await section(page)
      .getByText(`${value} at ${place[0] + top}, ${place[1] + left}`)
      .waitFor()
    expect(await map.getAttribute('aria-label')).toContain(
      `excites most at ${place[0] + top}, ${place[1] + left}`,
    )

    // Saved, it is what is shown: the patch without colours, and what excites in red over it.
    const [saved] = await Promise.all([
      page.waitForEvent('download'),
      section(page).getByRole('button', { name: 'Save: Integrated gradients' }).click(),
    ])
    expect(saved.suggestedFilename()).toBe('conv2d_5-channel-16-attribution.png')
    const colours = await page.evaluate(
      async (base64) => {
        const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))
        const bitmap = await createImageBitmap(new Blob([bytes]))
        const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!
        context.drawImage(bitmap, 0, 0)
        const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height)
        let red = 0
        for (let i = 0; i < data.length; i += 4) if (data[i]! > data[i + 2]! + 40) red++
        return { size: [bitmap.width, bitmap.height], red }
      },
      (await readFile(await saved.path())).toString('base64'),
    )
    expect(colours.size).toEqual([Math.round(box.width), Math.round(box.height)])
    expect(colours.red).toBeGreaterThan(100)

    await section(page).getByRole('button', { name: 'Check by hiding parts' }).click()
    await section(page)
      .getByRole('img', { name: /^Hidden squares: excites most at/ })
      .waitFor()
    const agreement = section(page).getByText(/agree with a correlation of/)
    await agreement.waitFor()
    expect(Number(/of (-?\d\.\d+)/.exec(await agreement.innerText())![1])).toBeGreaterThan(0.4)

    const opacity = section(page).getByRole('slider', { name: 'Attribution opacity' })
    await opacity.fill('35')
    expect(await map.evaluate((canvas) => getComputedStyle(canvas).opacity)).toBe('0.35')
    await checkWithAxe(page, 'attribution')

    // On a telephone, what a finger has touched is read when it is gone, and it finds each button.
    await page.setViewportSize({ width: 390, height: 844 })
    const frame = section(page).locator('.patch-pixels-frame').first()
    await frame.scrollIntoViewIfNeeded()
    const { x, y, width, height } = (await frame.boundingBox())!
    const touch = { pointerType: 'touch', clientX: x + width / 2, clientY: y + height / 2 }
    await frame.dispatchEvent('pointerdown', touch)
    await frame.dispatchEvent('pointerout', touch)
    const middle = [top + asked.rows / 2, left + asked.columns / 2].map(Math.floor).join(', ')
    await section(page).getByText(`at ${middle}`, { exact: false }).waitFor()
    const save = (await section(page)
      .getByRole('button', { name: 'Save: Integrated gradients' })
      .boundingBox())!
    expect(save.height).toBeGreaterThanOrEqual(40)
    expect(save.y).toBeGreaterThanOrEqual(y + height)
    const scale = (await section(page).locator('.attribution-scale').boundingBox())!
    expect(scale.y).toBeGreaterThanOrEqual(save.y + save.height)
  })

  it('follows the chosen patch, and the section costs nothing while it is folded', async () => {
    const { page } = person
    await openSection(page)
    await section(page).getByText('from the centre outwards').waitFor()
    const first = await section(page).locator('dl').innerText()
    const findings = section(page).locator('.attribution-findings')
    const heights = await findings.evaluateHandle((element: HTMLElement) => {
      const seen: number[] = []
      new ResizeObserver(() => seen.push(element.offsetHeight)).observe(element)
      return seen
    })
    await page.keyboard.press('ArrowRight')
    await page.evaluate(() => window.urpatch!.state().showPatch(1))
    await expect.poll(() => section(page).locator('dl').innerText()).not.toBe(first)
    // What is below keeps its place while the next patch is explained.
    await expect.poll(() => findings.evaluate((element: HTMLElement) => element.style.minHeight)).toBe('')
    const seen = await heights.jsonValue()
    expect(seen.length).toBeGreaterThan(0)
    expect(Math.min(...seen)).toBeGreaterThanOrEqual(Math.min(seen[0]!, seen.at(-1)!) - 1)
    await section(page).getByRole('button', { name: 'Attribution', exact: true }).click()
    expect(await section(page).locator('canvas').count()).toBe(0)
  })

  it('of a unit that sees the whole image is of the whole image', async () => {
    const { page } = person
    await page.addInitScript(() => localStorage.setItem('urpatch-tour', 'seen'))
    await page.goto(`${url}?demo`)
    await scanFewOfDemo(page)
    await scanEnds(page)
    const found = await page.evaluate(async () => {
      const { network } = window.urpatch!.state().model!
      const { name } = network.layers.at(-1)!
      const image = window.urpatch!.state().images!.table.paths[0]!
      const asked = await window.urpatch!.attribution(name, 0, { image, unit: [0, 0] })
      return { ...asked, size: network.inputShape }
    })
    // The network's pools leave out the last rows and columns.
    expect(found.box).toEqual([0, 0, found.size[0] - 6, found.size[1] - 6])
    expect(found.values.some((value) => value !== 0)).toBe(true)
    await expect(
      page.evaluate(() => window.urpatch!.attribution('conv2d_5', 0, { image: 0, unit: [99, 0] })),
    ).rejects.toThrow('has no unit 99, 0')
  })
})

describe('attribution on a telephone, in the dark', () => {
  const person = usePerson({ width: 390, height: 844 })
  it('has nothing that axe finds, and nothing wider than the screen', async () => {
    const { page } = person
    await page.emulateMedia({ colorScheme: 'dark' })
    await openSection(page)
    await section(page).getByText('from the centre outwards').waitFor()
    await section(page).getByRole('button', { name: 'Check by hiding parts' }).click()
    await section(page)
      .getByText(/agree with a correlation of/)
      .waitFor()
    await checkWithAxe(page, 'attribution, narrow')
    const widths = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth])
    expect(widths[0]).toBeLessThanOrEqual(widths[1]!)
  })
})
