/**
 * Models are opened in the worker, because h5wasm only reads files there. What every layer computes shows in a scan of
 * one drawn picture, whose bytes are the golden input.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { notebookPreprocessing } from '../../../src/core/preprocessing/preprocessing.ts'
import type { BenchEngine } from '../../../src/engine/bench/benchEngine.ts'
import { spawnEngine, type WorkerHandle } from '../../../src/state/workers/workers.ts'
import golden from '../../fixtures/golden.json'
import { type FixtureName, fixtureFile, fixtureModel } from '../fixtureFiles.ts'
import { goldenPicture } from '../goldenInput.ts'
import { type LimitedEngine, spawnLimited, variants } from '../limitedEngine.ts'

/** Two correct float32 engines differ by about 1e-5 of a channel's largest value. */
const tolerance = 1e-4

const models = Object.entries(golden) as [
  keyof typeof golden & FixtureName,
  (typeof golden)['sequential.h5'],
][]

describe.each(variants)('on %s', (_, { backend, simd, isReference }) => {
  let engine: LimitedEngine
  beforeAll(async () => {
    engine = spawnLimited(simd)
    expect(await engine.remote.start(backend)).toMatchObject({ isReference })
  })
  afterAll(() => engine.terminate())

  it.each(models)('every layer of %s computes what Keras computes', async (file, expected) => {
    const { remote } = engine
    const { network, parameters } = await remote.openModel(await fixtureModel(file), { inputSize: null })
    expect(parameters.reduce((sum, count) => sum + count, 0)).toBe(expected.params)

    const layers = expected.layers.map(({ name }) => network.layers.findIndex((layer) => layer.name === name))
    await remote.beginScan({ layers, preprocessing: notebookPreprocessing, maxPassSize: 2 })
    const tensors = await remote.tensorCount()
    const handle = await goldenPicture(network.inputShape)
    const { summaries } = await remote.scanBatch([{ image: 0, handle }])
    expect(await remote.tensorCount()).toBe(tensors)

    for (const [i, layer] of expected.layers.entries()) {
      expect(network.layers[layers[i]!]).toMatchObject({ className: layer.class, shape: layer.shape })
      expect(parameters[layers[i]!], `parameters of ${layer.name}`).toBe(layer.params)
      const { channels, max, position } = summaries[i]!
      const scale = Math.max(...layer.max.map(Math.abs))
      expect(channels).toBe(layer.max.length)
      for (let channel = 0; channel < channels; channel++) {
        const difference = Math.abs(max[channel]! - layer.max[channel]!) / scale
        expect(difference, `${layer.name} channel ${channel}`).toBeLessThan(tolerance)
        expect(position[channel], `${layer.name} channel ${channel}`).toBe(layer.argmax[channel])
      }
    }
  })
})

describe('opening', () => {
  let engine: WorkerHandle<BenchEngine>
  beforeEach(() => {
    engine = spawnEngine()
  })
  afterEach(() => engine.terminate())

  it('names an unsupported layer, blocks those behind it and keeps those before it', async () => {
    await engine.remote.start('wasm')
    const { network } = await engine.remote.openModel(await fixtureModel('unsupported.h5'), {
      inputSize: null,
    })
    const problems = Object.fromEntries(
      network.layers.map((layer) => [layer.name, layer.op === null && layer.problem]),
    )
    expect(problems).toMatchObject({
      conv_a: false,
      swirl: 'layer "swirl" is of type lab>Swirl, which Urpatch does not support',
      conv_b: 'comes after layer "swirl" is of type lab>Swirl, which Urpatch does not support',
    })
  })

  const refused: readonly [string, () => Promise<File>, RegExp][] = [
    ['an empty file', async () => new File([], 'empty.h5'), /^empty\.h5 is empty \(0 bytes\)/],
    ['a picture', () => fixtureFile('red/00.png'), /^00\.png cannot be opened: it is a PNG picture/],
    ['Keras 3 weights', () => fixtureFile('weights-only.weights.h5'), /holds weights without the network/],
    ['Keras 2 weights', () => fixtureFile('keras2-weights.h5'), /holds weights without the network/],
    [
      'a file cut in the middle',
      async () => new File([(await fixtureFile('sequential.h5')).slice(0, 30_000)], 'cut.h5'),
      /^cut\.h5 is cut off: it should hold [\d,]+ bytes and has 30,000/,
    ],
    [
      'a file cut in its header',
      async () => new File([(await fixtureFile('sequential.h5')).slice(0, 20)], 'cut.h5'),
      /^cut\.h5 is damaged and cannot be read \(it ends within its header\)/,
    ],
    [
      'a text-mode transfer',
      async () => new File([new Uint8Array([0x89, 0x48, 0x44, 0x46, 0x0d, 0x0d, 0x0a, 0x1a])], 'm.h5'),
      /^m\.h5 is damaged and cannot be read \(a transfer in text mode has changed its bytes\)/,
    ],
  ]
  it.each(refused)('refuses %s with one sentence', async (_, file, sentence) => {
    await engine.remote.start('wasm')
    const tensors = await engine.remote.tensorCount()
    const dropped = await file()
    const opening = engine.remote.openModel([{ path: dropped.name, file: dropped }], { inputSize: null })
    await expect(opening).rejects.toThrow(sentence)
    expect(await engine.remote.tensorCount()).toBe(tensors)
  })
})
