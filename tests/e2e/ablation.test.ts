/** What the network does without a channel, in the production build: equal to Keras with zeroed weights, and shown. */
import { readFileSync } from 'node:fs'
import type { Locator, Page } from 'playwright'
import { beforeEach, describe, expect, inject, it } from 'vitest'
import { checkWithAxe } from './axe.ts'
import { fixtures, scanFewOfDemo, usePerson } from './person.ts'

const url = inject('url')

interface Truth {
  readonly layer: string
  /** The first images of the sample. */
  readonly first: readonly string[]
  /** The answers for all images by path, one digit each, to base 36. */
  readonly answers: string
  readonly cases: readonly {
    readonly channel: number
    readonly replacement: 'mean' | number
    readonly value: number
    readonly images: number
    readonly answers: string
    /** For the images of `first`. */
    readonly outputs: readonly (readonly number[])[]
  }[]
}

const truth = JSON.parse(readFileSync(`${fixtures}ablation/demo.json`, 'utf8')) as Truth

async function openDemo(page: Page): Promise<void> {
  await page.addInitScript(() => {
    localStorage.setItem('urpatch-tour', 'seen')
    localStorage.setItem('urpatch-ablation-images', '60')
  })
  await page.goto(`${url}?demo`)
  await scanFewOfDemo(page)
}

const answerOf = (row: readonly number[]): number => row.indexOf(Math.max(...row))

describe('calls of scripts', () => {
  const person = usePerson()

  it('answer as Keras with zeroed weights, to the last of 3,000 images', async () => {
    const { page } = person
    await openDemo(page)
    for (const { channel, replacement, value, images, answers, outputs } of truth.cases) {
      const found = await page.evaluate(async (request) => window.urpatch!.ablate(request), {
        layer: truth.layer,
        channel,
        replacement,
        images,
      })
      const what = `channel ${channel}, ${replacement}`
      expect(found.images, what).toBe(images)
      if (replacement === 'mean')
        expect(Math.abs(found.mean! - value), what).toBeLessThan(1e-5 * Math.abs(value))
      expect(found.outputs.slice(0, 20).map(({ image }) => image)).toEqual(truth.first)
      // The fixture has a sample in its order, and all images by their paths.
      const isAll = images === truth.answers.length
      const inOrder = isAll ? found.outputs.toSorted((a, b) => (a.image < b.image ? -1 : 1)) : found.outputs
      const digits = (rows: readonly (readonly number[])[]): string =>
        rows.map((row) => answerOf(row).toString(36)).join('')
      expect(digits(inOrder.map(({ after }) => after)), what).toBe(answers)
      if (isAll) {
        expect(digits(inOrder.map(({ before }) => before))).toBe(truth.answers)
        expect(truth.answers).not.toBe(answers)
      }
      for (const [i, row] of outputs.entries())
        for (const [c, wanted] of row.entries())
          expect(Math.abs(found.outputs[i]!.after[c]! - wanted), `${what}, image ${i}`).toBeLessThan(2e-5)
      // Classes are named by folders, and outputs stand for them in alphabetical order.
      const right = found.outputs.filter(({ image, before }) =>
        image.startsWith(
          `${[...new Set(inOrder.map((one) => one.image.split('/')[0]))].toSorted()[answerOf(before)]}/`,
        ),
      )
      expect([found.yardstick, found.judged, found.before]).toEqual(['right', images, right.length])
    }
  })
})

describe('the section', () => {
  const person = usePerson()
  const region = (page: Page): Locator => page.getByRole('region', { name: 'Without this channel' })

  beforeEach(async () => {
    const { page } = person
    await openDemo(page)
    await page.evaluate(() => window.urpatch!.state().showChannel(6))
    // Folded, it costs nothing.
    await region(page).waitFor()
    await region(page).getByRole('button', { name: 'Without this channel' }).click()
  })

  it('follows the slider on the shown image', async () => {
    const { page } = person
    const part = region(page).getByRole('region', { name: 'On this image' })
    const rows = part.getByRole('row')
    await expect.poll(() => rows.count()).toBe(7)
    await region(page)
      .getByText(/over all units of \d+ images/)
      .waitFor()
    const image = await page.evaluate(() => {
      const { results, layer, channel, images } = window.urpatch!.state()
      return images!.table.paths[results.get(layer!)!.top(channel!, 1)[0]!.image]!
    })
    const slider = region(page).getByRole('slider', { name: 'Factor' })
    for (const factor of [2.5, 0, 1.5]) {
      await slider.fill(String(factor))
      await part.getByRole('columnheader', { name: `× ${factor.toFixed(1)}` }).waitFor()
      expect(
        await region(page)
          .getByRole('radio', { name: `the channel × ${factor.toFixed(1)}` })
          .isChecked(),
      ).toBe(true)
      const found = await page.evaluate(
        async ([path, replacement]) =>
          window.urpatch!.ablateImage({ layer: 'conv2d_5', channel: 6, image: path, replacement }),
        [image, factor] as const,
      )
      const change = found.after.map((value, i) => Math.abs(value - found.before[i]!))
      const most = change.indexOf(Math.max(...change))
      const names = await page.evaluate(() => window.urpatch!.state().images!.table.classNames.toSorted())
      // The output that changes most comes first.
      await expect.poll(() => rows.nth(1).getByRole('rowheader').textContent()).toBe(names[most])
    }
    await checkWithAxe(page, 'a channel multiplied')
  })

  it('says over images what is lost, and opens images whose answer is another', async () => {
    const { page } = person
    await region(page).getByRole('slider', { name: 'Factor' }).fill('3')
    await region(page).getByRole('button', { name: 'Run with × 3.0' }).click()
    await region(page).getByText('Right:').waitFor()
    const found = await page.evaluate(() =>
      window.urpatch!.ablate({ layer: 'conv2d_5', channel: 6, replacement: 3, images: 60 }),
    )
    const others = found.outputs.filter(
      ({ before, after }) => before.indexOf(Math.max(...before)) !== after.indexOf(Math.max(...after)),
    )
    expect(others.length).toBeGreaterThan(0)
    const strip = region(page).getByRole('group', { name: /^Another answer for/ })
    await strip.waitFor()
    expect(await strip.getByRole('button').count()).toBe(
      Math.min(others.length, await strip.getByRole('button').count()),
    )
    await checkWithAxe(page, 'a channel changed over images')
    const first = strip.getByRole('button').first()
    expect(await first.getAttribute('aria-label')).toContain(others[0]!.image)
    await first.click()
    await page.getByRole('region', { name: 'Image details' }).waitFor()
    await page.goBack()
  })

  it('ranks channels by their loss, which a table and a results file have then', async () => {
    const { page } = person
    const part = region(page).getByRole('region', { name: 'All channels of the layer' })
    await part.getByRole('button', { name: 'Rank 64 channels (at their means)' }).click()
    await part.getByText('This channel is number').waitFor()
    await expect.poll(() => part.getByRole('button', { name: 'Pause' }).count(), { timeout: 120_000 }).toBe(0)
    const losses = await page.evaluate(() => window.urpatch!.rankLosses('conv2d_5', { images: 60 }))
    expect([losses.images, losses.of, losses.loss.length]).toEqual([60, 60, 64])
    const best = losses.loss.indexOf(Math.max(...losses.loss))
    const row = part.getByRole('group', { name: 'Missed most in this layer' })
    expect(await row.getByRole('button').first().getAttribute('aria-label')).toContain(`Channel ${best},`)
    await part.getByText('two halves').waitFor()
    await checkWithAxe(page, 'channels by their loss')

    await page.getByRole('tab', { name: 'Table' }).click()
    const table = page.getByRole('grid', { name: 'Table of channels' })
    await table.getByRole('columnheader', { name: /^Loss/ }).waitFor()

    // A file has it, and brings it back.
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
    await page.goto(url)
    await page.waitForFunction(() => window.urpatch !== undefined)
    await page.evaluate((json) => window.urpatch!.openResults(new File([json], 'a.urpatch.json')), text)
    await page.evaluate(() => {
      const { showLayer, showChannel, showView } = window.urpatch!.state()
      showLayer('conv2d_5')
      showView('mosaics')
      showChannel(6)
    })
    const rank = losses.loss.filter((loss) => loss > losses.loss[6]!).length + 1
    await region(page).getByText(`This channel is number ${rank} of 64`).waitFor()
    await region(page).getByText('once the model and the images are open').waitFor()
    await checkWithAxe(page, 'losses of a results file')
  })
})

describe('on a telephone', () => {
  const person = usePerson({ width: 390, height: 844 })

  it('nothing is wider than the screen', async () => {
    const { page } = person
    await openDemo(page)
    await page.evaluate(() => {
      localStorage.setItem('urpatch-fold-without', 'open')
      window.urpatch!.state().showChannel(6)
    })
    const region = page.getByRole('region', { name: 'Without this channel' })
    await region.getByRole('button', { name: /^Run with/ }).click()
    await region.getByText('Right:').waitFor()
    await checkWithAxe(page, 'without a channel on a telephone')
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
  })
})
