/** Networks whose outputs stand for no classes, without a channel: the mean outputs before and after, over all images and by class. */
import type { Page } from 'playwright'
import { describe, expect, inject, it } from 'vitest'
import { meanTexts } from '../../src/ui/reasons/outputText.ts'
import { floats, node, onnxBytes, weights } from '../fixtures/onnxWriter.ts'
import { checkWithAxe } from './axe.ts'
import { fixtures, scanEnds, usePerson } from './person.ts'

/** Ends in features that are no answer. */
const features = onnxBytes({
  nodes: [
    node('Conv', ['image', 'first.weight', 'first.bias'], 'first'),
    node('Relu', ['first'], 'fires'),
    node('Conv', ['fires', 'second.weight'], 'second'),
  ],
  constants: {
    'first.weight': weights(4, 3, 3, 3),
    'first.bias': floats([4], 0.5, 0.5, 0.5, 0.5),
    'second.weight': weights(10, 4, 3, 3),
  },
  inputs: { image: [1, 3, 24, 24] },
  outputs: ['second'],
})

interface Case {
  readonly model: string | { name: string; mimeType: string; buffer: Buffer }
  readonly layer: string
  readonly yardstick: string
  /** What the mean of output 1 is called. */
  readonly output: RegExp
  readonly isProbability: boolean
}

const cases: Record<string, Case> = {
  'a network that ends in a map': {
    model: { name: 'features.onnx', mimeType: '', buffer: Buffer.from(features) },
    layer: 'first',
    yardstick: 'outputs',
    output: /^channel (\d+) of second$/,
    isProbability: false,
  },
  'a classifier of four classes, with images of three': {
    model: `${fixtures}functional.h5`,
    layer: 'join',
    yardstick: 'own',
    output: /^output (\d+)$/,
    isProbability: true,
  },
}

/** The texts of the table's rows, by the heading of their part. */
async function shownRows(page: Page): Promise<Map<string, string[][]>> {
  const table = page.getByRole('table').filter({ hasText: 'Mean outputs, most changed first' })
  await table.waitFor()
  const parts = await table
    .locator('tbody')
    .evaluateAll((bodies) =>
      bodies.map((body) =>
        [...body.querySelectorAll('tr')].map((row) => [...row.cells].map((cell) => cell.innerText)),
      ),
    )
  return new Map(parts.map(([title, ...rows]) => [title![0]!, rows]))
}

describe.each(Object.entries(cases))('%s', (_, { model, layer, yardstick, output, isProbability }) => {
  const person = usePerson()

  it('shows the mean outputs of all images and of each class, the most hurt class first', async () => {
    const { page } = person
    await page.goto(inject('url'))
    await page.getByLabel('Model file').setInputFiles(model)
    await page.getByLabel('Image folder').setInputFiles(`${fixtures}images`)
    await page.getByRole('button', { name: 'Run', exact: true }).waitFor()
    await page.evaluate((name) => void window.urpatch!.scan([name]), layer)
    await scanEnds(page)
    await page.evaluate((name) => {
      window.urpatch!.state().showLayer(name)
      window.urpatch!.state().showChannel(1)
    }, layer)
    const region = page.getByRole('region', { name: 'Without this channel' })
    await region.getByRole('button', { name: 'Without this channel' }).click()
    await region.getByRole('button', { name: 'Run with its mean' }).click()
    const shown = await shownRows(page)

    const found = await page.evaluate((name) => window.urpatch!.ablate({ layer: name, channel: 1 }), layer)
    expect(found.yardstick).toBe(yardstick)
    const meansOf = (isOne: (image: string) => boolean) => {
      const own = found.outputs.filter(({ image }) => isOne(image))
      const mean = (side: 'before' | 'after') =>
        own[0]!.before.map((__, i) => own.reduce((sum, rows) => sum + rows[side][i]!, 0) / own.length)
      const [before, after] = [mean('before'), mean('after')]
      const error = before.map((was, i) => {
        const apart = own.map((rows) => rows.after[i]! - rows.before[i]! - (after[i]! - was))
        return Math.sqrt(apart.reduce((sum, one) => sum + one ** 2, 0) / (own.length - 1) / own.length)
      })
      return { images: own.length, before, after, error }
    }
    const classes = [...new Set(found.outputs.map(({ image }) => image.split('/')[0]!))]
    expect(classes.length).toBe(3)
    const all = [
      { name: 'All images', most: 8, ...meansOf(() => true) },
      ...classes.map((name) => ({ name, most: 3, ...meansOf((image) => image.startsWith(`${name}/`)) })),
    ]
    for (const { name, most, images, before, after, error } of all) {
      const change = before.map((was, i) => Math.abs(after[i]! - was))
      const order = [...change.keys()].toSorted((a, b) => change[b]! - change[a]!)
      expect(change[order[0]!], name).toBeGreaterThan(1e-4)
      const texts = before.map((was, i) => meanTexts([was, after[i]!], error[i]!, isProbability))
      const seen = order.filter((i) => texts[i]![0] !== texts[i]![1])
      expect(seen.length, name).toBeGreaterThan(0)
      const rows = shown.get(`${name} ${images} images`)!
      expect(
        rows.map(([called]) => Number(output.exec(called!)![1])),
        name,
      ).toEqual(seen.slice(0, most))
      expect(
        rows.map(([, ...means]) => means),
        name,
      ).toEqual(seen.slice(0, most).map((i) => texts[i]))
    }
    // What scripts get is the same.
    expect(found.means).toEqual({ before: all[0]!.before, after: all[0]!.after })
    for (const { name, means } of found.classes)
      expect(means).toEqual(
        (({ before, after }) => ({ before, after }))(all.find((one) => one.name === name)!),
      )
    const hurt = found.classes.map(({ name }) => name)
    expect([...shown.keys()].map((title) => title.split(' ')[0])).toEqual(['All', ...hurt])
    const harms = found.classes.map(({ harm }) => harm!)
    if (yardstick === 'outputs') expect(harms).toEqual(harms.toSorted((a, b) => b - a))
    await checkWithAxe(page, 'mean outputs')
  })
})
