/** A vision transformer: patches are cut at the seats of its tokens, and the page, pictures and the results file say so. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import type { Box } from '../../src/core/model/receptiveField.ts'
import type { ResultsFile } from '../../src/core/results/resultsFile.ts'
import { checkWithAxe } from './axe.ts'
import { fixtures, usePerson } from './person.ts'

/** As `make_tokens.py` has them: rows and columns of the image, and of a token's seat. */
const size = [24, 20] as const
const seatSize = [6, 4] as const
const images = 18
const layer = 'block.add_1 (patches)'
const apart = 'block.add_1 (class token)'

/** Each seat has a colour of its own, so that a mosaic shows where it was cut. */
function colourAt(image: number, row: number, column: number): readonly [number, number, number] {
  const [i, j] = [Math.floor(row / seatSize[0]), Math.floor(column / seatSize[1])]
  return [
    (60 + i * 64 + image * 11) % 256,
    (30 + j * 48 + image * 5) % 256,
    (20 + image * 13 + i * j * 9) % 256,
  ]
}

function bitmap(image: number): Uint8Array {
  const [rows, columns] = size
  const bytes = new Uint8Array(54 + rows * columns * 3)
  const view = new DataView(bytes.buffer)
  bytes.set([0x42, 0x4d])
  for (const [at, value] of [
    [2, bytes.length],
    [10, 54],
    [14, 40],
    [18, columns],
    [22, rows],
    [34, rows * columns * 3],
  ] as const)
    view.setUint32(at, value, true)
  view.setUint16(26, 1, true)
  view.setUint16(28, 24, true)
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      bytes.set(colourAt(image, row, column).toReversed(), 54 + ((rows - 1 - row) * columns + column) * 3)
  return bytes
}

const nameOf = (image: number): string => `${String(image).padStart(2, '0')}.bmp`

let folder: string
let pictures: string
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'urpatch-tokens-'))
  pictures = path.join(folder, 'pictures')
  mkdirSync(pictures)
  for (let image = 0; image < images; image++)
    writeFileSync(path.join(pictures, nameOf(image)), bitmap(image))
})
afterAll(() => rmSync(folder, { recursive: true }))

async function results(page: Page): Promise<Buffer> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.evaluate(() => window.urpatch!.saveResults()),
  ])
  return readFileSync(await download.path())
}

function topOf(file: Buffer, layerName: string, channel: number) {
  const { layers } = JSON.parse(file.toString()) as ResultsFile
  return layers.find(({ name }) => name === layerName)!.channels[channel]!.top as readonly {
    readonly image: string
    readonly unit: readonly [number, number]
    readonly box: Box
    readonly seat?: Box
  }[]
}

/** The colours in the middle of the patches of a channel's tile, by rank. */
function tileColours(page: Page, channel: number): Promise<number[][]> {
  const canvas = page.getByRole('row', { name: `Channel ${channel}`, exact: true }).locator('canvas')
  return canvas.evaluate((element: HTMLCanvasElement) => {
    const copy = new OffscreenCanvas(element.width, element.height)
    const context = copy.getContext('2d', { willReadFrequently: true })!
    context.drawImage(element, 0, 0)
    const { data } = context.getImageData(0, 0, element.width, element.height)
    return Array.from({ length: 16 }, (_, rank) => {
      const middle = (slot: number): number => Math.floor(((slot + 0.5) * element.width) / 4)
      const pixel = 4 * (middle(Math.floor(rank / 4)) * element.width + middle(rank % 4))
      return Array.from(data.subarray(pixel, pixel + 3))
    })
  })
}

/** Expects the mosaic of a channel to be cut where the results file has its seats. */
async function expectCutAtSeats(page: Page, file: Buffer, channel: number): Promise<void> {
  const wanted = topOf(file, layer, channel).map(({ image, seat }) => [
    ...colourAt(Number.parseInt(image, 10), seat![0], seat![1]),
  ])
  await expect.poll(() => tileColours(page, channel)).toEqual(wanted)
}

describe('the tokens of a transformer', () => {
  const person = usePerson()

  it('are shown at their seats, on the page and in the results file', async () => {
    const { page } = person
    await page.goto(inject('url'))
    await page.getByLabel('Model file').setInputFiles(`${fixtures}onnx/tokens.onnx`)
    await page.getByLabel('Image folder').setInputFiles(pictures)
    await page.getByRole('button', { name: 'Run', exact: true }).waitFor()
    // What Gather takes of them, the classes' layer, is scanned like any other.
    await page.evaluate((names) => window.urpatch!.scan(names), [layer, apart, 'head'])
    await page.evaluate((name) => window.urpatch!.state().showLayer(name), layer)
    const file = await results(page)
    const { layers } = JSON.parse(file.toString()) as ResultsFile
    expect(layers.map(({ name, shape }) => [name, shape])).toEqual([
      [layer, [4, 5, 8]],
      [apart, [8]],
      ['head', [3]],
    ])
    const top = topOf(file, layer, 3)
    expect(top.length).toBe(16)
    for (const { unit, box, seat } of top) {
      const [row, column] = [unit[0] * seatSize[0], unit[1] * seatSize[1]]
      expect(box).toEqual([0, 0, ...size])
      expect(seat).toEqual([row, column, row + seatSize[0], column + seatSize[1]])
    }
    // Not all in one place, or what is drawn could be right by chance.
    expect(new Set(top.map(({ unit }) => String(unit))).size).toBeGreaterThan(1)
    expect(topOf(file, apart, 3)[0]).not.toHaveProperty('seat')
    await expectCutAtSeats(page, file, 3)

    // The layer, the channel, the image and the trace say it.
    const sentence =
      'A unit sees the whole image; its patch is cut at its seat, the 6×4 pixels that it stands for.'
    await page.getByRole('region', { name: 'Mosaics' }).getByText(sentence).waitFor()
    const summary = page.getByRole('region', { name: 'Layer summary' })
    await summary.getByText(/^6×4, step 6×4: the part of the image/).waitFor()
    await summary.getByRole('img', { name: 'A unit sees all of 24×20 pixels; its seat is 6×4' }).waitFor()
    await checkWithAxe(page, 'summary of a layer of tokens')
    await page.getByRole('row', { name: 'Channel 3', exact: true }).click({ position: { x: 20, y: 20 } })
    const channel = page.getByRole('region', { name: 'Channel details' })
    await channel.getByRole('img', { name: 'The seat of the unit in its image' }).waitFor()
    await channel.getByText(/The patch is cut at the seat of the unit\.$/).waitFor()
    await channel.getByRole('button', { name: 'Numbers' }).click()
    const [first] = top
    const [seatTop, seatLeft] = first!.seat!
    await channel.getByText(`6×4 at row ${seatTop}, column ${seatLeft} · where the patch is cut`).waitFor()
    await channel.getByText('24×20 at row 0, column 0').waitFor()
    await channel.getByRole('button', { name: 'Trace' }).click()
    const trace = page.getByRole('dialog', { name: `Receptive field of ${layer}` })
    await trace
      .getByRole('paragraph')
      .filter({
        hasText: `Its seat, at which patches are cut, is 6×4 pixels from row ${seatTop}, column ${seatLeft} on.`,
      })
      .waitFor()
    await checkWithAxe(page, 'trace of a token')
    await page.keyboard.press('Escape')

    // The class token stands for no place.
    await page.evaluate((name) => window.urpatch!.state().showLayer(name), apart)
    await page
      .getByRole('region', { name: 'Mosaics' })
      .getByText('This token stands for no part of the image, so its patches are whole images.')
      .waitFor()

    // Opened again, alone and with its images, the file shows the same.
    await page.goto('about:blank')
    await page.goto(inject('url'))
    await page.waitForFunction(() => window.urpatch)
    await page.evaluate(
      (text) => window.urpatch!.openResults(new File([text], 'tokens.urpatch.json')),
      file.toString(),
    )
    await page.getByRole('region', { name: 'Mosaics' }).getByText(sentence).waitFor()
    await summary.getByText(/^6×4: the part of the image/).waitFor()
    await page.getByLabel('Image folder').setInputFiles(pictures)
    await expectCutAtSeats(page, file, 3)
    expect((await results(page)).equals(file)).toBe(true)
  })
})
