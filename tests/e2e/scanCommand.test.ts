/** `npm run scan` is the same app without a window. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ResultsFile } from '../../src/core/results/resultsFile.ts'
import { floats, node, onnxBytes } from '../fixtures/onnxWriter.ts'
import { fixtures } from './person.ts'

const root = new URL('../../', import.meta.url).pathname
let folder: string
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'urpatch-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

function scan(...args: string[]): { status: number | null; stderr: string } {
  return spawnSync('node', ['src/cli/scan.mjs', ...args], { cwd: root, encoding: 'utf8' })
}

const sources = ['--model', `${fixtures}sequential.h5`, '--images', `${fixtures}images`]

describe('npm run scan', () => {
  it('prints what the page warns of, and saves the results all the same', () => {
    // All channels are dead, which looks as if the preprocessing were wrong.
    const model = path.join(folder, 'dead.onnx')
    const w = floats([2, 3, 3, 3], ...Array<number>(54).fill(-1))
    const nodes = [node('Conv', ['image', 'w'], 'conv'), node('Relu', ['conv'], 'relu')]
    writeFileSync(
      model,
      onnxBytes({ nodes, constants: { w }, inputs: { image: [1, 3, 24, 24] }, outputs: ['relu'] }),
    )
    const out = path.join(folder, 'dead.urpatch.json')
    const images = ['--images', `${fixtures}images`, '--sample', '4']
    const { status, stderr } = scan('--model', model, ...images, '--layers', 'relu', '--out', out)
    expect(stderr).toMatch(/\bdead\b/)
    expect(status, stderr).toBe(0)
    expect((JSON.parse(readFileSync(out, 'utf8')) as ResultsFile).layers).toHaveLength(1)
  })

  it('says which layers made NaN, and saves what is left', () => {
    const model = path.join(folder, 'nan.onnx')
    // The first channel is below 0 wherever the picture is not black, and has no logarithm there; the second one has.
    const w = floats([2, 3, 1, 1], -1, -1, -1, 1, 1, 1)
    const b = floats([2], 0, 1)
    const nodes = [node('Conv', ['image', 'w', 'b'], 'conv'), node('Log', ['conv'], 'log')]
    writeFileSync(
      model,
      onnxBytes({ nodes, constants: { w, b }, inputs: { image: [1, 3, 24, 24] }, outputs: ['log'] }),
    )
    const out = path.join(folder, 'nan.urpatch.json')
    const images = ['--images', `${fixtures}images`, '--sample', '4']
    const { status, stderr } = scan('--model', model, ...images, '--layers', 'log', '--out', out)
    expect(stderr).toContain('NaN came out of log.')
    expect(status, stderr).toBe(0)
    const { layers } = JSON.parse(readFileSync(out, 'utf8')) as ResultsFile
    expect(layers[0]!.channels.map(({ top }) => top.length > 0)).toEqual([false, true])
  })

  it('writes the results of all layers, and the same ones on WebGL', () => {
    const files = ['wasm', 'webgl'].map((backend) => {
      const out = path.join(folder, `${backend}.urpatch.json`)
      const { status, stderr } = scan(
        ...sources,
        '--layers',
        'all',
        '--k',
        '9',
        '--backend',
        backend,
        '--out',
        out,
      )
      expect(stderr).toContain('The index names 1 files that are not there: green/missing.png')
      expect(stderr).toContain(`Saved ${out}`)
      expect(status).toBe(0)
      return JSON.parse(readFileSync(out, 'utf8')) as ResultsFile
    })
    const [wasm, webgl] = files as [ResultsFile, ResultsFile]
    expect(wasm).toMatchObject({
      format: 'urpatch-results',
      k: 9,
      preprocessing: { scale: '0..1', resize: 'bilinear' },
    })
    expect(wasm.layers.map(({ name }) => name)).toContain('conv_rect')
    expect(wasm.layers.map(({ name }) => name)).not.toContain('flatten')
    expect(webgl.images).toEqual(wasm.images)
    for (const [i, layer] of wasm.layers.entries())
      for (const [c, { top }] of layer.channels.entries()) {
        const other = webgl.layers[i]!.channels[c]!.top
        expect(other).toHaveLength(top.length)
        for (const [rank, { activation }] of top.entries())
          expect(other[rank]!.activation).toBeCloseTo(activation, 4)
      }
  })

  it('takes an index from anywhere, its order and its choice of images', () => {
    const index = path.join(folder, 'short.csv')
    writeFileSync(index, 'file,label\nred/00.png,r\nblue/01.png,b\n')
    const out = path.join(folder, 'short.urpatch.json')
    const figure = path.join(folder, 'short.svg')
    const { status } = scan(
      ...sources,
      '--index',
      index,
      '--layers',
      'dense',
      '--channels',
      '4,0',
      '--set',
      'scale=-1..1',
      '--out',
      out,
      '--out',
      figure,
    )
    expect(status).toBe(0)
    expect(readFileSync(figure, 'utf8').match(/Channel \d+/g)).toEqual(['Channel 4', 'Channel 0'])
    const results = JSON.parse(readFileSync(out, 'utf8')) as ResultsFile
    expect(results).toMatchObject({ images: { count: 2, scanned: 2 }, preprocessing: { scale: '-1..1' } })
    expect(results.layers).toHaveLength(1)
    // This layer has no map: its one unit per channel sees the whole input.
    expect(results.layers[0]).toMatchObject({ name: 'dense', shape: [10] })
    for (const { top } of results.layers[0]!.channels)
      for (const { unit, box } of top) expect({ unit, box }).toEqual({ unit: [0, 0], box: [0, 0, 24, 22] })
  })

  it('takes classes and a sample, and does the same again like the results it made', () => {
    const [first, second] = ['first', 'second'].map((name) => path.join(folder, `${name}.urpatch.json`))
    const asked =
      '--class red,green --sample random:7:3 --set preset=caffe --set fit=crop --k 4 --layers conv_same_s2,dense'
    const notes = path.join(folder, 'anna.urpatch-notes.json')
    const named = { layer: 'dense', channel: 1, name: 'red things' }
    writeFileSync(
      notes,
      JSON.stringify({ format: 'urpatch-notes', version: 1, author: 'Anna', channels: [named] }),
    )
    const { status, stderr } = scan(...sources, ...asked.split(' '), '--notes', notes, '--out', first!)
    expect(status, stderr).toBe(0)
    expect(stderr).toContain('1 note has come in from anna.urpatch-notes.json, by Anna.')
    expect(stderr).toContain('7 images, ')
    const results = JSON.parse(readFileSync(first!, 'utf8')) as ResultsFile
    expect(results).toMatchObject({
      images: { selection: { classes: ['red', 'green'] } },
      preprocessing: { channels: 'bgr', scale: '0..255', mean: [103.939, 116.779, 123.68], fit: 'crop' },
      k: 4,
      notes: { author: '', channels: [{ ...named, author: 'Anna' }] },
    })
    for (const layer of results.layers) expect(layer.sample).toEqual({ random: 7, seed: 3 })
    const seen = results.layers.flatMap(({ channels }) => channels.flatMap(({ top }) => top))
    expect(new Set(seen.map(({ image }) => image.split('/')[0]))).toEqual(new Set(['red', 'green']))

    expect(scan(...sources, '--like', first!, '--notes', notes, '--out', second!).status).toBe(0)
    expect(readFileSync(second!, 'utf8')).toBe(readFileSync(first!, 'utf8'))
  })

  it.each([
    [
      'a layer that is not there',
      ['--layers', 'conv_9'],
      'The model has no layer "conv_9" that can be scanned.',
    ],
    [
      'a setting that does not exist',
      ['--set', 'scale=2'],
      'The setting scale=2 does not exist. Allowed: 0..1, -1..1, 0..255.',
    ],
    ['an index that is not there', ['--index', 'no.tsv'], 'There is no index file no.tsv'],
    [
      'a class that is not there',
      ['--class', 'wolf'],
      'These images have no class "wolf". They have: blue, green, red.',
    ],
    ['a sample that is none', ['--sample', 'few'], 'The setting sample=few does not exist.'],
    [
      'results that are none',
      ['--like', `${fixtures}golden.json`],
      'golden.json is no results file of Urpatch.',
    ],
    ['an index that is a folder', ['--index', fixtures], '--index is a file, and'],
    ['a folder as results file', ['--out', fixtures], '--out is the results file, and'],
    [
      'a place where nothing can be written',
      ['--out', '/proc/nope/a.json'],
      '/proc/nope/a.json cannot be written',
    ],
  ])('refuses %s with one sentence and an exit code', (_, args, sentence) => {
    const out = path.join(folder, 'refused.json')
    const { status, stderr } = scan(...sources, '--out', out, ...args)
    expect(status).toBe(1)
    expect(stderr).toContain(sentence)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
    expect(stderr).not.toContain('\u001B')
    expect(stderr).not.toContain('    at ')
    expect(existsSync(out)).toBe(false)
  })

  it('refuses settings and samples before it opens the model, and layers before it opens the images', () => {
    const out = path.join(folder, 'refused.json')
    const broken = ['--model', `${fixtures}golden.json`, '--images', `${fixtures}golden.json`, '--out', out]
    for (const [wrong, sentence] of [
      [['--set', 'scale=2'], 'The setting scale=2 does not exist.'],
      [['--sample', 'few'], 'The setting sample=few does not exist.'],
    ] as const)
      expect(scan(...broken, ...wrong).stderr).toContain(sentence)
    // There is no image in this folder, which would be reported if the options were right.
    const noImages = [
      '--model',
      `${fixtures}sequential.h5`,
      '--images',
      `${fixtures}golden.json`,
      '--out',
      out,
    ]
    for (const [wrong, sentence] of [
      [['--layers', 'conv_9'], 'The model has no layer "conv_9" that can be scanned. It has: '],
      [['--set', 'mean=1,2,3,4'], 'The setting mean has 4 numbers'],
    ] as const)
      expect(scan(...noImages, ...wrong).stderr).toContain(sentence)
  })

  it('refuses a model that is none', () => {
    const out = path.join(folder, 'refused.json')
    const { status, stderr } = scan(
      '--model',
      `${fixtures}golden.json`,
      '--images',
      `${fixtures}images`,
      '--out',
      out,
    )
    expect(status).toBe(1)
    expect(stderr).toContain('golden.json cannot be opened: it is JSON text without a network.')
  })

  it.each(['tfjs-float32', 'tfjs-float32/model.json', 'nested-mac.zip'])(
    'takes a folder, a model.json with its shards and a zip: %s',
    (model) => {
      const out = path.join(folder, 'model.json')
      const { status, stderr } = scan(
        '--model',
        `${fixtures}formats/${model}`,
        '--images',
        `${fixtures}images`,
        '--layers',
        'backbone/block/mix',
        '--out',
        out,
      )
      expect(status, stderr).toBe(0)
      const { layers } = JSON.parse(readFileSync(out, 'utf8')) as { layers: { shape: number[] }[] }
      expect(layers.map(({ shape }) => shape)).toEqual([[10, 8, 4]])
    },
  )

  it('refuses an input size where the model has its own', () => {
    const { status, stderr } = scan(
      '--model',
      `${fixtures}sequential.h5`,
      '--images',
      `${fixtures}images`,
      '--input-size',
      '64x48',
      '--out',
      path.join(folder, 'size.json'),
    )
    expect(status).toBe(1)
    expect(stderr).toContain('sequential.h5 takes images of 24×22 only')
  })
})
