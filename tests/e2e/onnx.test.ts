/** Networks of PyTorch, from the drop to the first mosaic, and the help for files that are none of ONNX. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import type { ResultsFile } from '../../src/core/results/resultsFile.ts'
import { zipOf } from '../fixtures/archives.ts'
import { node, onnxBytes, weights } from '../fixtures/onnxWriter.ts'
import { fixtures, kit, scanEnds, usePerson } from './person.ts'

/** Two blocks of two convolutions each behind a stem; named by their weights, as PyTorch's exporter does. */
const paths = ['stem', 'layer1.0.conv1', 'layer1.0.conv2', 'layer1.1.conv1', 'layer1.1.conv2']
const network = onnxBytes({
  nodes: paths.map((name, i) => node('Conv', [i === 0 ? 'image' : paths[i - 1]!, `${name}.weight`], name)),
  constants: Object.fromEntries(
    paths.map((name, i) => [`${name}.weight`, weights(3, 3, i === 0 ? 1 : 3, 3)]),
  ),
  inputs: { image: [1, 3, 24, 24] },
  outputs: [paths.at(-1)!],
})

let folder: string
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'urpatch-onnx-'))
  writeFileSync(path.join(folder, 'net.onnx'), network)
})
afterAll(() => rmSync(folder, { recursive: true }))

async function toFirstMosaic(page: Page, model: string | string[]): Promise<void> {
  await page.goto(inject('url'))
  await page.getByLabel('Model file').setInputFiles(model)
  await page.getByLabel('Image folder').setInputFiles(`${fixtures}images`)
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await page.getByRole('row', { name: 'Channel 0', exact: true }).locator('canvas').waitFor()
  await scanEnds(page)
  expect(await page.evaluate(() => window.urpatch!.state().scan.status)).toBe('done')
}

describe('an ONNX file', () => {
  const person = usePerson()

  it('gives mosaics of layers that are called as their modules, in blocks that close', async () => {
    const { page } = person
    await toFirstMosaic(page, path.join(folder, 'net.onnx'))
    const options = page.getByRole('listbox', { name: 'Layer' }).getByRole('option')
    const names = async (): Promise<string[]> =>
      (await options.locator('.layer-name > .visually-hidden').allTextContents()).filter(
        (name) => name !== 'image',
      )
    expect(await names()).toEqual([
      'stem',
      'layer1',
      'layer1.0',
      ...paths.slice(1, 3),
      'layer1.1',
      ...paths.slice(3),
    ])

    const block = page.getByRole('option', { name: /^layer1\.0\b.*open/ })
    await block.click()
    expect(await names()).toEqual(['stem', 'layer1', 'layer1.0', 'layer1.1', ...paths.slice(3)])
    // A block is no layer: what is shown stays.
    expect(await page.evaluate(() => window.urpatch!.state().layer)).not.toContain('group')
    await page.keyboard.press('Enter')
    expect((await names()).length).toBe(8)
    await page.keyboard.press('Enter')
    // A layer in a closed block is found, and its block opens when it is shown from elsewhere.
    await page.getByRole('searchbox', { name: 'Search layers' }).fill('conv2')
    expect(await names()).toEqual(['layer1.0.conv2', 'layer1.1.conv2'])
    await options.first().click()
    await page.getByRole('searchbox', { name: 'Search layers' }).press('Escape')
    expect(await names()).toContain('layer1.0.conv2')
    expect(await page.evaluate(() => window.urpatch!.state().layer)).toBe('layer1.0.conv2')
  })

  it('may have its weights in a file beside it, also in a zip', async () => {
    const { page } = person
    const files = ['model.onnx', 'model.onnx.data'].map((name) => `${fixtures}onnx/split/${name}`)
    await toFirstMosaic(page, files)
    const zip = await zipOf(
      Object.fromEntries(
        files.map((file) => [`net/${path.basename(file)}`, new Uint8Array(readFileSync(file))]),
      ),
    )
    const zipped = path.join(folder, 'net.zip')
    writeFileSync(zipped, new Uint8Array(await zip.arrayBuffer()))
    await toFirstMosaic(page, zipped)
  })

  it('opens by a project’s link', async () => {
    const { page } = person
    const project = { model: 'net.onnx', images: 'images/index.tsv', autorun: true }
    const contents: Readonly<Record<string, () => Buffer>> = {
      'net.onnx': () => Buffer.from(network),
      'net.urpatch-project.json': () => Buffer.from(JSON.stringify(project)),
    }
    await page.route('**/week-4/**', (route) => {
      const name = new URL(route.request().url()).pathname.split('/week-4/')[1]!
      const file = `${fixtures}${name}`
      if (contents[name]) return route.fulfill({ body: contents[name]() })
      return existsSync(file) ? route.fulfill({ path: file }) : route.fulfill({ status: 404 })
    })
    await page.goto(`${inject('url')}?project=week-4/net.urpatch-project.json`)
    await page.getByRole('row', { name: 'Channel 0', exact: true }).locator('canvas').waitFor()
    await scanEnds(page)
  })

  it('is scanned by the command line', () => {
    const out = path.join(folder, 'out.urpatch.json')
    const root = new URL('../../', import.meta.url).pathname
    const sources = ['--model', path.join(folder, 'net.onnx'), '--images', `${fixtures}images`]
    const { status, stderr } = spawnSync(
      'node',
      ['src/cli/scan.mjs', ...sources, '--layers', 'layer1.0.conv2', '--set', 'preset=timm', '--out', out],
      { cwd: root, encoding: 'utf8' },
    )
    expect(status, stderr).toBe(0)
    const { layers, preprocessing } = JSON.parse(readFileSync(out, 'utf8')) as ResultsFile
    expect(layers.map(({ name }) => name)).toEqual(['layer1.0.conv2'])
    expect(preprocessing).toMatchObject({ resize: 'pillow-bicubic', fit: 'resize-crop' })
  })

  const models = `${kit}onnx/models/`
  it
    .skipIf(!existsSync(models))
    .each([
      ['torchvision/resnet18-ts17.onnx'],
      ['torchvision/resnet18-dy.onnx'],
      ['trained/residual.onnx'],
      ['trained/residual-dynamo.onnx', 'trained/residual-dynamo.onnx.data'],
    ])('of the kit: %s', async (...files) => {
    await toFirstMosaic(
      person.page,
      files.map((file) => models + file),
    )
  })
})

describe('a file of PyTorch', () => {
  const person = usePerson()

  it('is named, and the notice leads to the help', async () => {
    const { page } = person
    await page.goto(inject('url'))
    await page.getByLabel('Model file').setInputFiles(`${fixtures}torch/script.pt`)
    await page.getByText(/script\.pt cannot be opened: it is a TorchScript model/).waitFor()
    await page.getByRole('button', { name: 'Show how' }).click()
    const help = page.getByRole('dialog', { name: 'From PyTorch in three lines' })
    await help.getByRole('region', { name: 'timm' }).getByText('timm.create_model').waitFor()
    await page.keyboard.press('Escape')
    await help.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'From PyTorch in three lines' }).click()
    await help.waitFor()
  })
})
