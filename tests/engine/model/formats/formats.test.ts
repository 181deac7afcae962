/**
 * One small network in every form in which people store Keras models (tests/make/make_models.py), opened by the real
 * worker as if it were dropped; and the sentences for files of other kinds.
 */
import { describe, expect, it } from 'vitest'
import { modelFormats } from '../../../../src/core/model/formats.ts'
import { notebookPreprocessing } from '../../../../src/core/preprocessing/preprocessing.ts'
import { readZip } from '../../../../src/engine/archives/zip.ts'
import { formats } from '../../../../src/engine/model/formats/index.ts'
import type { ModelFile } from '../../../../src/engine/model/formats/modelFiles.ts'
import { zipOf } from '../../../fixtures/archives.ts'
import { seeded } from '../../../fixtures/random.ts'
import golden from '../../../fixtures/formats/golden.json'
import { node, onnxBytes, weights as randomWeights } from '../../../fixtures/onnxWriter.ts'
import { formatFile, formatFiles, torchFile } from '../../fixtureFiles.ts'
import { goldenPicture } from '../../goldenInput.ts'
import { useWasmEngine } from '../../useWasmEngine.ts'

const engine = useWasmEngine()

function open(files: readonly ModelFile[]) {
  return engine.remote.openModel(files, { inputSize: null })
}

function made(path: string, content: string | Uint8Array<ArrayBuffer>): ModelFile {
  return { path, file: new File([content], path.split('/').at(-1)!) }
}

async function entryOf(archive: string, name: string): Promise<Uint8Array<ArrayBuffer>> {
  const entries = await readZip((await formatFile(archive)).file, archive)
  const entry = entries.find(({ path }) => path === name)!
  return new Uint8Array(await (await entry.blob()).arrayBuffer())
}

function bytes(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (c) => c.codePointAt(0)!)
}

/** The largest difference from what Keras computes, relative to a layer's largest value, over all layers. */
async function worstDifference(files: readonly ModelFile[], expected = golden.nested): Promise<number> {
  const { remote } = engine
  const { network, parameters } = await open(files)
  const layers = expected.map(({ name }) => network.layers.findIndex((layer) => layer.name === name))
  expect(layers).not.toContain(-1)
  expect(layers.map((layer) => parameters[layer])).toEqual(expected.map(({ params }) => params))
  await remote.beginScan({ layers, preprocessing: notebookPreprocessing, maxPassSize: 1 })
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
    ['an HDF5 file behind a user block', ['userblock-earliest.h5']],
    ['an HDF5 file of the newest layout behind a user block', ['userblock-latest.h5']],
    ['an HDF5 file of Keras 2, whose nested weights are in another order', ['nested-keras2.h5']],
    ['weights and a configuration', ['nested.weights.h5', 'nested.json']],
    ['weights of Keras 2 and a configuration', ['nested-keras2-weights.h5', 'nested.json']],
    ['a TensorFlow.js model in two shards', formatFiles('tfjs-float32/')],
  ])('%s', async (_, names) => {
    expect(await worstDifference(await Promise.all(names.map(formatFile)))).toBeLessThan(1e-5)
  })

  it.each([
    ['a functional network', 'functional213.keras', golden.functional213],
    ['a Sequential', 'sequential213.keras', golden.sequential213],
  ])('an archive of Keras 2.13, which counts layers with weights twice: %s', async (_, name, expected) => {
    expect(await worstDifference([await formatFile(name)], expected)).toBeLessThan(1e-5)
  })

  it('an HDF5 file that something was put before', async () => {
    const { file } = await formatFile('nested.h5')
    const behind = { path: 'behind.h5', file: new File([new Uint8Array(2048), file], 'behind.h5') }
    expect(await worstDifference([behind])).toBeLessThan(1e-5)
  })

  it('an archive that something was put before', async () => {
    const { file } = await formatFile('nested.keras')
    const behind = { path: 'behind.keras', file: new File(['#!/bin/sh', file], 'behind.keras') }
    expect(await worstDifference([behind])).toBeLessThan(1e-5)
  })

  it('a TensorFlow.js model with keys in its own spelling', async () => {
    const files = await Promise.all(
      formatFiles('tfjs-float32/').map(async (name) => {
        const { path, file } = await formatFile(name)
        if (!path.endsWith('.json')) return { path, file }
        const text = await file.text()
        const camel = text
          .replaceAll('"batch_shape"', '"batchInputShape"')
          .replaceAll('"kernel_size"', '"kernelSize"')
          .replaceAll('"inbound_nodes"', '"inboundNodes"')
        expect(camel).not.toBe(text)
        return made(path, camel)
      }),
    )
    expect(await worstDifference(files)).toBeLessThan(1e-5)
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

  // The weights were rounded, so there must be a difference, but none larger than their type explains.
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

describe('what does not matter is neither opened nor unpacked:', () => {
  /** A zip entry that is intact at its beginning, and broken far behind what has to be read. */
  async function withBrokenEntry(): Promise<File> {
    const { next } = seeded(7)
    const noise = Uint8Array.from({ length: 1_000_000 }, () => 97 + Math.floor(next() * 20))
    const entries: Record<string, Uint8Array<ArrayBuffer>> = { 'padding.bin': noise }
    for (const name of ['config.json', 'metadata.json', 'model.weights.h5'])
      entries[name] = await entryOf('nested.keras', name)
    const zip = new Uint8Array(await (await zipOf(entries, { deflate: true })).arrayBuffer())
    zip.fill(0xff, 400_000, 410_000)
    return new File([zip], 'padded.keras')
  }

  /** Stored entries that the headers call deflated, so that unpacking them fails. */
  function calledDeflated(buffer: ArrayBuffer): Uint8Array<ArrayBuffer> {
    const view = new DataView(buffer)
    for (let at = 0; at < buffer.byteLength - 12; at++) {
      const signature = view.getUint32(at)
      if (signature === 0x504b0304) view.setUint16(at + 8, 8, true)
      if (signature === 0x504b0102) view.setUint16(at + 10, 8, true)
    }
    return new Uint8Array(buffer)
  }

  it('an entry of an archive beside a whole model', async () => {
    const file = await withBrokenEntry()
    expect(await worstDifference([{ path: file.name, file }])).toBeLessThan(1e-5)
  })

  it('pictures in a zip, which say what they are', async () => {
    const entries = Object.fromEntries(
      Array.from({ length: 300 }, (_, i) => [`cat/${i}.png`, 'not deflated']),
    )
    for (const labels of [{}, { 'labels.json': '{"cat": 1}' }, { 'labels.json': '{' }]) {
      const zip = await zipOf({ ...entries, ...labels })
      await expect(open([made('cats.zip', new Uint8Array(await zip.arrayBuffer()))])).rejects.toThrow(
        'There are pictures in cats.zip and no model. Open them with "Open images"',
      )
    }
    const broken = calledDeflated(await (await zipOf(entries)).arrayBuffer())
    await expect(open([made('cats.zip', broken)])).rejects.toThrow(
      'There are pictures in cats.zip and no model.',
    )
  })

  it('but what is missed is told', async () => {
    const config = await entryOf('nested.keras', 'config.json')
    const zip = await zipOf({ 'config.json': config, 'model.weights.h5': 'not deflated' })
    await expect(open([made('net.keras', calledDeflated(await zip.arrayBuffer()))])).rejects.toThrow(
      /^net\.keras is damaged and cannot be read \((config\.json|model\.weights\.h5) cannot be unpacked\)/,
    )
  })

  it('a folder of pictures, and of archives with pictures', async () => {
    const zip = await zipOf({ 'cat/1.png': 'x', 'cat/2.png': 'y' }, { method: 8 })
    const bytesOfZip = new Uint8Array(await zip.arrayBuffer())
    const zips = ['a', 'b', 'c'].map((name) => made(`sets/${name}.zip`, bytesOfZip))
    await expect(open(zips)).rejects.toThrow('There are pictures in sets and no model.')
    const pictures = Array.from({ length: 20 }, (_, i) => made(`cats/${i}.png`, 'x'))
    await expect(open([...pictures, made('cats/labels.json', '{"cat": 1}')])).rejects.toThrow(
      'There are pictures in cats and no model.',
    )
    const loose = pictures.map(({ file }) => ({ path: file.name, file }))
    await expect(open(loose)).rejects.toThrow('There are pictures in the files and no model.')
  })

  it('an archive that cannot be read beside a model', async () => {
    const broken = made('net/pictures.zip', bytes('PK\x03\x04 and no more'))
    const { file } = await formatFile('nested.h5')
    expect(await worstDifference([broken, { path: 'net/nested.h5', file }])).toBeLessThan(1e-5)
    await expect(open([broken, made('net/notes.md', 'hello')])).rejects.toThrow(
      /^pictures\.zip is damaged and cannot be read/,
    )
  })
})

describe('which file is meant:', () => {
  it('a model.json that was cut, not a shard that begins with a brace', async () => {
    const shard = new Uint8Array(8000).fill(0x3e)
    shard.set(bytes('{\0\x80\x3f'))
    const files = [
      made('net/group1-shard1of1.bin', shard),
      made('net/model.json', '{"modelTopology": {"node"'),
    ]
    await expect(open(files)).rejects.toThrow(/^model\.json is not valid JSON/)
  })

  it('a model whose weights are a NumPy archive, which is not read', async () => {
    const config = await entryOf('nested.keras', 'config.json')
    const numpy = await zipOf({ 'layers/conv2d.npy': '\u0093NUMPY' })
    const weights = new Uint8Array(await numpy.arrayBuffer())
    const zip = await zipOf({ 'config.json': config, 'model.weights.npz': weights })
    await expect(open([made('evil.keras', new Uint8Array(await zip.arrayBuffer()))])).rejects.toThrow(
      /^evil\.keras keeps its weights in model\.weights\.npz, which Urpatch does not read/,
    )
  })
})

describe('HDF5 that cannot be read is told in plain words:', () => {
  async function changed(name: string, at: number, value: number[]): Promise<ModelFile> {
    const content = new Uint8Array(await (await formatFile(name)).file.arrayBuffer())
    content.set(value, at)
    return made('it.h5', content)
  }
  it.each([
    [
      'a mark that it is open for writing',
      'userblock-latest.h5',
      1024 + 11,
      [1],
      'is marked as still open for writing',
    ],
    ['an impossible length', 'nested.h5', 40, [0, 0, 0, 0, 0, 0, 0, 0x7f], 'names a length that no file has'],
    [
      'broken structures',
      'nested.h5',
      800,
      Array(600).fill(0xa5),
      'its parts contradict each other; HDF5 says',
    ],
    [
      'a text that says that it has a gigabyte',
      'nested.h5',
      888,
      [6, 0, 0, 0x46],
      'one of its parts claims to be longer than the whole file',
    ],
    [
      'a text that lies nowhere',
      'nested.h5',
      892,
      [0, 0x77],
      'HDF5 says “bad global heap collection signature”',
    ],
  ])('%s', async (_, name, at, value, sentence) => {
    await expect(open([await changed(name, at, value)])).rejects.toThrow(sentence)
  })

  it('weights that cannot be unpacked', async () => {
    await expect(worstDifference([await changed('half.h5', 10_400, [0])], golden.half)).rejects.toThrow(
      'it.h5 is damaged and cannot be read (its parts contradict each other; HDF5 says “filter returned failure during read”)',
    )
  })
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

it('every format that the page speaks of has an opener, and no other', () => {
  expect(new Set(formats.map(({ id }) => id))).toEqual(new Set(modelFormats.map(({ id }) => id)))
})

it('an ONNX model says who made it and what its outputs are called', async () => {
  const model = {
    nodes: [node('Conv', ['image', 'w'], 'y', {}, { name: 'conv' })],
    constants: { w: randomWeights(4, 3, 3, 3) },
    inputs: { image: [1, 3, 8, 8] },
    metadata: { author: 'Ultralytics', names: "{0: 'person', 1: 'bicycle'}" },
  }
  expect(await open([made('yolo.onnx', onnxBytes(model) as Uint8Array<ArrayBuffer>)])).toMatchObject({
    labels: ['person', 'bicycle'],
    madeBy: 'Ultralytics',
  })
})

it.each([
  ['config.json', '{"id2label": {"1": "dog", "0": "cat"}}', ['cat', 'dog']],
  ['config.json', '{"architecture": "resnet18", "label_names": ["cat", "dog"]}', ['cat', 'dog']],
  ['labels.txt', 'cat\r\ndog \n\n', ['cat', 'dog']],
  ['classes.txt', 'cat', ['cat']],
  ['config.json', '{"id2label": {"0": "cat", "2": "dog"}}', undefined],
  ['config.json', '{"id2label": {"0": 1}, "label_names": []}', undefined],
  ['labels.txt', 'cat\n\ndog', undefined],
  ['readme.txt', 'cat', undefined],
])('an ONNX model is told what its outputs are by %s beside it: %s', async (name, text, labels) => {
  const model = {
    nodes: [node('Conv', ['image', 'w'], 'y', {}, { name: 'conv' })],
    constants: { w: randomWeights(4, 3, 3, 3) },
    inputs: { image: [1, 3, 8, 8] },
  }
  const file = (path: string, metadata = {}): ModelFile =>
    made(path, onnxBytes({ ...model, metadata }) as Uint8Array<ArrayBuffer>)
  expect((await open([file('net.onnx'), made(name, text)])).labels).toEqual(labels)
  const own = file('net.onnx', { names: "{0: 'own'}" })
  expect((await open([own, made(name, text)])).labels).toEqual(['own'])
  expect((await open([file('a/net.onnx'), made(`b/${name}`, text)])).labels).toBeUndefined()
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
      'an ONNX model that is none',
      [made('m.dat', bytes(`\x08\x07\x12\x07pytorch\x1A\x031.9${zeros}`))],
      /^m\.dat is damaged and cannot be read \(there is no field at byte/,
    ],
    [
      'a model of onnxruntime',
      [made('m.ort', bytes(`\x18\0\0\0ORTM${zeros}`))],
      /in the format of onnxruntime\. Open the \.onnx file/,
    ],
    ['PyTorch by its name', [made('m.pth', 'whatever')], /a model saved by PyTorch.*torch\.onnx\.export/],
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
  it.each([
    ['weights.pth', 'a model saved by PyTorch'],
    ['whole.pt', 'a model saved by PyTorch'],
    ['old.pth.tar', 'a model saved by PyTorch'],
    ['script.pt', 'a TorchScript model'],
    ['exported.pt2', 'a program saved by torch.export'],
    ['model.safetensors', 'a safetensors file, which holds weights without a network'],
  ])('PyTorch’s %s, whatever it is called', async (name, what) => {
    const file = await torchFile(name)
    for (const path of [name, 'download']) {
      const opening = open([{ path, file: new File([file], path) }])
      await expect(opening).rejects.toMatchObject({
        code: 'model/pytorch',
        message: expect.stringContaining(`${path} cannot be opened: it is ${what}, and a network`) as string,
      })
    }
  })
  it.each(foreign)('%s', async (_, files, sentence) => {
    await expect(open(files)).rejects.toThrow(sentence)
  })
})
