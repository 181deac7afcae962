/** The crop of a unit gives what the whole image gives, for every kind of layer. */
import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { readKerasConfig } from '../../../src/core/model/keras/kerasConfig.ts'
import { kerasNetwork } from '../../../src/core/model/keras/kerasNetwork.ts'
import { readModel } from '../../../src/core/model/onnx/modelProto.ts'
import { onnxNetwork } from '../../../src/core/model/onnx/onnxNetwork.ts'
import { kindOf } from '../../../src/core/model/kinds/index.ts'
import {
  elementCount,
  type Network,
  type Operation,
  type OperationKind,
  type Shape,
  type SupportedLayer,
} from '../../../src/core/model/network.ts'
import { croppedNetwork } from '../../../src/core/reasons/croppedNetwork.ts'
import { startBackend } from '../../../src/engine/backend/chooseBackend.ts'
import { TapNetwork } from '../../../src/engine/model/tapNetwork.ts'
import { bytesSource } from '../../fixtures/bytesSource.ts'
import layersJson from '../../fixtures/layers.json?raw'
import { kitFile, kitText } from '../kitFiles.ts'
import { noise, noiseWeights } from '../noiseNetwork.ts'
import { type Compared, compareCrops, cornersBordersMiddle } from './cropComparison.ts'

/** In parts of the layer's largest value; a kernel may sum in another order on a smaller map. */
const tolerance = 9e-7

interface Case {
  readonly name: string
  readonly kerasMajor: number
  readonly config: unknown
}
const kerasCases = JSON.parse(layersJson) as readonly Case[]

const text = await kitText('onnx/operators/truth.json')
const onnxCases = Object.keys(JSON.parse(text ?? '{}') as object)

beforeAll(() => startBackend('wasm'))

function compareAll(network: Network, weights = noiseWeights(network)): Compared {
  const layers = [...network.layers.keys()].filter((i) => network.layers[i]!.op !== null)
  const whole = new TapNetwork(network, weights)
  const image = tf.tensor4d(noise(elementCount(network.inputShape), 5), [1, ...network.inputShape])
  const compared = compareCrops(whole, image, layers, cornersBordersMiddle)
  image.dispose()
  whole.dispose()
  expect(compared.worst, compared.at).toBeLessThan(tolerance)
  return compared
}

/** A layer between two convolutions, whose windows ask for several rows and columns of it. */
function between(op: Operation, input: Shape = [26, 22, 4]): Network {
  const conv: Operation = {
    kind: 'conv',
    filters: 8,
    dilation: [1, 1],
    groups: 1,
    kernel: [3, 3],
    strides: [1, 1],
    padding: 'same',
    bias: true,
    activation: { fn: 'relu' },
  }
  const layers: SupportedLayer[] = []
  const add = (own: Operation, inputs: readonly number[]): number => {
    const shapes = inputs.length > 0 ? inputs.map((i) => layers[i]!.shape) : [input]
    const kind = kindOf<OperationKind>(own)
    const name = `${layers.length} ${own.kind}`
    const shape = kind.shape(own, shapes)
    layers.push({ name, className: '', op: own, inputs, shape, weights: kind.weights(own, shapes[0]!) })
    return layers.length - 1
  }
  const image = add({ kind: 'input' }, [])
  const first = add(conv, [image])
  const second = add({ ...conv, padding: 'valid' }, [image])
  const padded = add({ kind: 'pad', rows: [1, 1], columns: [1, 1], mode: 'constant', value: 1 }, [second])
  const many = ['merge', 'addScaled', 'concat', 'where'].includes(op.kind)
  const own = add(op, many ? [first, padded] : [first])
  if (layers[own]!.shape.length === 3) {
    const last = add(conv, [own])
    add({ ...conv, strides: [2, 2] }, [last])
  }
  return { name: null, layers, input: image, inputShape: input as Network['inputShape'], openSize: false }
}

const margins = { rows: [2, 1], columns: [0, 3] } as const
const window = { kernel: [3, 2], strides: [2, 1], padding: margins } as const

/** Those of which some units see a part of the image only. */
const cuttable: readonly Operation[] = [
  { kind: 'pad', ...margins, mode: 'constant', value: -2 },
  { kind: 'pad', rows: [5, 4], columns: [1, 6], mode: 'reflect', value: 0 },
  { kind: 'pad', rows: [5, 4], columns: [1, 6], mode: 'symmetric', value: 0 },
  { kind: 'pad', rows: [5, 4], columns: [1, 6], mode: 'edge', value: 0 },
  { kind: 'crop', ...margins },
  { kind: 'pool', reduce: 'max', ...window },
  { kind: 'pool', reduce: 'average', ...window },
  { kind: 'pool', reduce: 'average', ...window, counted: { rows: [1, 1], columns: [0, 2] } },
  {
    kind: 'pool',
    reduce: 'average',
    ...window,
    padding: { rows: [3, 3], columns: [3, 3] },
    counted: { rows: [1, 1], columns: [0, 3] },
    dilation: [2, 3],
  },
  { kind: 'pool', reduce: 'max', ...window, padding: 'same', strides: [2, 3] },
  { kind: 'upsample', size: [2, 4], interpolation: 'bilinear' },
  { kind: 'upsample', size: [3, 2], interpolation: 'nearest' },
  { kind: 'resize', to: [52, 88], interpolation: 'bilinear', centers: 'half-pixel' },
  { kind: 'resize', to: [104, 22], interpolation: 'nearest', centers: 'top-left' },
  ...(['half_pixel', 'pytorch_half_pixel', 'asymmetric'] as const).map((coordinates): Operation => ({
    kind: 'interpolate',
    to: [52, 88],
    scales: [2, 4],
    coordinates,
    filter: { kind: 'cubic', a: -0.75 },
    antialias: false,
    excludeOutside: coordinates === 'half_pixel',
  })),
  { kind: 'slice', axis: 0, start: 20, step: -3, count: 6 },
  { kind: 'slice', axis: 1, start: 1, step: 2, count: 9 },
  { kind: 'slice', axis: 2, start: 1, step: 2, count: 3 },
  { kind: 'concat', axis: 1 },
  { kind: 'concat', axis: 2 },
  { kind: 'concat', axis: -1 },
  { kind: 'merge', fn: 'maximum' },
  { kind: 'addScaled', scale: 0.3 },
  { kind: 'where', operands: ['input', 'input', 3] },
  { kind: 'depthToSpace', block: 2 },
  { kind: 'reshape', target: [26, -1, 8] },
  { kind: 'rearrange', split: [26, 22, 2, 4], order: [0, 1, 3, 2], target: [26, 22, 8] },
  { kind: 'layerNorm', axes: [2], epsilon: 1e-3, scale: true, center: true, rms: false },
  {
    kind: 'transposedConv',
    filters: 5,
    dilation: [1, 2],
    outputPadding: [1, 0],
    ...window,
    strides: [3, 2],
    bias: true,
    activation: { fn: 'relu' },
  },
  {
    kind: 'transposedConv',
    filters: 5,
    dilation: [1, 1],
    outputPadding: null,
    ...window,
    padding: 'same',
    strides: [2, 3],
    bias: true,
    activation: { fn: 'relu' },
  },
]

/** Those of which every unit sees all of the map, or whose weights have its size. */
const whole: readonly Operation[] = [
  { kind: 'pad', rows: [5, 4], columns: [1, 6], mode: 'wrap', value: 0 },
  { kind: 'resize', to: [39, 33], interpolation: 'bilinear', centers: 'half-pixel' },
  { kind: 'groupNorm', groups: 2, epsilon: 1e-3, scale: true, center: true },
  { kind: 'layerNorm', axes: [0, 1, 2], epsilon: 1e-3, scale: true, center: true, rms: false },
  { kind: 'globalPool', reduce: 'average', keepDims: true },
  { kind: 'flatten', channelsFirst: false },
  { kind: 'tile', repeats: [2, 1, 1] },
  { kind: 'reduce', fn: 'mean', axes: [0] },
  { kind: 'prelu', sharedAxes: [] },
  { kind: 'softmax', axes: [0, 1], log: false },
  { kind: 'withConstant', fn: 'add', constant: { shape: [26, 22, 8] }, constantFirst: false },
]

const titleOf = (op: Operation): readonly [string, Operation] => [JSON.stringify(op), op]

describe('a layer between convolutions', () => {
  it.each(cuttable.map(titleOf))('that is cut: %s', (_, op) => {
    const { units, cut } = compareAll(between(op))
    expect(cut / units).toBeGreaterThan(0.6)
  })

  it.each(whole.map(titleOf))('that is not: %s', (_, op) => {
    const network = between(op)
    const { box, sourceOf } = croppedNetwork(network, 4, [0, 0])
    expect(box).toEqual([0, 0, 26, 22])
    expect(sourceOf).toEqual([0, 1, 4])
    compareAll(network)
  })
})

describe('layers of Keras', () => {
  it.each(kerasCases.filter(isOfImages))('$name', ({ kerasMajor, config }) => {
    compareAll(kerasNetwork(readKerasConfig(config, kerasMajor), { kerasMajor, inputSize: null }).network)
  })
})

/** Some are of a vector alone. */
function isOfImages({ kerasMajor, config }: Case): boolean {
  const { network } = kerasNetwork(readKerasConfig(config, kerasMajor), { kerasMajor, inputSize: null })
  return network.inputShape.length === 3
}

describe.skipIf(text === null)('operators of ONNX', () => {
  it.each(onnxCases)('%s', async (name) => {
    const { file } = await kitFile(`onnx/operators/${name}.onnx`)
    const model = readModel(bytesSource(new Uint8Array(await file.arrayBuffer())), {
      needs: () => undefined,
      open: (location) => {
        throw new Error(`${location} is not there`)
      },
    })
    const { network, constants } = onnxNetwork(model, { inputSize: null })
    compareAll(network, (layer) => constants[layer]!.map((one) => one.floats()! as Float32Array<ArrayBuffer>))
  })
})
