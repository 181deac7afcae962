/**
 * One small network in every form in which people keep Keras models (tests/make/make_models.py), opened by the real
 * worker as it is dropped, and what files of other kinds are told.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { notebookPreprocessing } from '../../src/core/images/preprocessing.ts'
import type { Engine } from '../../src/engine/engine.ts'
import type { ModelFile } from '../../src/engine/model/formats/modelFiles.ts'
import { spawnEngine, type WorkerHandle } from '../../src/state/workers.ts'
import golden from '../fixtures/formats/golden.json'
import { formatFile, formatFiles } from './fixtureFiles.ts'
import { goldenPicture } from './goldenInput.ts'

let engine: WorkerHandle<Engine>
beforeAll(async () => {
  engine = spawnEngine()
  await engine.remote.start('wasm')
})
afterAll(() => engine.terminate())

function open(files: readonly ModelFile[]) {
  return engine.remote.openModel(files, { inputSize: null })
}

function made(path: string, content: string | Uint8Array<ArrayBuffer>): ModelFile {
  return { path, file: new File([content], path.split('/').at(-1)!) }
}

function bytes(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (c) => c.codePointAt(0)!)
}

/** The largest difference from what Keras computes, in units of a layer's largest value, over all layers. */
async function worstDifference(files: readonly ModelFile[], expected = golden.nested): Promise<number> {
  const { remote } = engine
  const { network, parameters } = await open(files)
  const layers = expected.map(({ name }) => network.layers.findIndex((layer) => layer.name === name))
  expect(layers).not.toContain(-1)
  expect(layers.map((layer) => parameters[layer])).toEqual(expected.map(({ params }) => params))
  await remote.beginScan({ layers, preprocessing: notebookPreprocessing, batchSize: 1 })
  const { summaries } = await remote.scanBatch([
    { image: 0, handle: await goldenPicture(network.inputShape) },
  ])
  const differences = summaries.flatMap((found, i) => {
    const { max } = expected[i]!
    const scale = Math.max(...max.map(Math.abs))
    expect(found.channels).toBe(max.length)
    return max.map((value, channel) => Math.abs(found.max[channel]! - value) / scale)
  })
  return Math.max(...differences)
}

describe('every layer computes what Keras computes, opened from', () => {
  it.each([
    ['an HDF5 file of Keras 3', ['nested.h5']],
    ['an archive', ['nested.keras']],
    ['an archive as macOS packs a folder, deflated, with a byte order mark', ['nested-mac.zip']],
    ['an archive with back-slashes in the names of groups', ['nested-windows.keras']],
    ['an archive with the older names of groups', ['nested-dependencies.keras']],
    ['an HDF5 file of Keras 2, whose nested weights are in another order', ['nested-keras2.h5']],
    ['weights and a configuration', ['nested.weights.h5', 'nested.json']],
    ['weights of Keras 2 and a configuration', ['nested-keras2-weights.h5', 'nested.json']],
    ['a TensorFlow.js model in two shards', formatFiles('tfjs-float32/')],
  ])('%s', async (_, names) => {
    expect(await worstDifference(await Promise.all(names.map(formatFile)))).toBeLessThan(1e-5)
  })

  it('an HDF5 file that is named .keras, and the reverse', async () => {
    const renamed = async (from: string, path: string): Promise<ModelFile> => {
      const { file } = await formatFile(from)
      return { path, file: new File([file], path) }
    }
    expect(await worstDifference([await renamed('nested.h5', 'model.keras')])).toBeLessThan(1e-5)
    expect(await worstDifference([await renamed('nested.keras', 'model.h5')])).toBeLessThan(1e-5)
  })

  it('half precision in both byte orders, chunked and compressed', async () => {
    expect(await worstDifference([await formatFile('half.h5')], golden.half)).toBeLessThan(1e-5)
  })

  // Rounding of the weights, not of the computation: it must be there, and no larger than the type explains.
  it.each([
    ['float16', 1e-6, 2e-3],
    ['uint16', 1e-7, 2e-4],
    ['uint8', 1e-4, 5e-2],
  ])('weights quantized to %s', async (type, least, most) => {
    const files = await Promise.all(formatFiles(`tfjs-${type}/`).map(formatFile))
    const difference = await worstDifference(files)
    expect(difference).toBeGreaterThan(least)
    expect(difference).toBeLessThan(most)
  })
})

describe('shards', () => {
  const shard = 'group1-shard2of2.bin'
  const dropped = () => Promise.all(formatFiles('tfjs-float32/').map(formatFile))

  it('are found by their base names, in other folders and letters too', async () => {
    const files = (await dropped()).map(({ path, file }) => ({
      path: path.endsWith(shard) ? `elsewhere/${shard.toUpperCase()}` : path,
      file,
    }))
    expect(await worstDifference(files)).toBeLessThan(1e-5)
  })

  it('that are missing are named', async () => {
    const files = (await dropped()).filter(({ path }) => !path.endsWith(shard))
    await expect(open(files)).rejects.toThrow(`its shard ${shard} is not among the dropped files`)
  })

  it('that are too short are named with the bytes they should hold', async () => {
    const files = (await dropped()).map(({ path, file }) =>
      path.endsWith(shard) ? { path, file: new File([file.slice(0, 650)], shard) } : { path, file },
    )
    await expect(open(files)).rejects.toThrow(`its shard ${shard} should hold 654 bytes and has 650`)
  })

  it.each(['../../etc/passwd', 'https://example.org/x.bin', '//example.org/x.bin'])(
    'are never fetched: %s',
    async (path) => {
      const weights = [{ name: 'conv/kernel', shape: [1], dtype: 'float32' }]
      const topology = { model_config: { class_name: 'Sequential', config: { name: 's', layers: [] } } }
      const text = JSON.stringify({ modelTopology: topology, weightsManifest: [{ paths: [path], weights }] })
      await expect(open([made('model.json', text)])).rejects.toThrow(
        `its shard ${path} is not among the dropped files`,
      )
    },
  )
})

describe('a model in parts', () => {
  it('without its weights says so', async () => {
    await expect(open([await formatFile('nested.json')])).rejects.toThrow(
      /^nested\.json describes a network without its weights/,
    )
  })
  it('without its configuration says so', async () => {
    await expect(open([await formatFile('nested.weights.h5')])).rejects.toThrow(
      /^nested\.weights\.h5 holds weights without the network's architecture/,
    )
  })
  it('as an archive that was cut says so', async () => {
    const { file } = await formatFile('nested.keras')
    const cut = { path: 'cut.keras', file: new File([file.slice(0, 30_000)], 'cut.keras') }
    await expect(open([cut])).rejects.toThrow(
      /^cut\.keras is damaged and cannot be read \(the list at its end/,
    )
  })
})

describe('what people drop by mistake is named, with what to do:', () => {
  const zeros = '\0'.repeat(300)
  const foreign: readonly [string, readonly ModelFile[], RegExp][] = [
    [
      'TensorFlow Lite',
      [made('m.tflite', bytes(`\x1C\0\0\0TFL3${zeros}`))],
      /TensorFlow Lite model\. Open the Keras/,
    ],
    [
      'a SavedModel in its folder',
      [
        made('m/saved_model.pb', bytes(`\x08\x01\x12\x90\x20\x0A${zeros}`)),
        made('m/variables/variables.index', 'x'),
      ],
      /saved_model\.pb cannot be opened: it is a SavedModel.*tensorflowjs_converter/,
    ],
    ['a SavedModel by content', [made('m.bin', bytes(`\x08\x01\x12\x90\x20\x0A${zeros}`))], /a SavedModel/],
    [
      'ONNX',
      [made('m.dat', bytes(`\x08\x07\x12\x07pytorch\x1A\x031.9${zeros}`))],
      /an ONNX model\. Convert it with/,
    ],
    ['old PyTorch', [made('m.dat', bytes('\x80\x02\x8A\x0Al\xFC\x9CF\xF9 j\xA8P\x19.'))], /a PyTorch model/],
    ['PyTorch by its name', [made('m.pth', 'whatever')], /a PyTorch model.*torch\.onnx\.export/],
    ['safetensors', [made('m.x', bytes('\x40\0\0\0\0\0\0\0{"conv":{}}'))], /a safetensors file/],
    ['a Git LFS pointer', [made('m.h5', 'version https://git-lfs.github.com/spec/v1\n')], /git lfs pull/],
    ['a web page', [made('m.h5', '\n<!DOCTYPE html><title>404')], /a web page\. Download the file itself/],
    ['a pickle', [made('m.pkl', bytes('\x80\x04\x95'))], /a Python pickle.*model\.save\("model\.keras"\)/],
    ['gzip', [made('m.h5', bytes('\x1F\x8B\x08'))], /a gzip archive\. Unpack it/],
    ['tar', [made('m.tar', bytes(`${'\0'.repeat(257)}ustar`))], /a tar archive\. Unpack it/],
    ['JSON of another kind', [made('m.json', '{"a": 1}')], /JSON text without a network/],
    [
      'face-api',
      [made('weights_manifest.json', '[{"weights": [], "paths": ["a"]}]')],
      /weights_manifest\.json cannot be opened: it is a weights manifest of face-api\.js/,
    ],
    ['a shard alone', [made('group1-shard1of2.bin', 'x')], /a shard of weights.*Drop its model\.json along/],
    ['Core ML', [made('m.mlmodel', bytes('\x08\x04\x12\x02\x08\x01'))], /a Core ML model/],
    ['broken JSON', [made('model.json', '{"modelTopology": ')], /^model\.json is not valid JSON/],
    ['anything else', [made('notes.xyz', 'hello')], /^notes\.xyz holds no model that Urpatch knows/],
  ]
  it('PyTorch, which packs pickles into an archive', async () => {
    await expect(open([await formatFile('torch.bin')])).rejects.toThrow(
      /a PyTorch model.*torch\.onnx\.export/,
    )
  })
  it.each(foreign)('%s', async (_, files, sentence) => {
    await expect(open(files)).rejects.toThrow(sentence)
  })
})
