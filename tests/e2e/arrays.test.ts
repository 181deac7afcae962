/** What is saved for NumPy and pandas, from the page and by the command line. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import Papa from 'papaparse'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import type { ResultsFile } from '../../src/core/results/resultsFile.ts'
import { type ReadArray, readNpz } from '../fixtures/npz.ts'
import { fixtures, openFiles, scanEnds, usePerson } from './person.ts'

const root = new URL('../../', import.meta.url).pathname

/** The patches of the arrays are those of the results file. */
function expectPatches(arrays: ReadonlyMap<string, ReadArray>, { layers, k }: ResultsFile): void {
  const paths = arrays.get('paths')!.values
  expect(layers.length).toBeGreaterThan(0)
  for (const { name, channels } of layers) {
    const of = (key: string) => arrays.get(`${name}/${key}`)!
    expect(of('bb').shape).toEqual([k, channels.length])
    const patches = channels.map((_, channel) =>
      Array.from({ length: k }, (_rank, rank) => rank * channels.length + channel)
        .filter((at) => of('bb').values[at] !== -1)
        .map((at) => ({
          image: paths[of('bb').values[at] as number],
          activation: of('activation').values[at],
          unit: [of('ii').values[at], of('jj').values[at]],
          box: of('box').values.slice(4 * at, 4 * at + 4),
        })),
    )
    expect(patches).toEqual(
      channels.map(({ top }) =>
        top.map(({ image, activation, unit, box }) => ({
          image,
          activation: Math.fround(activation),
          unit,
          box,
        })),
      ),
    )
    expect(of('mean').values).toEqual(channels.map(({ statistics }) => statistics.mean))
  }
}

describe('numbers for Python', () => {
  const person = usePerson()
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'urpatch-arrays-'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  it('are saved by the menu', async () => {
    const { page } = person
    await page.goto(inject('url'))
    await openFiles(page, `${fixtures}sequential.h5`, `${fixtures}images`)
    await page.getByRole('option', { name: 'conv_valid' }).click()
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    await scanEnds(page)
    const saved = async (item: string): Promise<{ name: string; bytes: Buffer }> => {
      await page.getByRole('button', { name: 'Export' }).click()
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('menuitem', { name: item, exact: true }).click(),
      ])
      return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) }
    }
    const results = JSON.parse((await saved('Results (JSON)')).bytes.toString()) as ResultsFile
    const npz = await saved('Arrays (NPZ)')
    expect(npz.name).toBe('sequential.npz')
    expectPatches(readNpz(npz.bytes), results)
    const csv = await saved('Patches (CSV)')
    expect(csv.name).toBe('sequential.patches.csv')
    const { data } = Papa.parse<Record<string, string>>(csv.bytes.toString(), {
      header: true,
      skipEmptyLines: true,
    })
    expect(data.map(({ image, channel, rank }) => [image, Number(channel), Number(rank)])).toEqual(
      results.layers[0]!.channels.flatMap(({ channel, top }) =>
        top.map(({ image }, rank) => [image, channel, rank]),
      ),
    )
  })

  it('are written by the command line, by the endings of names', () => {
    const outs = ['a.npz', 'a.csv', 'a.patches.csv', 'a.urpatch.json'].map((name) => path.join(folder, name))
    const { status, stderr } = spawnSync(
      'node',
      [
        'src/cli/scan.mjs',
        '--model',
        `${fixtures}sequential.h5`,
        '--images',
        `${fixtures}images`,
        '--layers',
        'all',
        '--k',
        '9',
        ...outs.flatMap((out) => ['--out', out]),
      ],
      { cwd: root, encoding: 'utf8' },
    )
    expect(status, stderr).toBe(0)
    const [npz, csv, patches, json] = outs.map((out) => readFileSync(out)) as [Buffer, Buffer, Buffer, Buffer]
    const results = JSON.parse(json.toString()) as ResultsFile
    expectPatches(readNpz(npz), results)
    const channels = results.layers.flatMap((layer) => layer.channels)
    const lines = (file: Buffer): string[] => file.toString().trimEnd().split('\r\n')
    expect(lines(csv)).toHaveLength(1 + channels.length)
    expect(lines(csv)[0]).toMatch(/^layer,channel,name,max,/)
    expect(lines(patches)).toHaveLength(1 + channels.reduce((sum, { top }) => sum + top.length, 0))
    expect(lines(patches)[0]).toMatch(/^layer,channel,name,rank,image,class,activation,/)
  })
})
