/** What scripts get of gradients, in the production build. */
import { describe, expect, inject, it } from 'vitest'
import { scanEnds, scanFewOfDemo, usePerson } from './person.ts'

const url = inject('url')

describe('a gradient', () => {
  const person = usePerson()

  it('has the shape of the input, is 0 outside of the patch, and leaves nothing', async () => {
    const { page } = person
    await page.addInitScript(() => localStorage.setItem('urpatch-tour', 'seen'))
    await page.goto(`${url}?demo`)
    await scanFewOfDemo(page)
    await scanEnds(page)
    const found = await page.evaluate(async () => {
      const { state, gradient, tensorCount } = window.urpatch!
      const { layer, results, model, images } = state()
      const [entry] = results.get(layer!)!.top(16, 1)
      const { network } = model!
      const made = network.layers.find(({ name }) => name === layer)!
      if (made.op === null) throw new Error('it is not computed')
      const columns = made.shape[1]!
      const unit = [Math.floor(entry!.position / columns), entry!.position % columns] as const
      const asked = { layer: layer!, channel: 16, unit, image: images!.table.paths[entry!.image]! }
      await gradient(asked)
      const before = await tensorCount()
      const values = await gradient(asked)
      const isLeft = (await tensorCount()) - before
      const [rows, width, channels] = network.inputShape
      const pixels = [...values.keys()].filter((i) => values[i] !== 0).map((i) => Math.floor(i / channels))
      const span = (list: number[]): number => Math.max(...list) - Math.min(...list) + 1
      const problem = await gradient({ ...asked, channel: 9999 }).catch((error: Error) => error.message)
      return {
        length: values.length,
        expected: rows * width * channels,
        tall: span(pixels.map((pixel) => Math.floor(pixel / width))),
        wide: span(pixels.map((pixel) => pixel % width)),
        isLeft,
        problem,
      }
    })
    expect(found.length).toBe(found.expected)
    // The receptive field of conv2d_5.
    expect(found.tall).toBeLessThanOrEqual(20)
    expect(found.wide).toBeLessThanOrEqual(20)
    expect(Math.min(found.tall, found.wide)).toBeGreaterThan(5)
    expect(found.isLeft).toBe(0)
    expect(found.problem).toContain('has no channel 9999')
  })
})
