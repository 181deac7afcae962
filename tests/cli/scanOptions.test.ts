/** Wrong options of `npm run scan` are reported before anything is opened. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { backendChoices } from '../../src/core/backendNames.ts'
import { maxK } from '../../src/core/scan/topK.ts'
import { exporters } from '../../src/state/exports/index.ts'
import { readOptions } from '../../src/cli/scanOptions.ts'

let folder: string
const at = (...parts: string[]): string => path.join(folder, ...parts)

const results = {
  format: 'urpatch-results',
  version: 1,
  model: { name: 'm', sha256: '', inputShape: [24, 22, 3] },
  images: { name: 'photos', count: 1, scanned: 1, fingerprint: '', skipped: [] },
  preprocessing: { resize: 'nearest' },
  k: 9,
  layers: [{ name: 'conv', shape: [3, 3, 1], channels: [] }],
}

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'urpatch-options-'))
  mkdirSync(at('photos', 'labels'), { recursive: true })
  mkdirSync(at('existing'))
  mkdirSync(at('empty'))
  writeFileSync(at('photos', '1.png'), '')
  writeFileSync(at('photos', 'index.tsv'), 'cat\t1.png\n')
  writeFileSync(at('photos.zip'), '')
  writeFileSync(at('model.h5'), '')
  writeFileSync(at('like.json'), JSON.stringify(results))
})
afterAll(() => rmSync(folder, { recursive: true }))

function read(...more: string[]): ReturnType<typeof readOptions> {
  const given = { '--model': at('model.h5'), '--images': at('photos'), '--out': at('out.json') }
  const defaults = Object.entries(given).filter(([option]) => !more.includes(option))
  return readOptions([...defaults.flat(), ...more])
}

/** Runs the command with paths inside the test's folder. */
function readHere(options: readonly string[]): ReturnType<typeof readOptions> {
  return read(...options.map((option) => option.replaceAll('@', `${folder}/`)))
}

describe('the file for the results', () => {
  it('may be a new one, also in folders that are made for it, and nothing is left in its place', () => {
    expect(read('--out', at('new', 'deep', 'out.json')).outs).toEqual([at('new', 'deep', 'out.json')])
    expect(existsSync(at('new', 'deep', 'out.json'))).toBe(false)
    expect(existsSync(at('new', 'deep'))).toBe(true)
  })

  it('may be one that is there, which stays as it is until there are results', () => {
    expect(read('--out', at('like.json'), '--like', at('like.json')).configuration.k).toBe(9)
  })

  it.each([
    [
      ['--out', '@existing'],
      /^--out is the results file, and .*existing is a folder\. Give a name in it: .*existing\/results\.urpatch\.json$/,
    ],
    [['--out', '@nowhere/'], /^--out is the results file, and .*nowhere\/ is a folder\./],
    [
      ['--out', '@model.h5/x.json'],
      /^--out .*model\.h5\/x\.json cannot be written \(E(NOTDIR|EXIST): [^,]*\)\.$/,
    ],
    [
      ['--out', '/proc/nope/a.json'],
      /^--out \/proc\/nope\/a\.json cannot be written \(ENOENT: no such file or directory\)\.$/,
    ],
    [['--out', '/proc/a.json'], /^--out \/proc\/a\.json cannot be written \(/],
  ])('is refused as %j', (options, sentence) => {
    expect(() => readHere(options)).toThrow(sentence)
  })
})

describe('several files for the results', () => {
  it('are written one after the other, each once', () => {
    const outs = ['a.urpatch.json', 'b.json', 'a.urpatch.json'].map((name) => at(name))
    expect(read(...outs.flatMap((out) => ['--out', out])).outs).toEqual(outs.slice(0, 2))
  })

  it('are all looked at beforehand', () => {
    expect(() => read('--out', at('a.json'), '--out', at('existing'))).toThrow(/existing is a folder/)
  })
})

describe('a part of the images', () => {
  it('is, for a figure, of some channels', () => {
    expect(read('--out', at('a.pdf'), '--channels', '3, 16').channels).toEqual([3, 16])
    expect(read().channels).toBeNull()
  })

  it('is given as a shard', () => {
    expect(read('--shard', '3/20').configuration.shard).toBe('3/20')
    expect(read().configuration.shard).toBeNull()
  })

  it('goes on with its snapshot, if that is there', () => {
    const out = at('part.urpatch')
    expect(read('--out', out, '--resume')).toMatchObject({ snapshot: out, resumed: null })
    writeFileSync(out, '')
    expect(read('--out', at('a.json'), '--out', out, '--resume')).toMatchObject({
      snapshot: out,
      resumed: out,
      saveEvery: 60,
    })
    expect(read('--out', out)).toMatchObject({ snapshot: out, resumed: null })
  })
})

describe('an ONNX model', () => {
  it('brings the files beside it that may hold its weights', () => {
    const names = ['net.onnx', 'net.onnx.data', 'other.onnx', 'notes.txt', 'photo.png']
    mkdirSync(at('exported'))
    for (const name of names) writeFileSync(at('exported', name), '')
    const { modelFiles } = read('--model', at('exported', 'net.onnx'))
    expect(modelFiles).toEqual([at('exported', 'net.onnx'), at('exported', 'net.onnx.data')])
  })
})

describe('the help', () => {
  it('says what every name of a file stands for, and which backends and numbers of patches there are', () => {
    let help = ''
    try {
      readOptions([])
    } catch (error) {
      help = String(error)
    }
    const lines = help.split('\n').map((line) => line.trim().split(/ {2,}/))
    for (const { ending, label } of exporters.filter(({ isWhole }) => isWhole))
      expect(lines).toContainEqual([ending, label])
    expect(help).toContain(`[--backend ${backendChoices.join('|')}]`)
    expect(help).toContain(`up to ${maxK}`)
  })
})

describe('an option', () => {
  it.each([
    [['--images', '@empty'], /^The image folder .*empty is empty\.$/],
    [['--images', '@none'], /^There is no image folder or file .*none\.$/],
    [['--images', '@model.h5/x'], /^There is no image folder or file .*x\.$/],
    [['--model', '@none.h5'], /^There is no model file or folder .*none\.h5\.$/],
    [['--index', '@existing'], /^--index is a file, and .*existing is a folder\.$/],
    [['--index', 'labels'], /^--index is a file, and .*photos\/labels is a folder\.$/],
    [['--index', 'no.tsv'], /^There is no index file no\.tsv, neither as a path nor inside .*photos\.$/],
    [['--index', ''], /^There is no index file /],
    [['--layers', 'a,,b'], /^--layers is all, or names with commas between, not “a,,b”\.$/],
    [['--layers', ''], /^--layers is all, or names/],
    [['--class', 'cat,'], /^--class is a name, or names with commas between, not “cat,”\.$/],
    [['--split', ''], /^--split is a name/],
    [['--k', '0'], /^--k is a whole number from 1 to 255, not 0\.$/],
    [['--k', 'many'], /^--k is a whole number/],
    [['--backend', 'cuda'], /^--backend is auto, webgl, wasm, webgpu or tfjs-wasm, not cuda\.$/],
    [['--input-size', '0'], /^--input-size is 224 or 224x160 \(rows x columns, up to 4096\), not 0\.$/],
    [['--input-size', '224x9999'], /^--input-size is 224/],
    [['--input-size', 'big'], /^--input-size is 224/],
    [['--set', 'scale'], /^--set takes name=value, not scale\.$/],
    [['--like', '@none.json'], /^There is no results file .*none\.json\.$/],
    [['--like', '@existing'], /^--like is a results file, and .*existing is a folder\.$/],
    [['--like', '@photos/index.tsv'], /index\.tsv is not valid JSON \(/],
    [['--set', 'scale=2'], /^The setting scale=2 does not exist\. Allowed: 0\.\.1, -1\.\.1, 0\.\.255\.$/],
    [['--set', 'sclae=0..1'], /^The setting sclae=0\.\.1 does not exist\. Allowed: .*scale.*preset\.$/],
    [['--sample', 'few'], /^The setting sample=few does not exist\./],
    [['--shard', '0/2'], /^The setting shard=0\/2 does not exist\. Allowed: 1\/20, /],
    [['--channels', '3'], /^--channels is for figures, so one of --out has to end in \.svg or \.pdf\.$/],
    [['--out', '@a.svg', '--channels', '3,,4'], /^--channels are whole numbers from 0 on, .*“3,,4”\.$/],
    [['--out', '@a.svg', '--channels=-1'], /^--channels are whole numbers/],
    [['--shard', '3/2'], /^The setting shard=3\/2 does not exist\./],
    [['--resume'], /^--resume goes on with a snapshot, so one of --out has to end in \.urpatch\.$/],
    [['--save-every', '0'], /^--save-every is a number of seconds above 0, not 0\.$/],
    [['--save-every', 'often'], /^--save-every is a number of seconds above 0, not often\.$/],
    [['--workers', '0'], /^--workers is a whole number from 1 to 256, not 0\.$/],
    [['--workers', '2.5'], /^--workers is a whole number from 1 to 256, not 2\.5\.$/],
    [['--part', '1/2'], /Unknown option '--part'/],
  ])('is refused as %j', (options, sentence) => {
    expect(() => readHere(options)).toThrow(sentence)
    expect(existsSync(at('out.json'))).toBe(false)
  })

  it('that names an index inside an archive is looked at when that is open', () => {
    expect(read('--images', at('photos.zip'), '--index', 'in/it.tsv').index).toBe('in/it.tsv')
  })
})

describe('notes', () => {
  it('are a file that is there', () => {
    expect(read().notes).toBeNull()
    expect(read('--notes', at('like.json')).notes).toBe(at('like.json'))
    expect(() => read('--notes', at('no.json'))).toThrow(/^There is no notes file .*no\.json\.$/)
    expect(() => read('--notes', at('photos'))).toThrow(/^--notes is a notes file, and .* is a folder\.$/)
  })
})

describe('results that a scan is to be like', () => {
  it('give their settings', () => {
    expect(read('--like', at('like.json'))).toMatchObject({
      layers: ['conv'],
      likeSize: [24, 22],
      configuration: { settings: { resize: 'nearest' }, k: 9, classes: null, splits: null, sample: 'all' },
    })
  })

  it.each([
    [null, /wrong\.json is no results file of Urpatch\.$/],
    [[results], /wrong\.json is no results file of Urpatch\.$/],
    ['text', /wrong\.json is no results file of Urpatch\.$/],
    [
      { format: 'urpatch-results' },
      /wrong\.json is no whole results file of Urpatch: its model\.inputShape is missing or wrong\.$/,
    ],
    [{ ...results, version: 2 }, /wrong\.json is of version 2, and this Urpatch reads version 1\.$/],
    [{ ...results, model: { inputShape: ['a'] } }, /its model\.inputShape is missing or wrong/],
    [{ ...results, images: null }, /its images is missing or wrong/],
    [{ ...results, preprocessing: [] }, /its preprocessing is missing or wrong/],
    [{ ...results, k: undefined }, /its k is missing or wrong/],
    [{ ...results, layers: [] }, /its layers is missing or wrong/],
    [{ ...results, layers: [null] }, /its layers is missing or wrong/],
  ])('are refused as %j', (json, sentence) => {
    writeFileSync(at('wrong.json'), JSON.stringify(json))
    expect(() => read('--like', at('wrong.json'))).toThrow(sentence)
  })
})
