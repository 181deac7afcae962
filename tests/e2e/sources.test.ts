/** Sources of images in the production build: archives and folders give the same results, also in the next visit. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Page, Route } from 'playwright'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { tarEntry, tarOf, zipOf } from '../fixtures/archives.ts'
import { dropFiles, fixtures, usePerson } from './person.ts'

const model = `${fixtures}sequential.h5`
let folder: string

/** The bytes of the fixtures' pictures, by path; each class has a directory. */
const pictures: Record<string, Uint8Array<ArrayBuffer>> = {}

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'urpatch-sources-'))
  for (const name of readdirSync(`${fixtures}images`, { recursive: true }) as string[])
    if (name.endsWith('.png')) pictures[name] = new Uint8Array(readFileSync(`${fixtures}images/${name}`))
  for (const [name, bytes] of Object.entries(pictures)) {
    mkdirSync(path.join(folder, 'photos', path.dirname(name)), { recursive: true })
    writeFileSync(path.join(folder, 'photos', name), bytes)
  }
  const inFolder = Object.fromEntries(
    Object.entries(pictures).map(([name, bytes]) => [`photos/${name}`, bytes]),
  )
  await save('photos.zip', await zipOf({ ...inFolder, '__MACOSX/photos/._x.png': 'junk' }, { deflate: true }))
  await save('photos.tar', tarOf(Object.entries(inFolder).map(([name, bytes]) => tarEntry(name, bytes))))
})
afterAll(() => rmSync(folder, { recursive: true }))

async function save(name: string, blob: Blob): Promise<void> {
  writeFileSync(path.join(folder, name), new Uint8Array(await blob.arrayBuffer()))
}

/** The results file of these images, without the name of the source. */
async function results(page: Page, label: string, files: string): Promise<unknown> {
  await page.goto(inject('url'))
  // The kept results of the same images must not come back by themselves.
  await page.evaluate(() => window.urpatch!.state().forgetAll())
  await page.getByLabel('Model file').setInputFiles(model)
  await page.getByLabel(label, { exact: true }).setInputFiles(files)
  await page.getByRole('button', { name: 'Run', exact: true }).waitFor()
  await page.evaluate(() => window.urpatch!.scan('all'))
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.evaluate(() => window.urpatch!.saveResults()),
  ])
  const { images, ...rest } = JSON.parse(readFileSync(await download.path(), 'utf8')) as {
    images: { name: string }
  }
  return { ...rest, images: { ...images, name: '' } }
}

describe('pictures that are given as a model', () => {
  const person = usePerson()

  it.each([
    ['a zip', (): string[] => [path.join(folder, 'photos.zip')], 'photos.zip'],
    [
      'all pictures of a folder',
      (): string[] => Object.keys(pictures).map((name) => path.join(folder, 'photos', name)),
      'the files',
    ],
  ])('are told at once: %s', async (_, files, what) => {
    const { page } = person
    await page.goto(inject('url'))
    await page.getByLabel('Model file').setInputFiles(files())
    const notice = page.locator('.notice p')
    await notice.waitFor()
    expect(await notice.innerText()).toContain(
      `There are pictures in ${what} and no model. Open them with "Open images"`,
    )
  })
})

describe('images', () => {
  const person = usePerson()

  it('come from a zip, a tar, a folder and loose files beside a model, all at once', async () => {
    const { page } = person
    await page.goto(inject('url'))
    const [first] = Object.keys(pictures)
    await dropFiles(page, [
      path.join(folder, 'photos.zip'),
      path.join(folder, 'photos.tar'),
      path.join(folder, 'photos'),
      model,
      path.join(folder, 'photos', first!),
    ])
    await page.getByRole('button', { name: 'Run', exact: true }).waitFor()
    const { paths, hidden } = await page.evaluate(() => {
      const { table, hiddenFiles } = window.urpatch!.state().images!
      return { paths: table.paths, hidden: hiddenFiles }
    })
    const all = Object.keys(pictures)
    expect(paths).toEqual(
      [
        path.basename(first!),
        ...['photos', 'photos.tar', 'photos.zip'].flatMap((source) => all.map((name) => `${source}/${name}`)),
      ].toSorted(),
    )
    expect(hidden).toBe(1)
  })

  it('give the same results file from a folder, a zip and a tar', async () => {
    const { page } = person
    const expected = await results(page, 'Image folder', path.join(folder, 'photos'))
    expect(await results(page, 'Image files', path.join(folder, 'photos.zip'))).toEqual(expected)
    expect(await results(page, 'Image files', path.join(folder, 'photos.tar'))).toEqual(expected)
  })

  it('of a zip that is a model are none: it is opened as one', async () => {
    const { page } = person
    const files = Object.fromEntries(
      readdirSync(`${fixtures}formats/tfjs-float32`).map((name) => [
        name,
        new Uint8Array(readFileSync(`${fixtures}formats/tfjs-float32/${name}`)),
      ]),
    )
    await save('tfjs.zip', await zipOf(files))
    await page.goto(inject('url'))
    await dropFiles(page, [path.join(folder, 'tfjs.zip')])
    await page.waitForFunction(() => window.urpatch!.state().model?.name === 'tfjs.zip')
  })

  it('packed in another way are refused with what to do', async () => {
    const { page } = person
    await save('photos.tar.gz', new Blob([new Uint8Array([0x1f, 0x8b, 8, 0, 0, 0])]))
    await page.goto(inject('url'))
    await page.getByLabel('Image files', { exact: true }).setInputFiles(path.join(folder, 'photos.tar.gz'))
    await page
      .getByRole('status')
      .getByText(/photos\.tar\.gz is packed with gzip.*use a \.zip or \.tar/)
      .waitFor()
  })

  it('can be opened by a menu that is pressed while it is being loaded', async () => {
    const { page } = person
    const held: Route[] = []
    await page.route(/\/MoreWaysMenu-[^/]*\.js$/, (route) => void held.push(route))
    await page.goto(inject('url'))
    const button = page.getByRole('button', { name: 'More ways to open pictures' })
    expect(await button.getAttribute('aria-haspopup')).toBeNull()
    await button.hover()
    await page.mouse.down()
    for (const route of held) await route.continue()
    await page.getByRole('menuitem', { name: /remembered/ }).waitFor()
    await page.mouse.up()
    await page.getByRole('menuitem', { name: /remembered/ }).waitFor()
  })

  it('in a remembered directory are offered at the next visit', async () => {
    const { page } = person
    // The browser's private directory stands in for one that the user picks.
    await page.addInitScript(() => {
      Object.assign(window, {
        async showDirectoryPicker() {
          const root = await navigator.storage.getDirectory()
          return root.getDirectoryHandle('holiday', { create: true })
        },
      })
    })
    await page.goto(inject('url'))
    await page.evaluate(
      async (bytes) => {
        const root = await navigator.storage.getDirectory()
        const holiday = await root.getDirectoryHandle('holiday', { create: true })
        const sea = await holiday.getDirectoryHandle('sea', { create: true })
        const writable = await (await sea.getFileHandle('1.png', { create: true })).createWritable()
        await writable.write(Uint8Array.from(bytes))
        await writable.close()
      },
      [...Object.values(pictures)[0]!],
    )
    await page.getByRole('button', { name: 'More ways to open pictures' }).click()
    await page.getByRole('menuitem', { name: /remembered/ }).click()
    await page.getByText('holiday: 1 images').waitFor()
    await page.waitForFunction(() => window.urpatch!.state().rememberedDirectory !== null)
    await page.reload()
    await page.getByRole('button', { name: 'Open holiday again' }).click()
    await page.getByText('holiday: 1 images').waitFor()
    expect(
      await page.evaluate(async () => ((await window.urpatch!.state().images!.handleOf(0)) as File).size),
    ).toBe(Object.values(pictures)[0]!.length)
  })
})
