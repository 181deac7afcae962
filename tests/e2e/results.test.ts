/** A results file is opened again: alone, with its images, with its model. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { chooseFiles, dropFiles, fixtures, openFiles, savedFile, scanEnds, usePerson } from './person.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'urpatch-results-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** The texts about each channel, and about the patches of one. */
async function told(page: Page): Promise<string[]> {
  const channels = page.getByRole('grid', { name: 'Channels' })
  await channels.getByRole('row', { name: 'Channel 2', exact: true }).click()
  const channel = page.getByRole('region', { name: 'Channel details' })
  const patches = channel.getByRole('button', { name: /^Patch \d+: / })
  await patches.first().waitFor()
  return [
    ...(await page.locator('[id^=tile-facts-]').allTextContents()),
    ...(await patches.evaluateAll((buttons) =>
      buttons.map((button) => button.getAttribute('aria-label') ?? ''),
    )),
    ...(await channel.getByRole('img', { name: /^Histogram of the maxima/ }).allTextContents()),
  ]
}

describe('a results file', () => {
  const person = usePerson()

  it('shows its numbers when dropped, its mosaics with the images, and is live with the model', async () => {
    const { page } = person
    await page.goto(inject('url'))
    await openFiles(page, `${fixtures}sequential.h5`, `${fixtures}images`)
    await page.getByRole('listbox', { name: 'Layer' }).getByRole('option', { name: 'conv_valid' }).click()
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    await scanEnds(page)
    const scanned = await told(page)
    expect(scanned.length).toBeGreaterThan(16)
    // The file is recognised by its content, whatever its name is.
    const file = path.join(folder, 'yesterday.txt')
    writeFileSync(file, await savedFile(page, 'Results (JSON)'))

    await page.goto('about:blank')
    await page.goto(inject('url'))
    await page.getByText('Nothing leaves your computer').waitFor()
    await dropFiles(page, [file])
    const banner = page.getByRole('region', { name: 'Results file' })
    await banner.getByText('Open the images to see the mosaics.').waitFor()
    expect(await told(page)).toEqual(scanned)
    const channel = page.getByRole('region', { name: 'Channel details' })
    await channel.getByText('Open the images to see it.').waitFor()
    expect((await savedFile(page, 'Results (JSON)')).equals(readFileSync(file))).toBe(true)

    await chooseFiles(page, 'Open the images', `${fixtures}images`)
    await channel.getByRole('img', { name: 'The patch in its image' }).waitFor()
    await page.waitForFunction(() => window.urpatch!.state().recorded?.fittedImages?.same === true)
    expect(await told(page)).toEqual(scanned)

    await chooseFiles(page, 'Open the model', `${fixtures}sequential.h5`)
    await page.getByRole('button', { name: 'Run', exact: true }).waitFor()
    await page.getByText('conv_valid is from yesterday.txt').waitFor()
    expect(await told(page)).toEqual(scanned)
    await channel.getByRole('img', { name: 'The patch in its image' }).waitFor()
    expect((await savedFile(page, 'Results (JSON)')).equals(readFileSync(file))).toBe(true)
  })

  it('that cannot be opened says why; so does a project file', async () => {
    const { page } = person
    await page.goto(inject('url'))
    const broken = path.join(folder, 'broken.urpatch.json')
    writeFileSync(broken, '{"format":"urpatch-results","version":1,"layers":[{"channels":[{')
    await dropFiles(page, [broken])
    await page.getByText('broken.urpatch.json is cut off after').waitFor()

    const project = path.join(folder, 'week3.urpatch-project.json')
    writeFileSync(project, '{"model":"model.h5","images":"images.zip"}')
    await dropFiles(page, [project])
    await page
      .getByText(/week3\.urpatch-project\.json cannot be opened: it is a project file.*\?project=/)
      .waitFor()
  })
})
