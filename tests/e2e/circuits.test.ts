/** Circuits, in the production build: what a channel is fed by, what it feeds, and the lab of the courses. */
import type { Locator, Page } from 'playwright'
import { beforeEach, describe, expect, inject, it } from 'vitest'
import { checkWithAxe } from './axe.ts'
import { scanFewOfDemo, usePerson } from './person.ts'

const url = inject('url')

const section = (page: Page, name: string): Locator => page.getByRole('region', { name, exact: true })

/** Scans 60 pictures of the demo through the layer that it begins with. */
async function openDemo(page: Page): Promise<void> {
  await page.addInitScript(() => localStorage.setItem('urpatch-tour', 'seen'))
  await page.goto(`${url}?demo`)
  await scanFewOfDemo(page)
}

/** And through the layer before. */
async function scanDemo(page: Page): Promise<void> {
  await openDemo(page)
  await page.evaluate(async () => {
    await window.urpatch!.scan(['conv2d_4'])
    window.urpatch!.state().showLayer('conv2d_5')
  })
}

/** The names of the channels in a row. */
const namesIn = (row: Locator): Promise<string[]> =>
  row.getByRole('button').evaluateAll((all) => all.map((button) => button.getAttribute('aria-label')!))

/** Whether a picture has more than one colour. */
async function isDrawn(picture: Locator): Promise<boolean> {
  const shot = await picture.screenshot()
  return picture.page().evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))
    const bitmap = await createImageBitmap(new Blob([bytes]))
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!
    context.drawImage(bitmap, 0, 0)
    const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height)
    return new Set(new Uint32Array(data.buffer)).size > 1
  }, shot.toString('base64'))
}

describe('the lab of the courses', () => {
  const person = usePerson()

  it('takes five clicks: the six strongest inputs of a channel, whether they excite or inhibit it, and their pictures', async () => {
    const { page } = person
    await openDemo(page)
    let clicks = 0
    const click = async (what: Locator, position?: { x: number; y: number }): Promise<void> => {
      clicks++
      await what.click(position ? { position } : {})
    }
    // Choose a channel by its best patch, and ask what it is fed by.
    await click(page.locator('.channel-item[data-channel="16"]'), { x: 10, y: 10 })
    await click(page.getByRole('button', { name: 'Fed by' }))
    const fedBy = section(page, 'Fed by')
    const [excite, inhibit] = ['Excite it', 'Inhibit it'].map((name) =>
      fedBy.getByRole('group', { name, exact: true }),
    ) as [Locator, Locator]
    await excite.getByRole('button').nth(5).waitFor()
    // Their pictures are those of another layer, which a click scans.
    await click(fedBy.getByRole('button', { name: 'Scan conv2d_4' }))
    await excite.locator('.mosaic-canvas').first().waitFor({ timeout: 60_000 })

    // The six strongest of all stand there, each on its side.
    const circuit = await page.evaluate(() =>
      window.urpatch!.circuit({ layer: 'conv2d_5', channel: 16, unit: 'best', over: 4, prove: 6 }),
    )
    const six = circuit.fedBy.slice(0, 6)
    expect(six.map(({ layer, rank }) => [layer, rank])).toEqual(six.map((_, i) => ['conv2d_4', i + 1]))
    expect(new Set(six.map(({ sum }) => sum > 0)).size).toBe(2)
    for (const { channel, sum, norm, rank } of six) {
      const text = `Channel ${channel}, ${norm.toPrecision(3)} L2 norm, L2 norm ${norm.toPrecision(3)}, number ${rank} by it`
      const one = (sum > 0 ? excite : inhibit).getByRole('button', { name: text, exact: true })
      // Mosaic and kernel are drawn.
      for (const picture of ['canvas', 'img'])
        await expect.poll(() => isDrawn(one.locator(picture)), { message: text }).toBe(true)
    }
    await checkWithAxe(page, 'what a channel is fed by')

    // Explain the circuit: the sum on the patch comes out even, as it is written and as it is computed.
    const sum = section(page, 'The sum on this patch')
    const written = (await sum.locator('.unit-sum-equation').innerText())
      .replaceAll('−', '-')
      .replaceAll(/\s+/g, ' ')
    const [left, right] = written.split(' = ') as [string, string]
    const numbers = [...right.matchAll(/(?:^|([+-]) )(\d+(?:\.\d+)?) (?:from|bias)/g)].map(
      ([, sign, number]) => (sign === '-' ? -1 : 1) * Number(number),
    )
    expect(numbers.length).toBe(8)
    expect(numbers.reduce((all, number) => all + number, 0)).toBeCloseTo(Number(left), 9)
    const unit = circuit.unit!
    const terms = circuit.fedBy.reduce((all, { contribution }) => all + contribution!, unit.bias)
    expect(terms).toBeCloseTo(unit.value, 9)
    const patch = await page.evaluate(() => window.urpatch!.state().results.get('conv2d_5')!.top(16, 1)[0]!)
    expect(unit.after).toEqual([{ layer: 'conv2d_5', value: expect.closeTo(patch.activation, 4) as number }])
    expect(Number(left)).toBeCloseTo(unit.value, 2)

    // Prove it.
    await click(sum.getByRole('button', { name: 'Prove this sum' }))
    await sum.getByText('Proved: run again without a channel').waitFor()
    const largest = Math.max(...unit.without.map(({ contribution }) => Math.abs(contribution)))
    for (const { contribution, value } of unit.without)
      expect(Math.abs(unit.value - value - contribution) / largest).toBeLessThan(1e-5)
    await checkWithAxe(page, 'a sum that is proved')

    // Look at the strongest one; the way back is kept.
    const strongest = circuit.fedBy.find(({ sum: weights }) => weights > 0)!
    await click(excite.getByRole('button').first())
    await page.waitForFunction(() => window.urpatch!.state().layer === 'conv2d_4')
    await page.getByRole('heading', { name: `Channel ${strongest.channel}`, exact: true }).waitFor()
    await page.goBack()
    await page.getByRole('heading', { name: 'Channel 16', exact: true }).waitFor()
    expect(clicks).toBe(5)

    // By what they contribute on average.
    await fedBy.getByRole('button', { name: /Sort by/ }).click()
    await page.getByRole('option', { name: 'Top patches' }).click()
    await fedBy.getByText('mean of 16 of 16 patches').waitFor()
    const means = await page.evaluate(() =>
      window.urpatch!.circuit({ layer: 'conv2d_5', channel: 16, over: 16 }),
    )
    const most = means.fedBy.toSorted((a, b) => b.mean! - a.mean!)[0]!
    expect((await namesIn(excite))[0]).toContain(
      `Channel ${most.channel}, +${most.mean!.toPrecision(3)} on average`,
    )
  })
})

describe('circuits', () => {
  const person = usePerson()
  beforeEach(() => scanDemo(person.page))

  it('what a channel feeds, whose layer is not scanned, has kernels and an offer; a first layer has colours', async () => {
    const { page } = person
    await page.evaluate(() => {
      localStorage.setItem('urpatch-fold-feeds', 'open')
      localStorage.setItem('urpatch-fold-fed-by', 'open')
      window.urpatch!.state().showChannel(16)
    })
    const feeds = section(page, 'Feeds')
    const excites = feeds.getByRole('group', { name: 'It excites' })
    await excites.getByRole('button').first().waitFor()
    const circuit = await page.evaluate(() =>
      window.urpatch!.circuit({ layer: 'conv2d_5', channel: 16, expand: true }),
    )
    const first = circuit.feeds.find(({ sum }) => sum > 0)!
    expect([first.layer, circuit.feeds.length]).toEqual(['conv2d_6', 128])
    expect((await namesIn(excites))[0]).toBe(
      `Channel ${first.channel}, ${first.norm.toPrecision(3)} L2 norm, L2 norm ${first.norm.toPrecision(3)}, number ${first.rank} by it, conv2d_6 has not been scanned`,
    )
    await checkWithAxe(page, 'what a channel feeds')
    // What feeds it is told the same from the other end.
    const back = await page.evaluate(
      (channel) => window.urpatch!.circuit({ layer: 'conv2d_6', channel }),
      first.channel,
    )
    const own = back.fedBy.find(({ channel }) => channel === 16)!
    expect([own.norm, own.sum]).toEqual([expect.closeTo(first.norm, 6), expect.closeTo(first.sum, 6)])

    // Expanded weights are larger: 3×3 and 3×3 make 5×5.
    await section(page, 'Fed by').getByRole('button', { name: 'Expand through two layers' }).click()
    const expanded = section(page, 'Expanded weights')
    await expanded.getByText('Through conv2d_4').waitFor()
    expect(circuit.expanded[0]).toMatchObject({
      through: 'conv2d_4',
      layer: 'conv2d_3',
      kernel: { rows: 5, columns: 5 },
    })
    await checkWithAxe(page, 'expanded weights')

    // A layer that was not scanned says what it is fed by all the same.
    await page.evaluate(() => window.urpatch!.state().followChannel('conv2d', 5))
    await page.getByRole('img', { name: 'The kernel in colour' }).waitFor()
    const colours = await namesIn(section(page, 'Fed by').getByRole('group').first())
    expect(colours.join()).toMatch(/^(red|green|blue), /)

    // An offer scans the layer, and its mosaics come.
    await page.evaluate(() => window.urpatch!.state().followChannel('conv2d_5', 16))
    await feeds.getByRole('button', { name: 'Scan conv2d_6' }).click()
    await excites.locator('.mosaic-canvas').first().waitFor({ timeout: 60_000 })
  })
})

describe('on a telephone', () => {
  const person = usePerson({ width: 390, height: 844 })
  beforeEach(() => scanDemo(person.page))

  it('circuits are no wider than the screen', async () => {
    const { page } = person
    await page.evaluate(() => {
      localStorage.setItem('urpatch-fold-fed-by', 'open')
      localStorage.setItem('urpatch-fold-feeds', 'open')
      window.urpatch!.state().showChannel(16)
    })
    await section(page, 'The sum on this patch').getByRole('button', { name: 'Prove this sum' }).waitFor()
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
    await checkWithAxe(page, 'circuits on a telephone')
  })
})
