/** A snapshot is saved, opened alone, merged with others, and gone on from. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { checkWithAxe } from './axe.ts'
import { dropFiles, fixtures, openFiles, savedFile, scanEnds, usePerson } from './person.ts'

const root = new URL('../../', import.meta.url).pathname
let folder: string
const at = (name: string): string => path.join(folder, name)
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'urpatch-snapshots-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

function command(name: string, ...args: string[]): { status: number | null; stderr: string } {
  return spawnSync('node', [`src/cli/${name}.mjs`, ...args], { cwd: root, encoding: 'utf8' })
}

const sources = ['--model', `${fixtures}sequential.h5`, '--images', `${fixtures}images`]
const layers = ['--layers', 'conv_valid,dense']

describe('a snapshot', () => {
  const person = usePerson()

  it('of three parts is what one scan finds, merged by command and on the page, and scans go on from it', async () => {
    const parts = [1, 2, 3].map((part) => at(`${part}.urpatch`))
    for (const [i, out] of parts.entries()) {
      const { status, stderr } = command('scan', ...sources, ...layers, '--shard', `${i + 1}/3`, '--out', out)
      expect(status, stderr).toBe(0)
    }
    const endings = ['urpatch', 'urpatch.json', 'npz', 'csv', 'patches.csv', 'parquet', 'patches.parquet']
    const once = endings.map((ending) => at(`once.${ending}`))
    const outs = once.flatMap((out) => ['--out', out])
    expect(command('scan', ...sources, ...layers, ...outs).status).toBe(0)
    const all = endings.map((ending) => at(`all.${ending}`))
    const merged = command('merge', ...parts, ...all.flatMap((out) => ['--out', out]))
    expect(merged.status, merged.stderr).toBe(0)
    // A snapshot does not know the paths of images that it has not seen, as the one that cannot be read.
    for (const [i, out] of all.entries())
      expect(readFileSync(out).equals(readFileSync(once[i]!)), out).toBe(!out.endsWith('.npz'))
    expect(readFileSync(at('all.npz')).toString('latin1')).toContain('conv_valid/bb.npy')

    // A scan that has ended goes on, to the same bytes.
    const [first] = parts
    const before = readFileSync(first!)
    const again = command('scan', ...sources, ...layers, '--shard', '1/3', '--resume', '--out', first!)
    expect(again.status, again.stderr).toBe(0)
    expect(again.stderr).toContain(`Going on from ${first}, which has 8 images`)
    expect(readFileSync(first!).equals(before)).toBe(true)
    const other = command('scan', ...sources, ...layers, '--shard', '2/3', '--resume', '--out', first!)
    expect(other.status).toBe(1)
    expect(other.stderr).toMatch(/^The scan cannot go on from .* another choice of images/m)

    const functional = ['--model', `${fixtures}functional.h5`, '--images', `${fixtures}images`]
    const unlike = command('scan', ...functional, '--shard', '1/3', '--resume', '--out', first!)
    expect(unlike.status).toBe(1)
    expect(unlike.stderr).toMatch(/^functional\.h5 is not the model that 1\.urpatch was made with/m)
    expect(readFileSync(first!).equals(before)).toBe(true)

    const { page } = person
    await page.goto(inject('url'))
    await page.getByText('Nothing leaves your computer').waitFor()
    await dropFiles(page, parts)
    const banner = page.getByRole('region', { name: 'Results file' })
    await banner.getByText('3 snapshots.urpatch').waitFor()
    await banner.getByText('Open the images to see the mosaics.').waitFor()
    expect((await savedFile(page, 'Snapshot')).equals(readFileSync(once[0]!))).toBe(true)
    expect((await savedFile(page, 'Results (JSON)')).equals(readFileSync(once[1]!))).toBe(true)
    // What results files do not have.
    const channels = page.getByRole('grid', { name: 'Channels' })
    await channels.getByRole('row', { name: 'Channel 2', exact: true }).click()
    await page.getByRole('region', { name: 'Channel details' }).getByText('In this layer').waitFor()
    await checkWithAxe(page, 'a merged snapshot')
  })

  it('with its model and images goes on live', async () => {
    const { page } = person
    await page.goto(inject('url'))
    await openFiles(page, `${fixtures}sequential.h5`, `${fixtures}images`)
    await dropFiles(page, [at('2.urpatch')])
    await page.waitForFunction(() => window.urpatch!.state().results.size === 2)
    await page.getByRole('region', { name: 'Results file' }).waitFor({ state: 'hidden' })
    await page.evaluate(async () => {
      const { setSelection, run } = window.urpatch!.state()
      setSelection({ classes: null, splits: null, sample: 'all' })
      await run(['conv_valid', 'dense'])
    })
    await scanEnds(page)
    expect((await savedFile(page, 'Snapshot')).equals(readFileSync(at('once.urpatch')))).toBe(true)
  })

  it('that does not fit, or is none, says so in a sentence', async () => {
    const { page } = person
    await page.goto(inject('url'))
    writeFileSync(at('cut.urpatch'), readFileSync(at('1.urpatch')).subarray(0, 5000))
    await dropFiles(page, [at('cut.urpatch')])
    await page.getByText('cut.urpatch is cut off after 5,000 bytes.').waitFor()
    await dropFiles(page, [at('1.urpatch'), at('once.urpatch')])
    await page.getByText(/once\.urpatch and 1\.urpatch have seen the same images: 8, as /).waitFor()
    await dropFiles(page, [at('1.urpatch'), at('3.urpatch')])
    await page.getByText('2 snapshots.urpatch lacks 8 of the 23 chosen images.').waitFor()
  })
})
