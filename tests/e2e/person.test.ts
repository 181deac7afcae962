/** The production build, used as a user does. */
import { readFileSync } from 'node:fs'
import { describe, expect, inject, it } from 'vitest'
import type { ResultsFile } from '../../src/core/results/resultsFile.ts'
import { fixtures, openFiles, scanEnds, scanFewOfDemo, scanReaches, usePerson } from './person.ts'

const url = inject('url')

describe('with files of one’s own', () => {
  const person = usePerson()

  it('opens model and folder, runs, pauses, resumes, inspects a channel and exports', async () => {
    const { page } = person
    await page.goto(url)
    await page.getByText('Nothing leaves your computer').waitFor()
    await openFiles(page, `${fixtures}sequential.h5`, `${fixtures}images`)

    // The index in the folder is found automatically; what does not match it is listed.
    await page.getByRole('button', { name: /^images \d+ images/ }).click()
    const details = page.getByRole('dialog')
    await details.getByText('index.tsv', { exact: true }).waitFor()
    await details.getByText('Named in the index, not in the folder (1)').click()
    await details.getByText('green/missing.png').waitFor()
    await page.keyboard.press('Escape')

    // The list of layers shows what the notebook prints, and the receptive field.
    const layers = page.getByRole('listbox', { name: 'Layer' })
    const row = layers.getByRole('option', { name: /^pool_same\b/ })
    expect(await row.innerText()).toMatch(/MaxPooling2D · \d+×\d+×6 · 3×3 \/2 same/)
    expect(await layers.getByRole('option', { name: 'dropout' }).getAttribute('aria-disabled')).toBe('true')
    await layers.getByRole('option', { name: 'conv_valid' }).click()

    await page.getByRole('button', { name: 'Run', exact: true }).click()
    await scanEnds(page)
    const progress = page.getByRole('progressbar', { name: 'Scan progress' })
    const images = await page.evaluate(() => window.urpatch!.state().images!.table.paths.length)
    expect(await progress.getAttribute('aria-valuetext')).toBe(`${images} of ${images} images`)
    await page.locator('.run-text').getByText('1 skipped').waitFor()

    // A channel opens, a patch shows in its image, and a key leads to the next one.
    const channels = page.getByRole('grid', { name: 'Channels' })
    await channels.getByRole('row', { name: 'Channel 0', exact: true }).click()
    const channel = page.getByRole('region', { name: 'Channel details' })
    await channel.getByRole('heading', { name: 'Channel 0' }).waitFor()
    await channel.getByRole('img', { name: 'The patch in its image' }).waitFor()
    await channel.getByRole('button', { name: 'Numbers' }).click()
    const facts = await channel.locator('dl').first().innerText()
    expect(facts).toMatch(/Image\s+(red|green|blue)\/\w+\.png/)
    expect(facts).toMatch(/Unit\s+row \d+, column \d+/)
    expect(facts).toMatch(/Patch\s+3×3 at row/)
    await channel.getByRole('button', { name: 'Next channel' }).click()
    await channel.getByRole('heading', { name: 'Channel 1' }).waitFor()
    await page.keyboard.press('ArrowRight')
    await channel.getByRole('heading', { name: 'Channel 2' }).waitFor()
    await page.keyboard.press('ArrowDown')
    expect(new URL(page.url()).hash).toBe('#layer=conv_valid&channel=2&patch=1')

    // The results file is as its contract says.
    await page.getByRole('button', { name: 'Export' }).click()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: 'Results (JSON)' }).click(),
    ])
    const results = JSON.parse(readFileSync(await download.path(), 'utf8')) as ResultsFile
    expect(results).toMatchObject({
      format: 'urpatch-results',
      version: 1,
      model: { name: 'sequential.h5', inputShape: [24, 22, 3] },
      images: { name: 'images', count: images, scanned: images - 1, skipped: [{ path: 'red/broken.png' }] },
      k: 16,
    })
    expect(results.model.sha256).toMatch(/^[0-9a-f]{64}$/)
    const [layer] = results.layers
    expect(layer).toMatchObject({ name: 'conv_valid', shape: [22, 20, 8] })
    for (const { top } of layer!.channels) {
      expect(top).toHaveLength(16)
      expect(new Set(top.map(({ image }) => image)).size).toBe(16)
      for (const { unit, box } of top) expect(box).toEqual([unit[0], unit[1], unit[0] + 3, unit[1] + 3])
    }

    // A picture can be saved too.
    await page.getByRole('button', { name: 'Export' }).click()
    const [picture] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: 'Picture of all channels (PNG)' }).click(),
    ])
    expect(picture.suggestedFilename()).toBe('sequential-conv_valid.png')
    expect(
      readFileSync(await picture.path())
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG')
  })

  it('says in one sentence what is wrong with a file, and goes on', async () => {
    const { page } = person
    await page.goto(url)
    const model = page.getByLabel('Model file')
    const notices = page.getByRole('status')
    await model.setInputFiles(`${fixtures}images/red/00.png`)
    await notices.getByText('00.png cannot be opened: it is a PNG picture.').waitFor()
    await model.setInputFiles(`${fixtures}keras2-weights.h5`)
    await notices.getByText(/keras2-weights\.h5 holds weights without the network/).waitFor()
    await page.getByLabel('Image folder').setInputFiles(new URL('../make', import.meta.url).pathname)
    await notices.getByText('make holds no images.').waitFor()

    // A model with a layer of unknown type opens; the layers before it can be scanned.
    await model.setInputFiles(`${fixtures}unsupported.h5`)
    await page.getByLabel('Image folder').setInputFiles(`${fixtures}images`)
    await notices.getByText(/layer "swirl" is of type lab>Swirl/).waitFor()
    await page.getByRole('option', { name: 'conv_a' }).waitFor()
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    await scanEnds(page)
    expect(await page.evaluate(() => window.urpatch!.state().scan.status)).toBe('done')

    // A bad file leaves the open model alone.
    await model.setInputFiles(`${fixtures}keras2-weights.h5`)
    await notices.getByText(/keras2-weights\.h5 holds weights/).waitFor()
    expect(await page.evaluate(() => window.urpatch!.state().model!.name)).toBe('unsupported.h5')
  })
})

describe('with the demo', () => {
  const person = usePerson()

  it('shows mosaics from one click, pauses and resumes, and a link opens the same channel again', async () => {
    const { page } = person
    await page.goto(url)
    await page.getByRole('button', { name: 'Try the demo' }).click()
    await page.getByRole('button', { name: 'Pause' }).click()
    const pausedAt = await page.evaluate(() => window.urpatch!.state().scan)
    expect(pausedAt.status).toBe('paused')
    await page.getByRole('button', { name: 'Resume' }).click()
    expect(await page.evaluate(() => window.urpatch!.state().scan)).toMatchObject({
      progress: { total: 600 },
    })
    // After the sample, the rest is scanned automatically, and adds to the results.
    await scanReaches(page, 600, 3000)
    await scanFewOfDemo(page)

    const channels = page.getByRole('grid', { name: 'Channels' })
    const fifth = channels.getByRole('row', { name: 'Channel 5', exact: true })
    await fifth.locator('.tile-caption').click()
    const region = page.getByRole('region', { name: 'Channel details' })
    await region.getByRole('heading', { name: 'Channel 5' }).waitFor()
    const path = await region.locator('.path').innerText()
    const hash = new URL(page.url()).hash
    expect(hash).toMatch(/^#layer=conv2d_\d&channel=5$/)

    await page.goto('about:blank')
    await page.goto(`${url}?demo${hash}`)
    await region.getByRole('heading', { name: 'Channel 5' }).waitFor()
    // The results of the first visit are there.
    await scanEnds(page)
    expect(await region.locator('.path').innerText()).toBe(path)
  })

  it('stops, keeps what it has found, and scans all layers in one pass', async () => {
    const { page } = person
    await page.goto(`${url}?demo`)
    await page.waitForFunction(() => {
      const { scan } = window.urpatch!.state()
      return 'progress' in scan && scan.progress.done > 0
    })
    await page.getByRole('button', { name: 'Stop' }).click()
    expect(await page.evaluate(() => window.urpatch!.state().results.size)).toBe(1)

    await page.evaluate(async () => {
      const { setSelection } = window.urpatch!.state()
      setSelection({ classes: null, splits: null, sample: { random: 60, seed: 1 } })
      await window.urpatch!.scan('all')
    })
    const [layers, scannable] = await page.evaluate(() => {
      const { results, model } = window.urpatch!.state()
      return [results.size, model!.notScannable.filter((reason) => reason === null).length]
    })
    expect(layers).toBe(scannable)
  })
})

describe('on a telephone', () => {
  const person = usePerson({ width: 390, height: 844 })

  it('has everything within the width of the screen', async () => {
    const { page } = person
    await page.goto(`${url}?demo`)
    await page.getByRole('row', { name: 'Channel 0', exact: true }).click()
    await page.getByRole('region', { name: 'Channel details' }).waitFor()
    const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
    expect(await overflow()).toBeLessThanOrEqual(0)
    await page.getByRole('button', { name: 'Close' }).click()
    expect(await overflow()).toBeLessThanOrEqual(0)
  })
})
