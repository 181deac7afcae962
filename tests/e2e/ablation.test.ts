/** What the network does without a channel, in the production build: equal to Keras with zeroed weights, and shown. */
import type { Locator, Page } from 'playwright'
import { beforeEach, describe, expect, inject, it } from 'vitest'
import { compareWithKeras, fewImages, openDemo, sampledCases, wholeCases } from './ablationOfDemo.ts'
import { checkWithAxe } from './axe.ts'
import { usePerson } from './person.ts'

const url = inject('url')

/** All 3,000 images are compared by `npm run test:long`. */
const sample = 300

describe('calls of scripts', () => {
  const person = usePerson()

  it('answer as Keras with changed weights, to the last image of a sample', async () => {
    const { page } = person
    await openDemo(page, url)
    for (const one of [...wholeCases, ...sampledCases]) await compareWithKeras(page, one, sample)
  })
})

describe('the section', () => {
  const person = usePerson()
  const region = (page: Page): Locator => page.getByRole('region', { name: 'Without this channel' })

  beforeEach(async () => {
    const { page } = person
    await openDemo(page, url)
    await page.evaluate(() => window.urpatch!.state().showChannel(6))
    // Folded, it costs nothing.
    await region(page).waitFor()
    await region(page).getByRole('button', { name: 'Without this channel' }).click()
  })

  it('follows the slider on the shown image', async () => {
    const { page } = person
    const part = region(page).getByRole('region', { name: 'On this image' })
    const rows = part.getByRole('row')
    // Their room is there before they are: nothing below them moves.
    await part.waitFor()
    expect(await rows.count()).toBe(7)
    await part.getByText('The network runs…').waitFor({ state: 'detached' })
    expect(await rows.count()).toBe(7)
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
      await rows.nth(1).getByRole('rowheader', { name: names[most]!, exact: true }).waitFor()
      // The heading says whether anything of it can be seen.
      const told = await part.evaluate((element) => {
        const cells = [...element.querySelectorAll<HTMLTableRowElement>('tbody tr')].map((row) =>
          [...row.cells].map((cell) => cell.innerText),
        )
        const isSame = cells.every(([, before, , times]) => before === times)
        return { isSame, text: element.querySelector('h4')!.innerText }
      })
      expect(told.text.includes('none changes noticeably')).toBe(told.isSame)
    }
    await slider.fill('1')
    await part.getByText('none changes noticeably').waitFor()
    await checkWithAxe(page, 'a channel multiplied')
  })

  it('says over images what is lost, and opens images whose answer is another', async () => {
    const { page } = person
    // Times 1 it is as it was: then no class is hurt most.
    await region(page).getByRole('slider', { name: 'Factor' }).fill('1')
    await region(page).getByRole('button', { name: 'Run with × 1.0' }).click()
    await region(page).getByText('No image has another answer than before.').waitFor()
    expect(await region(page).getByText('Most hurt first').count()).toBe(0)
    await region(page).getByRole('slider', { name: 'Factor' }).fill('3')
    await region(page).getByRole('button', { name: 'Run with × 3.0' }).click()
    await region(page).getByText('Most hurt first').waitFor()
    const found = await page.evaluate(
      (images) => window.urpatch!.ablate({ layer: 'conv2d_5', channel: 6, replacement: 3, images }),
      fewImages,
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

    // On a telephone nothing of it is wider than the screen.
    await page.setViewportSize({ width: 390, height: 844 })
    await strip.scrollIntoViewIfNeeded()
    await checkWithAxe(page, 'without a channel on a telephone')
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
    // The longest numbers that there are stand beside each other.
    const longest = await region(page)
      .getByRole('region', { name: 'On this image' })
      .locator('td')
      .evaluateAll((cells) =>
        cells.map((cell) => {
          const number = cell.lastElementChild!
          number.textContent = '> 99.999 %'
          return number.getBoundingClientRect().left - cell.getBoundingClientRect().left
        }),
      )
    expect(longest.length).toBeGreaterThan(3)
    expect(Math.min(...longest)).toBeGreaterThanOrEqual(0)
    await page.setViewportSize({ width: 1440, height: 900 })
    const first = strip.getByRole('button').first()
    expect(await first.getAttribute('aria-label')).toContain(others[0]!.image)
    await first.click()
    await page.getByRole('region', { name: 'Image details' }).waitFor()
    await page.goBack()
  })

  it('ranks channels by their loss, which a table and a results file have then', async () => {
    const { page } = person
    const part = region(page).getByRole('region', { name: 'All channels of the layer' })
    const images = fewImages / 2
    const count = region(page).getByRole('textbox', { name: 'Images in the sample' })
    await count.fill(String(images))
    await count.press('Enter')
    await part.getByRole('button', { name: 'Rank 64 channels (at their means)' }).click()
    await part.getByText('This channel is number').waitFor()
    await expect.poll(() => part.getByRole('button', { name: 'Pause' }).count(), { timeout: 120_000 }).toBe(0)
    const losses = await page.evaluate(
      (few) => window.urpatch!.rankLosses('conv2d_5', { images: few }),
      images,
    )
    expect([losses.images, losses.of, losses.loss.length]).toEqual([images, images, 64])
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
