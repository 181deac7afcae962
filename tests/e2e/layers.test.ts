/** The list of layers, the drawing of an ur-patch and its proof, as a user works with them. */
import { readFileSync } from 'node:fs'
import { describe, expect, inject, it } from 'vitest'
import { fixtures, openFiles, scanFewOfDemo, usePerson } from './person.ts'

const url = inject('url')

describe('the layer list', () => {
  const person = usePerson()

  it('is searched by words of name and type, narrowed, and keeps the chosen layer', async () => {
    const { page } = person
    await page.goto(url)
    await openFiles(page, `${fixtures}sequential.h5`, `${fixtures}images`)
    const options = page.getByRole('listbox', { name: 'Layer' }).getByRole('option')
    await options.first().waitFor()
    const all = await options.count()
    const search = page.getByRole('searchbox', { name: 'Search layers' })

    await search.fill('POOL max')
    const found = await options.allInnerTexts()
    expect(found.length).toBeGreaterThan(0)
    expect(found.every((text) => /pool/i.test(text) && /max/i.test(text))).toBe(true)
    await search.fill('no such layer')
    await page.getByText('No layer matches.').waitFor()
    await search.press('Escape')
    expect(await options.count()).toBe(all)

    await page.getByText('Only scannable').click()
    expect(await options.count()).toBeLessThan(all)
    expect(await page.getByRole('option', { name: 'dropout' }).count()).toBe(0)

    await page.getByRole('button', { name: /Type of layer/ }).click()
    await page.getByRole('option', { name: /^Conv2D \(\d+\)$/ }).click()
    expect((await options.allInnerTexts()).every((text) => text.includes('Conv2D'))).toBe(true)
    await options.first().click()
    const chosen = await page.evaluate(() => window.urpatch!.state().layer)
    expect(await options.first().getAttribute('aria-selected')).toBe('true')
    await search.fill('dense')
    expect(await page.evaluate(() => window.urpatch!.state().layer)).toBe(chosen)
  })
})

describe('the model summary', () => {
  const person = usePerson()

  it('chooses the layers to scan: one, several with Shift, all, by pointer and by keyboard', async () => {
    const { page } = person
    await page.goto(url)
    await openFiles(page, `${fixtures}sequential.h5`, `${fixtures}images`)
    await page.getByRole('button', { name: 'Model summary' }).click()
    const grid = page.getByRole('dialog').getByRole('grid', { name: 'Model summary' })
    const rows = grid.getByRole('row')
    const headers = grid.getByRole('rowheader')
    await headers.first().waitFor()
    const names = await headers.evaluateAll((cells) => cells.map((cell) => (cell as HTMLElement).title))
    const layers = await page.evaluate(() => window.urpatch!.state().model!.network.layers)
    // All layers are there, so that the browser's search finds them.
    expect(names).toEqual(layers.map(({ name }) => name))
    const cut = await grid
      .getByRole('gridcell')
      .evaluateAll((cells) =>
        cells.filter((cell) => cell.scrollWidth > cell.clientWidth).map((cell) => cell.textContent),
      )
    expect(cut).toEqual([])
    const scope = () => page.evaluate(() => window.urpatch!.state().scope)
    const scannable = await page.evaluate(() => {
      const { network, notScannable } = window.urpatch!.state().model!
      return network.layers.filter((_, i) => notScannable[i] === null).map(({ name }) => name)
    })
    const all = grid.getByRole('checkbox', { name: 'Choose all layers' })
    const row = (name: string) => rows.nth(1 + names.indexOf(name))

    // At first the shown layer is the one.
    const shown = await page.evaluate(() => window.urpatch!.state().layer!)
    await row(shown).click()
    expect(await scope()).toEqual([])
    await grid.getByRole('checkbox', { name: `Choose ${scannable[0]}`, exact: true }).click()
    expect(await scope()).toEqual([scannable[0]])
    expect(await all.evaluate((box: HTMLInputElement) => box.indeterminate)).toBe(true)
    // Beside a box is as good as on it.
    const beside = row(scannable[1]!).locator('label')
    await beside.click({ position: { x: 1, y: 1 } })
    expect(await scope()).toEqual(scannable.slice(0, 2))
    await beside.click({ position: { x: 1, y: 1 } })
    expect(await scope()).toEqual([scannable[0]])
    await row(scannable[3]!).click({ modifiers: ['Shift'] })
    expect(await scope()).toEqual(scannable.slice(0, 4))
    expect(await row(scannable[3]!).getAttribute('aria-selected')).toBe('true')
    await all.click()
    expect(await scope()).toEqual(scannable)
    await all.click()
    expect(await scope()).toEqual([])

    await page.keyboard.press('Tab')
    await page.keyboard.press('Home')
    for (let i = 0; i < names.indexOf(scannable[1]!); i++) await page.keyboard.press('ArrowDown')
    await page.keyboard.press(' ')
    expect(await scope()).toEqual([scannable[1]])
    await page.keyboard.press('Control+a')
    expect(await scope()).toEqual(scannable)
    // A layer that cannot be scanned has no box, and stays out.
    const others = names.filter((name) => !scannable.includes(name))
    expect(others.length).toBeGreaterThan(0)
    await row(others[0]!).click()
    expect(await scope()).toEqual(scannable)
  })
})

describe('the trace', () => {
  const person = usePerson()

  it('is drawn for any unit, with the arithmetic', async () => {
    const { page } = person
    await page.goto(url)
    await openFiles(page, `${fixtures}sequential.h5`, `${fixtures}images`)
    await page.getByRole('option', { name: /^conv_valid\b/ }).click()
    await page.getByRole('button', { name: 'Trace', exact: true }).click()
    const dialog = page.getByRole('dialog', { name: 'Receptive field of conv_valid' })
    await dialog.getByRole('img', { name: 'The unit at row 11, column 10' }).waitFor()
    const row = dialog.getByRole('textbox', { name: 'Unit: row' })
    await row.fill('4')
    await row.press('Enter')
    const sentence =
      'The unit at row 4, column 10 of conv_valid depends on 3×3 pixels of the input, from row 4, column 10 on.'
    await dialog.getByRole('img', { name: sentence }).waitFor()
    // A click near the middle of the last sheet, which is the layer's own map, also chooses a unit.
    const sheet = (await dialog.locator('.trace-sheet').last().boundingBox())!
    await page.mouse.click(sheet.x + sheet.width / 2, sheet.y + sheet.height / 2)
    await dialog.getByRole('img', { name: /The unit at row 1[01], column (9|10) of/ }).waitFor()
    const table = dialog.getByRole('table', { name: 'Recurrence of the receptive field' })
    expect(await table.getByRole('row').last().innerText()).toMatch(
      /^conv_valid\s+3×3\s+1\s+valid\s+1\s+3×3\s+0, 0\s+1 \+ \(3 − 1\) · 1 = 3$/,
    )
    await dialog.getByRole('button', { name: 'Close' }).click()
    await dialog.waitFor({ state: 'detached' })
  })
})

describe.each([
  ['a wide screen', { width: 1440, height: 900 }],
  ['a telephone', { width: 390, height: 844 }],
])('a patch on %s', (_, viewport) => {
  const person = usePerson(viewport)

  it('is proved, and traced to the image', async () => {
    const { page } = person
    await page.goto(`${url}?demo`)
    await scanFewOfDemo(page)
    await page.getByRole('row', { name: 'Channel 2', exact: true }).click()
    const channel = page.getByRole('region', { name: 'Channel details' })
    await channel.getByRole('button', { name: 'Prove this patch' }).click()
    await channel.getByText(/^Proved: the unit depends on nothing outside of the box/).waitFor()
    await channel.getByRole('img', { name: 'What the network saw: the patch in noise' }).waitFor()
    await page.keyboard.press('ArrowDown')
    // The proof belonged to the other patch.
    await channel.getByText(/^Proved/).waitFor({ state: 'detached' })

    await channel.getByRole('button', { name: 'Trace' }).click()
    const dialog = page.getByRole('dialog', { name: /^Receptive field of/ })
    const unit = await page.evaluate(() => {
      const { results, layer, channel: shown, patch } = window.urpatch!.state()
      return results.get(layer!)!.top(shown!, 16)[patch]!.position
    })
    const [row, column] = await Promise.all(
      ['row', 'column'].map((axis) => dialog.getByRole('textbox', { name: `Unit: ${axis}` }).inputValue()),
    )
    const columns = await page.evaluate(() => {
      const { model, layer } = window.urpatch!.state()
      const found = model!.network.layers.find(({ name }) => name === layer)!
      return found.op === null ? 0 : found.shape[1]!
    })
    expect(Number(row) * columns + Number(column)).toBe(unit)
    await dialog.locator('image').waitFor()
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
    expect(overflow).toBeLessThanOrEqual(0)
  })
})

describe('on a telephone', () => {
  const person = usePerson({ width: 390, height: 844 })

  it('the list is a menu behind the name of the shown layer', async () => {
    const { page } = person
    await page.goto(`${url}?demo`)
    const menu = page.getByRole('button', { name: /^Layers: conv2d_5/ })
    const list = page.getByRole('listbox', { name: 'Layer' })
    await menu.click()
    await list.waitFor()
    expect((await list.boundingBox())!.height).toBeGreaterThan(500)
    await list.getByRole('option', { name: /^conv2d_1\b/ }).click()
    await list.waitFor({ state: 'detached' })
    expect(await page.evaluate(() => window.urpatch!.state().layer)).toBe('conv2d_1')
    await page.getByRole('button', { name: /^Layers: conv2d_1/ }).waitFor()
  })
})

describe('a Teachable Machine export', () => {
  const person = usePerson()

  it('says what each channel of its last layer stands for', async () => {
    const { page } = person
    await page.goto(url)
    const folder = `${fixtures}formats/tfjs-float32/`
    const names = ['model.json', 'group1-shard1of2.bin', 'group1-shard2of2.bin']
    const files = names.map((name) => ({ name, mimeType: '', buffer: readFileSync(folder + name) }))
    const open = async (labels: readonly string[]): Promise<{ name: string; channels: number }> => {
      const metadata = {
        name: 'metadata.json',
        mimeType: '',
        buffer: Buffer.from(JSON.stringify({ labels })),
      }
      await page.getByLabel('Model file').setInputFiles([...files, metadata])
      await page.waitForFunction(
        (count) => window.urpatch?.state().model?.labels?.length === count,
        labels.length,
      )
      return page.evaluate(() => {
        const last = window.urpatch!.state().model!.network.layers.at(-1)!
        return { name: last.name, channels: last.op === null ? 0 : last.shape.at(-1)! }
      })
    }
    const { channels, name } = await open(['alone'])
    await open(Array.from({ length: channels }, (_, i) => `class ${i}`))
    await page.getByLabel('Image folder').setInputFiles(`${fixtures}images`)
    await page.getByRole('button', { name: 'Run', exact: true }).waitFor()
    await page.evaluate((layer) => window.urpatch!.state().showLayer(layer), name)
    await page.evaluate(() => window.urpatch!.state().showChannel(1))
    await page.getByRole('region', { name: 'Channel details' }).getByText('class 1').waitFor()
  })
})
