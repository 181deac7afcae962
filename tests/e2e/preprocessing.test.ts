/** "What the network sees", as a user works with it: the suggestion, the page, the comparison. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { fixtures, scanReaches, usePerson } from './person.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'urpatch-preprocessing-'))
  writeModel(folder)
})
afterAll(() => rmSync(folder, { recursive: true }))

/** A model as Teachable Machine exports one; its three outputs tell which colour is strongest. */
function writeModel(to: string): void {
  const layer = (className: string, config: object): object => ({ class_name: className, config })
  const layers = [
    layer('Conv2D', {
      name: 'colours',
      batch_input_shape: [null, 24, 24, 3],
      filters: 3,
      kernel_size: [1, 1],
      activation: 'relu',
    }),
    layer('GlobalAveragePooling2D', { name: 'pool' }),
    layer('Dense', { name: 'out', units: 3, activation: 'softmax' }),
  ]
  const identity = (factor: number): number[] => [factor, 0, 0, 0, factor, 0, 0, 0, factor]
  const arrays = {
    'colours/kernel': [[1, 1, 3, 3], identity(1)],
    'colours/bias': [[3], [1, 1, 1]],
    'out/kernel': [[3, 3], identity(20)],
    'out/bias': [[3], [0, 0, 0]],
  } as const
  const weights = Object.entries(arrays).map(([name, [shape]]) => ({ name, shape, dtype: 'float32' }))
  writeFileSync(
    path.join(to, 'model.json'),
    JSON.stringify({
      modelTopology: {
        keras_version: '2.9.0',
        model_config: { class_name: 'Sequential', config: { name: 'sequential', layers } },
      },
      weightsManifest: [{ paths: ['weights.bin'], weights }],
    }),
  )
  writeFileSync(
    path.join(to, 'weights.bin'),
    new Uint8Array(Float32Array.from(Object.values(arrays).flatMap(([, values]) => values)).buffer),
  )
  writeFileSync(
    path.join(to, 'metadata.json'),
    JSON.stringify({
      tmVersion: '2.4.5',
      packageName: '@teachablemachine/image',
      labels: ['Red', 'Green', 'Blue'],
    }),
  )
}

async function open(page: Page): Promise<void> {
  await page.goto(inject('url'))
  await page
    .getByLabel('Model file')
    .setInputFiles(['model.json', 'weights.bin', 'metadata.json'].map((name) => path.join(folder, name)))
  await page.getByLabel('Image folder').setInputFiles(`${fixtures}images`)
  await page.getByRole('button', { name: 'Run', exact: true }).waitFor()
}

const settings = (page: Page) => page.evaluate(() => window.urpatch!.state().preprocessing)

describe.each([
  ['a wide screen', { width: 1440, height: 900 }],
  ['a telephone', { width: 390, height: 844 }],
])('on %s', (_, viewport) => {
  const person = usePerson(viewport)

  it('a suggestion is made and compared; settings are tried and used', async () => {
    const { page } = person
    await open(page)
    const suggestion = page.getByRole('region', { name: 'Suggestion' })
    await suggestion.getByText('Teachable Machine made it').waitFor()
    expect(await settings(page)).toMatchObject({ scale: '0..1', fit: 'stretch' })
    await page.evaluate(() => window.urpatch!.scan('all'))
    await suggestion.getByText('Using it puts the results so far aside.').waitFor()

    await suggestion.getByRole('button', { name: 'Compare' }).click()
    const dialog = page.getByRole('dialog', { name: 'What the network sees' })
    await dialog.getByRole('img', { name: 'What the network gets' }).waitFor()
    await dialog.getByText('For the network: 24×24×3. Black is 0').waitFor()
    expect(
      await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth),
    ).toBeLessThanOrEqual(0)

    // Every change is shown at once, but not yet applied.
    await dialog.getByRole('button', { name: /Pixel range/ }).click()
    await page.getByRole('option', { name: '−1…1' }).click()
    await dialog.getByText(/Black is −?-1\.?0*,/).waitFor()
    const one = dialog.getByRole('table', { name: 'This image' })
    expect(await one.getByRole('row', { name: /Red/ }).innerText()).toMatch(/-1\.000/)
    await dialog.getByRole('table', { name: /^\d+ images of all classes$/ }).waitFor()
    const mean = dialog.getByRole('textbox', { name: 'Mean' })
    await mean.fill('0.5, x')
    await dialog.getByText('The setting mean=').waitFor()
    await mean.fill('0.5')
    await dialog.getByText(/Black is -1\.500/).waitFor()
    await mean.fill('')
    expect(await settings(page)).toMatchObject({ scale: '0..1', mean: [] })
    expect(await page.evaluate(() => window.urpatch!.state().results.size)).toBe(3)

    await dialog.getByRole('button', { name: /^Compare on 16 images$/ }).click()
    const candidates = dialog.getByRole('table', { name: 'Candidates' })
    await candidates.waitFor()
    expect(await candidates.getByRole('row').count()).toBeGreaterThan(5)
    await dialog.getByText('the model’s file names its classes').waitFor()
    await dialog
      .getByRole('region', { name: /^Answers with/ })
      .getByText(/^(Red|Green|Blue), \d+ %$/)
      .first()
      .waitFor()

    // Cancel changes nothing; using the settings puts the results aside, as the page says.
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await dialog.waitFor({ state: 'detached' })
    expect(await settings(page)).toMatchObject({ scale: '0..1' })
    await suggestion.getByRole('button', { name: 'Compare' }).click()
    await dialog.getByRole('button', { name: /Preset/ }).click()
    await page.getByRole('option', { name: 'Teachable Machine' }).click()
    await dialog.getByText('Using other settings puts the results so far aside.').waitFor()
    await dialog.getByRole('button', { name: 'Use these settings' }).click()
    await dialog.waitFor({ state: 'detached' })
    expect(await settings(page)).toMatchObject({ scale: '-1..1', fit: 'crop', resize: 'pillow-lanczos' })
    expect(await page.evaluate(() => window.urpatch!.state().results.size)).toBe(0)
    await suggestion.waitFor({ state: 'detached' })
  })
})

describe('the page', () => {
  const person = usePerson()

  it('is reached from the images menu and by keyboard, goes from image to image, and says what cannot be read', async () => {
    const { page } = person
    await open(page)
    await page.getByRole('region', { name: 'Suggestion' }).getByRole('button', { name: 'Keep 0…1' }).click()
    await page.getByRole('region', { name: 'Suggestion' }).waitFor({ state: 'detached' })
    await page.getByRole('button', { name: /^images \d+ images/ }).click()
    const link = page.getByRole('dialog').getByRole('button', { name: 'What the network sees' })
    await link.focus()
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog', { name: 'What the network sees' })
    const region = dialog.getByRole('region', { name: 'What the network sees' })
    await region.getByText('blue/00.png').waitFor()
    await dialog.getByRole('button', { name: 'Next image' }).click()
    await region.getByText('blue/01.png').waitFor()
    await dialog.getByRole('button', { name: /Class of the image/ }).click()
    await page.getByRole('option', { name: 'red' }).click()
    await region.getByText('red/00.png').waitFor()
    const broken = await page.evaluate(() =>
      window.urpatch!.state().images!.table.paths.indexOf('red/broken.png'),
    )
    await page.evaluate((image) => window.urpatch!.state().changeInputView({ image }), broken)
    await dialog.getByRole('alert').getByText('This image cannot be shown').waitFor()
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
  })

  it('opens with the image of the chosen patch, also while a scan runs, which the comparison waits for', async () => {
    const { page } = person
    await page.goto(`${inject('url')}?demo`)
    await scanReaches(page, 1)
    await page.getByRole('button', { name: 'Stop' }).click()
    await page.getByRole('row', { name: 'Channel 2', exact: true }).click()
    const shown = await page.getByRole('region', { name: 'Channel details' }).locator('.path').innerText()
    const opener = page.getByRole('button', { name: 'What the network sees' })
    await opener.click()
    const dialog = page.getByRole('dialog', { name: 'What the network sees' })
    await dialog
      .getByRole('region', { name: 'What the network sees' })
      .getByText(shown, { exact: true })
      .waitFor()
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })

    await page.getByRole('button', { name: 'Run', exact: true }).click()
    await opener.click()
    await dialog.getByRole('img', { name: 'What the network gets' }).waitFor()
    await dialog.getByText('The network is scanning. Pause or stop the scan to compare.').waitFor()
    expect(await dialog.getByRole('button', { name: /^Compare on/ }).isDisabled()).toBe(true)
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Stop' }).click()
  })
})
