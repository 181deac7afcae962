/** @file Files that are right, or nearly: each input of the fuzzer is one of them with a few changes. */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { type TarOptions, tarEntry, tarOf, type ZipOptions, zipOf } from '../../fixtures/archives.ts'
import { readZip } from '../../../src/engine/archives/zip.ts'
import { type Model, int, ints, node, weights } from '../../fixtures/onnxWriter.ts'
import { stem, w } from '../../fixtures/onnxNetworks.ts'
import { type FuzzFile, type FuzzInput, jsonFile, textFile } from './input.ts'

const fixtures = path.resolve(import.meta.dirname, '../../fixtures') + path.sep

/** A file of the fixtures, which keeps its own name unless another is given. */
function fixture(file: string, name = path.basename(file)): FuzzFile {
  return { name, bytes: new Uint8Array(readFileSync(fixtures + file)) }
}

export function fixtureJson(file: string): unknown {
  return JSON.parse(readFileSync(fixtures + file, 'utf8'))
}

async function bytesOf(blob: Blob): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await blob.arrayBuffer())
}

const contents = {
  'pictures/cat/1.png': 'a picture, a picture, a picture',
  'pictures/dog/2.png': Uint8Array.from({ length: 300 }, (_, i) => i % 7),
  'pictures/': '',
  'pictures/index.tsv': 'cat\t1.png\n',
}

export async function zips(): Promise<FuzzInput[]> {
  const kinds: readonly ZipOptions[] = [
    {},
    { deflate: true },
    { deflate: true, zip64: true, utf8: true },
    { comment: 'a comment', mark: 'PK00' },
    { unicodePaths: { 'pictures/cat/1.png': { name: 'bilder/猫.png', crc: 0 } } },
  ]
  const written = await Promise.all(kinds.map((options) => zipOf(contents, options)))
  return [
    ...(await Promise.all(written.map(async (zip) => [{ name: 'a.zip', bytes: await bytesOf(zip) }]))),
    [fixture('formats/nested-mac.zip')],
  ]
}

export async function tars(): Promise<FuzzInput[]> {
  const entry = (name: string, options: TarOptions = {}): ReturnType<typeof tarEntry> =>
    tarEntry(name, 'some bytes of a picture', options)
  const kinds = [
    [entry('cat/1.png'), entry('cat/2.png', { prefix: 'long' }), entry('cat/', { type: '5' })],
    [
      entry('x', { pax: { path: 'dog/猫.png', size: '23' } }),
      entry('y', { gnuName: `${'long/'.repeat(30)}1.png` }),
    ],
    [
      entry('1.png', { binarySize: true }),
      entry('2.png', { type: '2', target: '1.png' }),
      entry('3', { type: '1', target: '1.png' }),
    ],
    [entry('s.png', { type: 'S', mapBlocks: 2 }), entry('p', { pax: { 'GNU.sparse.name': 'x.png' } })],
    [
      entry('old.png', { magic: 'none' }),
      entry('d', { type: '3' }),
      entry('l', { gnuTarget: 'a/b', type: '2' }),
    ],
  ]
  return Promise.all(kinds.map(async (entries) => [{ name: 'a.tar', bytes: await bytesOf(tarOf(entries)) }]))
}

export function datasets(): FuzzInput[] {
  const cifar = Uint8Array.from({ length: 2 * 3073 }, (_, i) => (i % 3073 === 0 ? i / 3073 : i % 251))
  const idx = (kind: number, ...numbers: number[]): Uint8Array<ArrayBuffer> => {
    const head = new DataView(new ArrayBuffer(4 + 4 * numbers.length))
    for (const [i, number] of [kind, ...numbers].entries()) head.setUint32(4 * i, number)
    return new Uint8Array(head.buffer)
  }
  const digits = Uint8Array.from([...idx(0x803, 3, 4, 5), ...new Uint8Array(60).fill(9)])
  const labels = Uint8Array.from([...idx(0x801, 3), 1, 0, 2])
  return [
    [{ name: 'data_batch_1.bin', bytes: cifar }, textFile('batches.meta.txt', 'plane\ncar\n')],
    [
      { name: 'train-images-idx3-ubyte', bytes: digits },
      { name: 'train-labels-idx1-ubyte', bytes: labels },
    ],
  ]
}

export function pictures(): FuzzInput[] {
  return readdirSync(`${fixtures}fuzz/pictures`).map((name) => [fixture(`fuzz/pictures/${name}`)])
}

export function hdf5(): FuzzInput[] {
  const names = ['formats/half.h5', 'formats/userblock-latest.h5', 'formats/nested.h5', 'keras2-style.h5']
  return names.map((name) => [fixture(name)])
}

/** Archives of models, stored and deflated, and what else is called a model. */
export function packedModels(): FuzzInput[] {
  const names = ['nested.keras', 'nested-dependencies.keras', 'nested-mac.zip'].map(
    (name) => `formats/${name}`,
  )
  const foreign = ['weights.pth', 'old.pth.tar', 'model.safetensors'].map((name) => `torch/${name}`)
  return [...names, ...foreign].map((name) => [fixture(name)])
}

const classNames = Array.from({ length: 10 }, (_, i) => `class ${i}`)
const onnxWithData = ['model.onnx', 'model.onnx.data'].map((name) => fixture(`onnx/split/${name}`))

/** A model whose weights and names of outputs lie beside it. */
export const onnxInParts = {
  withConfig: [...onnxWithData, jsonFile('config.json', { id2label: { ...classNames }, num_classes: 10 })],
  withList: [...onnxWithData, textFile('labels.txt', classNames.join('\n'))],
}

/** The parts of what Keras saves as one file, in which JSON is plain to change. */
export async function kerasModels(): Promise<FuzzInput[]> {
  const unpacked = ['nested.keras', 'sequential213.keras'].map(async (name) => {
    const entries = await readZip(new Blob([fixture(`formats/${name}`).bytes]), name)
    return Promise.all(
      entries.map(async (entry) => ({ name: entry.path, bytes: await bytesOf(await entry.blob()) })),
    )
  })
  return [
    ...(await Promise.all(unpacked)),
    [fixture('formats/nested.json', 'config.json'), fixture('formats/nested-keras2-weights.h5')],
  ]
}

export function layersModels(): FuzzInput[] {
  return ['float32', 'float16', 'uint8', 'uint16'].map((kind) =>
    ['model.json', 'group1-shard1of2.bin', 'group1-shard2of2.bin'].map((name) =>
      fixture(`formats/tfjs-${kind}/${name}`),
    ),
  )
}

export function graphModels(): FuzzInput[] {
  return [[fixture('graph/model.json'), fixture('graph/weights.bin')]]
}

/** Configurations with every kind of layer, with the version of Keras that wrote them. */
export function kerasConfigs(): FuzzInput[] {
  const cases = fixtureJson('layers.json') as { config: object; kerasMajor: number }[]
  return cases.map(({ config, kerasMajor }) => [jsonFile(`keras${kerasMajor}.json`, config)])
}

/** Small networks of the operators that have the most to say. */
export const onnxModels: readonly Model[] = [
  {
    nodes: [
      node('Conv', ['image', 'w', 'b'], 'c', { strides: { ints: [2, 1] }, pads: { ints: [1, 0, 0, 2] } }),
      node('BatchNormalization', ['c', 's', 's', 's', 's'], 'n', { epsilon: { float: 1e-3 } }),
      node('Relu', ['n'], 'r'),
      node('MaxPool', ['r'], 'p', { kernel_shape: { ints: [2, 2] }, ceil_mode: { int: 1 } }),
      node('GlobalAveragePool', ['p'], 'g'),
      node('Flatten', ['g'], 'f'),
      node('Gemm', ['f', 'd'], 'y', { transB: { int: 1 }, alpha: { float: 2 } }),
    ],
    constants: {
      w: weights(4, 3, 3, 3),
      b: weights(4),
      s: { shape: [4], values: [1, 2, 1, 3] },
      d: weights(5, 4),
    },
  },
  {
    nodes: [
      stem,
      node('Split', ['stem', 'parts'], ['a', 'b'], { axis: { int: 1 } }),
      node('Slice', ['a', 'from', 'to', 'axes', 'steps'], 'sliced'),
      node('Pad', ['b', 'pads'], 'padded', { mode: { text: 'reflect' } }),
      node('Resize', ['padded', '', 'scales'], 'larger', { mode: { text: 'linear' } }),
      node('Transpose', ['larger'], 'turned', { perm: { ints: [0, 2, 3, 1] } }),
      node('Reshape', ['turned', 'shape'], 'tokens'),
      node('ReduceMean', ['tokens', 'last'], 'mean', { keepdims: { int: 1 } }),
      node('Concat', ['sliced', 'sliced'], 'both', { axis: { int: 1 } }),
    ],
    constants: {
      w,
      parts: ints(2, 2),
      from: ints(0),
      to: ints(-1),
      axes: ints(2),
      steps: ints(2),
      pads: ints(0, 0, 1, 1, 0, 0, 1, 1),
      scales: { shape: [4], values: [1, 1, 2, 2] },
      shape: ints(0, -1, 2),
      last: int(-1),
    },
  },
  {
    nodes: [
      stem,
      node('Shape', ['stem'], 'lengths'),
      node('Gather', ['lengths', 'second'], 'length', { axis: { int: 0 } }),
      node('Unsqueeze', ['length', 'zero'], 'list'),
      node('Concat', ['zero', 'list', 'rest'], 'target', { axis: { int: 0 } }),
      node('Reshape', ['stem', 'target'], 'flat'),
      node('MatMul', ['flat', 'm'], 'product'),
      node('LayerNormalization', ['product', 'ones'], 'normal', { axis: { int: -1 } }),
      node('Softmax', ['normal'], 'y', { axis: { int: -1 } }),
    ],
    constants: {
      w,
      second: int(1),
      zero: ints(0),
      rest: ints(-1),
      m: weights(72, 6),
      ones: { shape: [6], values: [1, 1, 1, 1, 1, 1] },
    },
    inputs: { image: ['batch', 3, 9, 8] },
  },
  {
    nodes: [
      node('ConvTranspose', ['image', 't'], 'c', {
        strides: { ints: [2, 2] },
        output_padding: { ints: [1, 1] },
      }),
      node('Mul', ['c', 'scale'], 'm'),
      node('Clip', ['m', 'low', 'high'], 'k'),
      node('AveragePool', ['k'], 'a', { kernel_shape: { ints: [3, 3] }, count_include_pad: { int: 1 } }),
      node('DepthToSpace', ['a'], 'y', { blocksize: { int: 2 }, mode: { text: 'CRD' } }),
    ],
    constants: {
      t: weights(3, 4, 2, 2),
      scale: { shape: [1, 4, 1, 1], values: [1, 2, 3, 4] },
      low: { shape: [], values: [0] },
      high: { shape: [], values: [6] },
    },
    metadata: { producer: 'fuzz' },
  },
]

const note = {
  layer: 'conv2d_5',
  channel: 16,
  name: 'eye',
  family: 'parts',
  sure: true,
  star: false,
  note: 'blue',
  lists: ['good', 'eyes'],
  changed: '2026-05-01T10:00:00Z',
}

export function notes(): FuzzInput[] {
  const file = {
    format: 'urpatch-notes',
    version: 1,
    model: { name: 'animals.h5', sha256: 'abc' },
    author: 'Anna',
    channels: [note, { ...note, channel: 3, author: 'Ben' }, { layer: '猫', channel: 0 }],
  }
  return [[jsonFile('a.urpatch-notes.json', file)]]
}

export function projects(): FuzzInput[] {
  const file = {
    format: 'urpatch-project',
    version: 1,
    name: 'Animals',
    model: 'model.h5',
    inputSize: [64, 48],
    images: 'images/index.tsv',
    preprocessing: { scale: '-1..1', mean: [0.5], fit: 'pad', orientation: 'apply' },
    classes: ['cat', 'dog'],
    sample: 'random:500:3',
    layers: ['conv2d_5'],
    k: 9,
    autorun: true,
  }
  return [[jsonFile('project.json', file)], [jsonFile('project.json', { model: 'a.keras', images: 'a.zip' })]]
}

export function indexes(): FuzzInput[] {
  const texts = [
    'cat\t0.png\ncat\t1.png\ndog\t0.png\n',
    'file,class,split\ncat/0.png,cat,train\r\n"dog/1.png","dog, big",test\r\n',
    '0.png;cat\n1.png;dog\n',
    'cat/0.png\ncat/1.png\n',
  ]
  const utf16 = Uint8Array.from(
    [...`\uFEFF${texts[0]}`].flatMap((one) => [one.charCodeAt(0) & 255, one.charCodeAt(0) >> 8]),
  )
  return [...texts.map((text) => [textFile('index.tsv', text)]), [{ name: 'index.tsv', bytes: utf16 }]]
}

export function addresses(): FuzzInput[] {
  const texts = [
    'layer=conv2d_5&channel=17&patch=3&width=full&alike=once',
    'layer=conv%2F2&page=finder&find=eye&range=fires_0.5_&range=choosy_0.2_0.8&by=fires&rows=reversed&for=cat',
    'layer=a&sort=strength&order=reversed&dead=hidden&best=cat&notes=unnamed&view=table',
    'image=cat%2F1.png',
  ]
  return texts.map((text) => [textFile('address', text)])
}
