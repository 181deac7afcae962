/** Exports other than results: pictures on pages, and a project that a link opens. */
import { readFileSync } from 'node:fs'
import { extractTextItems, getDocumentProxy } from 'unpdf'
import { describe, expect, inject, it } from 'vitest'
import { checkWithAxe } from './axe.ts'
import { fixtures, openFiles, scanEnds, usePerson } from './person.ts'

const url = inject('url')

describe('what is saved', () => {
  const person = usePerson()

  it('is a picture as wide and fine as it was chosen', async () => {
    const { page } = person
    await page.goto(url)
    await openFiles(page, `${fixtures}sequential.h5`, `${fixtures}images`)
    await page.getByRole('option', { name: 'conv_valid' }).click()
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    await scanEnds(page)
    await page.getByRole('button', { name: 'Export' }).click()
    await page.getByRole('menuitem', { name: 'Figure (' }).click()
    const dialog = page.getByRole('dialog', { name: 'Figure' })
    await dialog.getByRole('button', { name: /Width/ }).click()
    await page.getByRole('option', { name: '800 pixels' }).click()
    await dialog.getByRole('button', { name: /Scale/ }).click()
    await page.getByRole('option', { name: '2×', exact: true }).click()
    await dialog.getByText('a file 1,600 pixels wide').waitFor()
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Export' }).click()
    const [picture] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: 'Picture of all channels (PNG)' }).click(),
    ])
    const png = readFileSync(await picture.path())
    expect(png.readUInt32BE(16)).toBe(1600)
    expect(png.readUInt32BE(20)).toBeLessThan(1600 * Math.SQRT2 + 1)
  })

  it('is a figure of the shown channels, chosen in a dialog, and of any by a script', async () => {
    const { page } = person
    await page.goto(url)
    await openFiles(page, `${fixtures}sequential.h5`, `${fixtures}images`)
    await page.evaluate(() => window.urpatch!.scan(['conv_valid', 'act']))
    await scanEnds(page)
    await page.evaluate(() => {
      window.urpatch!.state().showLayer('conv_valid')
      window.urpatch!.setNote('conv_valid', 3, { name: '<b>глаз</b>', star: true })
      window.urpatch!.setNote('conv_valid', 5, { name: 'edge', star: true })
      window.urpatch!.state().setView({ noted: 'starred' })
    })
    await page.getByRole('button', { name: 'Export' }).click()
    await page.getByRole('menuitem', { name: 'Figure (' }).click()
    const dialog = page.getByRole('dialog', { name: 'Figure' })
    await checkWithAxe(page, 'figure')
    await dialog.getByRole('button', { name: /Channels$/ }).click()
    await page.getByRole('option', { name: '2 shown of conv_valid' }).click()
    await dialog.getByRole('button', { name: /File$/ }).click()
    await page.getByRole('option', { name: 'SVG' }).click()
    await dialog.getByRole('button', { name: /below patches/ }).click()
    await page.getByRole('option', { name: 'for all channels' }).click()
    const [svg] = await Promise.all([
      page.waitForEvent('download'),
      dialog.getByRole('button', { name: 'Save', exact: true }).click(),
    ])
    await dialog.waitFor({ state: 'detached' })
    expect(svg.suggestedFilename()).toBe('sequential-conv_valid.svg')
    const text = readFileSync(await svg.path(), 'utf8')
    const told = (tag: string): string[] =>
      [...text.matchAll(new RegExp(`<${tag}(?: [^>]*)?>([^<]*)</${tag}>`, 'g'))].map(([, content]) =>
        content!.replaceAll('&lt;', '<').replaceAll('&gt;', '>'),
      )
    // The first title is that of the figure.
    const drawn = { texts: told('text'), titles: told('title').slice(1), images: text.match(/<image /g) }
    expect(drawn.texts.filter((one) => one.startsWith('Channel'))).toEqual([
      'Channel 3 · <b>глаз</b>',
      'Channel 5 · edge',
    ])
    expect(drawn.texts.filter((one) => /^1 · \d/.test(one))).toHaveLength(2)
    expect(drawn.titles[0]).toMatch(
      /^conv_valid, channel 3 \(<b>глаз<\/b>\), rank 1, activation \S+, (red|green|blue), /,
    )
    expect(drawn.images).toHaveLength(drawn.titles.length)

    const [pdf] = await Promise.all([
      page.waitForEvent('download'),
      page.evaluate(() => window.urpatch!.save('all.pdf', { captions: 'none' })),
    ])
    expect(pdf.suggestedFilename()).toBe('sequential.pdf')
    const file = await getDocumentProxy(new Uint8Array(readFileSync(await pdf.path())), { verbosity: 0 })
    const { items } = await extractTextItems(file)
    const texts = items.flat().map(({ str }) => str)
    expect(texts).toContain('conv_valid · Channel 5 · edge')
    expect(texts.filter((one) => one.startsWith('act · Channel ')).length).toBeGreaterThan(2)
  })

  it('is a project, as a zip or a folder, that its link opens', async () => {
    const { page } = person
    // The browser's private directory stands in for one that the user picks.
    await page.addInitScript(() => {
      Object.assign(window, { showDirectoryPicker: () => navigator.storage.getDirectory() })
    })
    await page.goto(url)
    await openFiles(page, `${fixtures}sequential.h5`, `${fixtures}images`)
    await page.getByRole('option', { name: 'conv_same_s2' }).click()
    const dialog = page.getByRole('dialog', { name: 'Project for a link' })
    const open = async (): Promise<void> => {
      await page.getByRole('button', { name: 'Export' }).click()
      await page.getByRole('menuitem', { name: 'Project for a link' }).click()
      await dialog.getByRole('textbox', { name: 'Name' }).fill('week 3')
    }
    await open()
    const [zip] = await Promise.all([
      page.waitForEvent('download'),
      dialog.getByRole('button', { name: 'Save as zip' }).click(),
    ])
    expect(zip.suggestedFilename()).toBe('week-3.zip')
    expect(
      readFileSync(await zip.path())
        .subarray(0, 4)
        .toString('latin1'),
    ).toBe('PK\x03\x04')
    await dialog.waitFor({ state: 'detached' })

    await open()
    await dialog.getByRole('button', { name: 'Write into a folder' }).click()
    await dialog.waitFor({ state: 'detached' })
    await page.getByText('The project week-3 is written.').first().waitFor()
    const files = await page.evaluate(async () => {
      const found: Record<string, number[]> = {}
      const walk = async (folder: FileSystemDirectoryHandle, path: string): Promise<void> => {
        for await (const [name, handle] of folder as unknown as AsyncIterable<[string, FileSystemHandle]>)
          if (handle.kind === 'directory') await walk(handle as FileSystemDirectoryHandle, `${path}${name}/`)
          else {
            const file = await (handle as FileSystemFileHandle).getFile()
            found[path + name] = [...new Uint8Array(await file.arrayBuffer())]
          }
      }
      await walk(await navigator.storage.getDirectory(), '')
      return found
    })
    const images = await page.evaluate(() => window.urpatch!.state().images!.table.paths.length)

    // The files are served as a host would serve them.
    await page.route('**/week-3/**', (route) => {
      const bytes = files[decodeURIComponent(new URL(route.request().url()).pathname.slice(1))]
      return bytes ? route.fulfill({ body: Buffer.from(bytes) }) : route.fulfill({ status: 404 })
    })
    await page.goto('about:blank')
    await page.goto(`${url}?project=week-3/week-3.urpatch-project.json`)
    await scanEnds(page)
    const opened = await page.evaluate(() => {
      const { model, images: set, layer, scan } = window.urpatch!.state()
      return [model!.name, set!.name, set!.table.paths.length, set!.table.classNames, layer, scan.status]
    })
    expect(opened).toEqual([
      'sequential.h5',
      'week 3',
      images,
      ['red', 'green', 'blue'].toSorted(),
      'conv_same_s2',
      'done',
    ])
  })
})
