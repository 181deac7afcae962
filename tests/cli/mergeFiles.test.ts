/** `npm run merge`, but for its start. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { everything } from '../../src/core/images/selection.ts'
import { merge, readMergeOptions } from '../../src/cli/mergeFiles.ts'
import { checkResumed } from '../../src/cli/snapshotFiles.ts'
import type { ScanOptions } from '../../src/cli/scanOptions.ts'
import { resultsOfParts, scannedParts, snapshotBytes } from '../fixtures/snapshots.ts'

let folder: string
const at = (...parts: string[]): string => path.join(folder, ...parts)
const whole = scannedParts()

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'urpatch-merge-'))
  for (const part of [1, 2, 3] as const) {
    const selection = { ...everything, shard: [part, 3] as const }
    writeFileSync(at(`${part}.urpatch`), snapshotBytes(scannedParts({ selection })))
  }
  writeFileSync(at('cut.urpatch'), snapshotBytes().subarray(0, 900))
  mkdirSync(at('folder'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const parts = (): string[] => ['3', '1', '2'].map((part) => at(`${part}.urpatch`))

async function merged(...args: string[]): Promise<string[]> {
  const told: string[] = []
  const others = (snapshot: string, outs: readonly string[]): Promise<void> => {
    for (const out of outs) writeFileSync(out, readFileSync(snapshot))
    return Promise.resolve()
  }
  await merge(readMergeOptions(args), (line) => told.push(line), others)
  return told
}

describe('npm run merge', () => {
  it('writes what one pass gives, as a snapshot and as results', async () => {
    const [snapshot, json] = [at('new', 'all.urpatch'), at('new', 'all.urpatch.json')]
    const told = await merged(...parts(), '--out', snapshot, '--out', json)
    expect(told.slice(-3)).toEqual(['2 of 2 layers', `Saved ${snapshot}`, `Saved ${json}`])
    expect(readFileSync(snapshot).equals(Buffer.from(snapshotBytes(whole)))).toBe(true)
    expect(readFileSync(json, 'utf8')).toBe(resultsOfParts(whole))
    expect(readdirSync(at('new'))).toEqual(['all.urpatch', 'all.urpatch.json'])
  })

  it('writes results alone, and leaves nothing else behind', async () => {
    await merged(...parts(), '--out', at('alone', 'all.json'))
    expect(readFileSync(at('alone', 'all.json'), 'utf8')).toBe(resultsOfParts(whole))
    expect(readdirSync(at('alone'))).toEqual(['all.json'])
  })

  it('hands the merged snapshot to what writes other kinds of files', async () => {
    await merged(...parts(), '--out', at('other', 'all.npz'), '--out', at('other', 'all.patches.parquet'))
    for (const name of ['all.npz', 'all.patches.parquet'])
      expect(readFileSync(at('other', name)).equals(Buffer.from(snapshotBytes(whole)))).toBe(true)
    expect(readdirSync(at('other'))).toEqual(['all.npz', 'all.patches.parquet'])
  })

  it('writes nothing if a part is missing, but if that is asked for', async () => {
    const [, ...two] = parts()
    const out = at('two.urpatch')
    await expect(merged(...two, '--out', out)).rejects.toThrow(/two\.urpatch would lack 43 of the 131 chosen/)
    expect(existsSync(out)).toBe(false)
    expect(await merged(...two, '--partial', '--out', out)).toContain(
      '43 of the chosen images are in none of the snapshots.',
    )
  })

  it('writes nothing if a part is damaged, and keeps what was there', async () => {
    const out = at('kept.urpatch')
    writeFileSync(out, 'before')
    await expect(merged(at('1.urpatch'), at('cut.urpatch'), '--out', out)).rejects.toThrow(
      /cut\.urpatch is cut off after 900 bytes\./,
    )
    // The damage is within a layer, which is read when others are written already.
    const bytes = snapshotBytes(scannedParts({ selection: { ...everything, shard: [2, 3] } }))
    bytes.fill(0xff, bytes.length / 2, bytes.length / 2 + 2000)
    writeFileSync(at('damaged.urpatch'), bytes)
    await expect(
      merged(at('1.urpatch'), at('3.urpatch'), at('damaged.urpatch'), '--out', out),
    ).rejects.toThrow(/damaged\.urpatch is no whole snapshot: /)
    expect(readFileSync(out, 'utf8')).toBe('before')
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([])
  })

  it.each([
    [[], /^At least one snapshot and --out are needed\./],
    [['@1.urpatch'], /^At least one snapshot and --out are needed\./],
    [['@none.urpatch', '--out', '@x.urpatch'], /^There is no snapshot .*none\.urpatch\.$/],
    [['@folder', '--out', '@x.urpatch'], /folder is a folder\. Give the snapshots in it\.$/],
    [['@1.urpatch', '--out', '@1.urpatch'], /^--out .*1\.urpatch is one of the snapshots to be merged\./],
    [['@1.urpatch', '--out', '@folder'], /^--out is the results file, and .*folder is a folder\./],
    [
      ['@1.urpatch', '--out', '@x.pdf'],
      /^npm run merge writes no Figure \(PDF\) .*, which needs the images: /,
    ],
    [['@1.urpatch', '--out', '@x.urpatch', '--all'], /Unknown option '--all'/],
  ])('refuses %j before it opens anything', (args, sentence) => {
    expect(() => readMergeOptions(args.map((arg) => arg.replace('@', `${folder}/`)))).toThrow(sentence)
  })
})

describe('a scan that is to go on', () => {
  const settings = { ...whole.facts.preprocessing, mean: '0.5' }
  const options = {
    resumed: '',
    layers: 'all',
    configuration: { settings, k: 5, classes: null, splits: null, sample: 'all', shard: '1/3' },
  } as unknown as ScanOptions
  const changed = (change: Partial<ScanOptions['configuration']>, layers: ScanOptions['layers'] = 'all') => ({
    ...options,
    resumed: at('1.urpatch'),
    layers,
    configuration: { ...options.configuration, ...change },
  })

  it('goes on from a snapshot with the same options', async () => {
    await checkResumed({ ...options, resumed: null })
    await checkResumed(changed({}))
    await checkResumed(changed({}, ['global', 'conv', 'later']))
  })

  it.each([
    [{ k: 9 }, 'all', 'k=5 and not 9'],
    [{ settings: { fit: 'crop' } }, 'all', 'another preprocessing'],
    [{ shard: '2/3' }, 'all', 'another choice of images'],
    [{ shard: null }, 'all', 'another choice of images'],
    [{ sample: '5' }, 'all', 'another choice of images'],
    [{ classes: ['cat'] }, 'all', 'another choice of images'],
    [{}, ['conv'], 'other layers (conv, global)'],
  ] as const)('does not go on with %j, layers %j', async (change, layers, what) => {
    await expect(checkResumed(changed(change, layers))).rejects.toThrow(`which was made with ${what}`)
  })
})
