/** Drag and drop as the system does it: real files and directories, through the browser's own drag events. */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { dropFiles, fixtures, usePerson } from './person.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'urpatch-drop-'))
  // The folders are nested, and hold more than the 100 entries that a browser returns at once.
  for (const name of ['deep/cats', 'deep/dogs']) {
    mkdirSync(path.join(folder, 'photos', name), { recursive: true })
    for (let i = 0; i < 130; i++)
      copyFileSync(`${fixtures}images/red/0${i % 6}.png`, path.join(folder, 'photos', name, `${i}.png`))
  }
  writeFileSync(path.join(folder, 'photos/Thumbs.db'), 'x')
  writeFileSync(path.join(folder, 'photos/.hidden.png'), 'x')
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('dropping', () => {
  const person = usePerson()

  it('takes a model and a nested folder at once, all entries', async () => {
    const { page } = person
    await page.goto(inject('url'))
    await dropFiles(page, [`${fixtures}sequential.h5`, path.join(folder, 'photos')])
    await page.getByRole('button', { name: 'Run', exact: true }).waitFor()
    const images = await page.evaluate(() => {
      const { name, table, otherFiles, hiddenFiles } = window.urpatch!.state().images!
      return {
        name,
        count: table.paths.length,
        classes: table.classNames,
        first: table.paths[0],
        otherFiles,
        hiddenFiles,
      }
    })
    expect(images).toEqual({
      name: 'photos',
      count: 260,
      classes: ['cats', 'dogs'],
      first: 'deep/cats/0.png',
      otherFiles: 0,
      hiddenFiles: 2,
    })
    expect(await page.evaluate(() => window.urpatch!.state().model!.name)).toBe('sequential.h5')
  })

  it('takes single pictures, and says of anything else what it is', async () => {
    const { page } = person
    await page.goto(inject('url'))
    await dropFiles(page, [path.join(folder, 'photos/Thumbs.db')])
    await page.getByRole('status').getByText('Thumbs.db holds no model that Urpatch knows').waitFor()
    await dropFiles(page, [`${fixtures}images/red/00.png`, `${fixtures}images/red/01.png`])
    await page.getByText('2 dropped items: 2 images').waitFor()
  })

  it('takes a folder without pictures as a model, beside a folder of pictures', async () => {
    const { page } = person
    await page.goto(inject('url'))
    await dropFiles(page, [`${fixtures}formats/tfjs-float32`, path.join(folder, 'photos')])
    await page.getByRole('button', { name: 'Run', exact: true }).waitFor()
    const names = await page.evaluate(() => {
      const { model, images } = window.urpatch!.state()
      return [model!.name, images!.name]
    })
    expect(names).toEqual(['tfjs-float32', 'photos'])
  })

  it('takes the files of a model side by side', async () => {
    const { page } = person
    await page.goto(inject('url'))
    await dropFiles(page, [`${fixtures}formats/nested.json`, `${fixtures}formats/nested.weights.h5`])
    await page.waitForFunction(() => window.urpatch!.state().model?.name === 'nested.weights.h5')
  })

  it.each(['picture.tif', 'picture.svg', 'picture.heic'])('takes %s alone as a picture', async (name) => {
    const { page } = person
    const file = path.join(folder, name)
    writeFileSync(file, 'x')
    await page.goto(inject('url'))
    await dropFiles(page, [file])
    await page.getByText(`${name}: 1 image`).waitFor()
  })
})
