/** Links to channels, what the user sees who follows one, and the page while a project is loaded. */
import { describe, expect, inject, it } from 'vitest'
import { fixtures, openFiles, usePerson } from './person.ts'

const url = inject('url')

describe('a link', () => {
  const person = usePerson()

  it('to files of one’s own says what it needs, when it is copied and when it is followed', async () => {
    const { page } = person
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await page.goto(url)
    await openFiles(page, `${fixtures}sequential.h5`, `${fixtures}images`)
    await page.getByRole('option', { name: 'conv_valid' }).click()
    await page.getByRole('row', { name: 'Channel 4', exact: true }).click()
    await page.getByRole('button', { name: 'Copy link' }).click()
    await page
      .getByText(
        'The link to channel 4 of conv_valid is copied. Whoever follows it is asked to open sequential.h5 and images',
      )
      .waitFor()
    const link = await page.evaluate(() => navigator.clipboard.readText())

    await page.goto('about:blank')
    await page.goto(link)
    const needs =
      'This link shows channel 4 of conv_valid in sequential.h5: open the model and the images (images).'
    await page.getByText(needs).waitFor()
    await openFiles(page, `${fixtures}sequential.h5`, `${fixtures}images`)
    await page
      .getByRole('region', { name: 'Channel details' })
      .getByRole('heading', { name: 'Channel 4' })
      .waitFor()
    expect(await page.getByText('This link shows').count()).toBe(0)
  })

  it('to a project says that it is opening, offers nothing else, and is itself what is copied', async () => {
    const { page } = person
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    let go!: () => void
    const gate = new Promise<void>((resolve) => (go = resolve))
    await page.route('**/demo/*.h5', async (route) => {
      await gate
      await route.continue()
    })
    await page.goto(`${url}?project=demo/demo.urpatch-project.json#layer=conv2d_5&channel=2`)
    await page.getByRole('heading', { name: 'Opening demo…' }).waitFor()
    await page.getByText(/\d images/).waitFor()
    expect(await page.getByText('Now add a model.').count()).toBe(0)
    expect(await page.getByRole('button', { name: 'Try the demo' }).count()).toBe(0)
    expect(await page.getByText('This link shows').count()).toBe(0)
    go()
    await page
      .getByRole('region', { name: 'Channel details' })
      .getByRole('heading', { name: 'Channel 2' })
      .waitFor()
    await page.getByRole('button', { name: 'Copy link' }).click()
    await page.getByText('It opens the model and the images by itself.').waitFor()
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
      `${url}?demo#layer=conv2d_5&channel=2`,
    )
  })
})

describe('the classes in the images menu', () => {
  const person = usePerson({ width: 390, height: 844 })

  it('are bars with counts, searched and ticked, and leave room for the rest', async () => {
    const { page } = person
    await page.goto(url)
    await page.getByLabel('Model file').setInputFiles(`${fixtures}sequential.h5`)
    await page.evaluate(async () => {
      const canvas = new OffscreenCanvas(8, 8)
      canvas.getContext('2d')!.fillRect(0, 0, 8, 8)
      const blob = await canvas.convertToBlob()
      const paths = Array.from(
        { length: 400 },
        (_, i) => `class_${String(i % 200).padStart(3, '0')}/${i}.png`,
      )
      await window.urpatch!.state().openImages({
        name: 'many',
        async *list() {
          yield paths
        },
        open: () => Promise.resolve(blob),
      })
    })
    await page.getByRole('button', { name: 'Menu' }).click()
    await page.getByRole('button', { name: /^many 400 images/ }).click()
    const dialog = page.getByRole('dialog', { name: 'many' })
    const list = dialog.getByRole('listbox', { name: 'Classes to scan' })
    await list.getByRole('option', { name: /class_000.*2 images/ }).waitFor()
    expect((await list.boundingBox())!.height).toBeLessThan(260)
    const chosen = () => page.evaluate(() => window.urpatch!.state().selection.classes)

    await dialog.getByRole('searchbox', { name: 'Search classes' }).fill('class_19')
    await expect.poll(() => list.getByRole('option').count()).toBe(10)
    await dialog.getByRole('button', { name: 'None', exact: true }).click()
    expect(await chosen()).toHaveLength(190)
    await list.getByRole('option', { name: /class_195/ }).click()
    expect(await chosen()).toHaveLength(191)
    await dialog.getByText('382 of 400 images will be scanned').waitFor()
    await dialog.getByRole('searchbox', { name: 'Search classes' }).fill('')
    await dialog.getByRole('button', { name: 'All', exact: true }).click()
    expect(await chosen()).toBe(null)
  })
})
