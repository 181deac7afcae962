/**
 * TensorFlow.js graph models: every layer computes what TensorFlow computes at that node (the fixture,
 * made by tests/make/make_graphs.py) or what TensorFlow.js' own executor gives (graphs written by hand).
 */
import * as tf from '@tensorflow/tfjs'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { notebookPreprocessing } from '../../../src/core/preprocessing/preprocessing.ts'
import { graphNetwork, type GraphNetwork } from '../../../src/core/model/tensorflow/graphNetwork.ts'
import { receptiveField, UnitBoxes } from '../../../src/core/model/receptiveField.ts'
import { whyNotScannable } from '../../../src/core/model/scannable.ts'
import { startBackend } from '../../../src/engine/backend/chooseBackend.ts'
import type { Engine } from '../../../src/engine/engine.ts'
import { TapNetwork } from '../../../src/engine/model/tapNetwork.ts'
import { spawnEngine, type WorkerHandle } from '../../../src/state/workers/workers.ts'
import golden from '../../fixtures/graph/golden.json'
import fixtureBinUrl from '../../fixtures/graph/weights.bin?url'
import fixtureJsonUrl from '../../fixtures/graph/model.json?url'
import {
  constantsOf,
  type Graph,
  int,
  ints,
  node,
  placeholder,
  text,
  texts,
  topologyOf,
  weights,
  whole,
  window,
} from '../../fixtures/graphs.ts'
import {
  apart,
  artifactsOf,
  compare,
  computed,
  goldenInput,
  type ModelJson,
  storedConstants,
  tolerance,
} from '../graphComparison.ts'
import { goldenPicture } from '../goldenInput.ts'

beforeAll(() => startBackend('wasm'))

describe('the fixture', () => {
  async function fixture(): Promise<GraphNetwork> {
    const model = (await (await fetch(fixtureJsonUrl)).json()) as ModelJson
    const artifacts = artifactsOf(model, await (await fetch(fixtureBinUrl)).arrayBuffer())
    return graphNetwork(model.modelTopology, await storedConstants(artifacts), {
      name: 'graph',
      inputSize: null,
    })
  }

  it('every node computes what TensorFlow computes', async () => {
    const graph = await fixture()
    const image = goldenInput(graph.network.inputShape)
    const found = computed(graph, image)
    image.dispose()
    const missing = graph.network.layers.flatMap((layer) => (layer.op === null ? [layer.name] : []))
    expect(missing).toEqual(['running/Cumsum', 'after'])
    expect(found.size).toBeGreaterThan(50)
    for (const [name, values] of found) {
      if (name === 'image') continue
      const { max, argmax, mean } = golden[name as keyof typeof golden]
      const channels = max.length
      const columns = max.map((_, c) => values.filter((_value, i) => i % channels === c))
      const means = columns.map((column) => column.reduce((sum, value) => sum + value, 0) / column.length)
      expect(
        apart(
          Float32Array.from(columns, (column) => Math.max(...column)),
          max,
        ),
        `maximum of ${name}`,
      ).toBeLessThan(tolerance)
      expect(apart(Float32Array.from(means), mean), `mean of ${name}`).toBeLessThan(tolerance)
      expect(
        argmax.map((at, c) => columns[c]![at]! - Math.max(...columns[c]!)),
        `place in ${name}`,
      ).toEqual(argmax.map(() => expect.closeTo(0, 4)))
    }
  })

  it('no unit sees a pixel outside of its box', async () => {
    const { network, constants } = await fixture()
    const tapped = new TapNetwork(network, (layer) => constants[layer]!.map((constant) => constant.floats()!))
    const [height, width, channels] = network.inputShape
    const image = goldenInput(network.inputShape)
    let tried = 0
    for (const [i, layer] of network.layers.entries()) {
      if (layer.op === null || layer.shape.length !== 3 || i === network.input) continue
      const field = receptiveField(network, i)
      if (field.whole || field.globalContext) continue
      const unit = [Math.floor(layer.shape[0]! / 2), Math.floor(layer.shape[1]! / 3)] as const
      const [top, left, bottom, right] = new UnitBoxes(network, i).box(...unit)
      const outside = tf.buffer([1, height, width, channels])
      for (let h = 0; h < height; h++)
        for (let w = 0; w < width; w++)
          for (let c = 0; c < channels; c++)
            if (h < top || h >= bottom || w < left || w >= right) outside.set(0.3 + 0.1 * c, 0, h, w, c)
      const noise = outside.toTensor()
      const both = tf.tidy(() => tf.concat([image, tf.sub(image, noise)]))
      tapped.run(both, new Set([i]), (_, output) => {
        const values = tf.tidy(() => tf.slice(output, [0, ...unit, 0], [2, 1, 1, -1]).dataSync())
        const half = values.length / 2
        expect(apart(values.slice(half) as Float32Array, values.slice(0, half)), layer.name).toBeLessThan(
          1e-5,
        )
      })
      tf.dispose([noise, both])
      tried++
    }
    tapped.dispose()
    image.dispose()
    // These are all layers before the excitation whose output is not a vector.
    expect(tried).toBeGreaterThan(12)
  })

  describe.each(['wasm', 'webgl'] as const)('in the engine on %s', (backend) => {
    let engine: WorkerHandle<Engine>
    afterEach(() => engine.terminate())

    it('opens from its files, and every layer that can be scanned peaks where TensorFlow says', async () => {
      engine = spawnEngine()
      await engine.remote.start(backend)
      const files = await Promise.all(
        [fixtureJsonUrl, fixtureBinUrl].map(async (url, i) => {
          const path = ['graph/model.json', 'graph/weights.bin'][i]!
          return { path, file: new File([await (await fetch(url)).arrayBuffer()], path.slice(6)) }
        }),
      )
      const { network, parameters } = await engine.remote.openModel(files, { inputSize: null })
      expect(network.name).toBe('graph')
      const graph = await fixture()
      const layers = [...network.layers.keys()].filter(
        (i) => whyNotScannable(network.layers[i]!) === null && graph.nodes[i] !== null,
      )
      expect(layers.length).toBeGreaterThan(45)
      expect(parameters[1]).toBe(3 * 3 * 3 * 8 + 8)
      await engine.remote.beginScan({ layers, preprocessing: notebookPreprocessing, maxPassSize: 1 })
      const handle = await goldenPicture(network.inputShape)
      const { summaries } = await engine.remote.scanBatch([{ image: 0, handle }])
      for (const [i, layer] of layers.entries()) {
        const { max } = golden[graph.nodes[layer] as keyof typeof golden]
        expect(apart(summaries[i]!.max, max), graph.nodes[layer]!).toBeLessThan(tolerance)
      }
    })
  })
})

describe('graphs by hand', () => {
  const image = placeholder('image', -1, 9, 8, 3)
  const fused = (...ops: string[]): Record<string, unknown> => ({
    fused_ops: texts(...ops),
    num_args: whole(1),
  })

  const graphs: Readonly<Record<string, Graph>> = {
    'what is fused into a convolution': {
      nodes: [
        image,
        ...['Relu', 'Relu6', 'Elu', 'Sigmoid', 'LeakyRelu'].map((op) =>
          node(`conv/${op}`, '_FusedConv2D', ['image', 'kernel', 'bias'], {
            ...window('SAME', 2, fused('BiasAdd', op)),
            leakyrelu_alpha: { f: 0.1 },
          }),
        ),
        node('plain', '_FusedConv2D', ['image', 'kernel', 'bias'], window('VALID', 1, fused('BiasAdd'))),
        node(
          'prelu',
          '_FusedConv2D',
          ['image', 'kernel', 'bias', 'slopes'],
          window('SAME', 1, { ...fused('BiasAdd', 'Prelu'), num_args: whole(2) }),
        ),
        node(
          'deep',
          'FusedDepthwiseConv2dNative',
          ['image', 'deep_kernel', 'deep_bias'],
          window('SAME', 1, fused('BiasAdd', 'Relu6')),
        ),
        node('separate', 'Prelu', ['plain', 'slopes']),
      ],
      constants: {
        kernel: weights(3, 3, 3, 5),
        bias: weights(5),
        slopes: weights(5),
        deep_kernel: weights(3, 3, 3, 2),
        deep_bias: weights(6),
      },
    },
    'constants on either side': {
      nodes: [
        image,
        node('minus', 'Sub', ['half', 'image']),
        node('over', 'RealDiv', ['row', 'minus']),
        node('per', 'RealDiv', ['image', 'channel']),
        node('low', 'Minimum', ['per', 'one']),
        node('high', 'Maximum', ['row', 'low']),
        node('bias', 'BiasAdd', ['high', 'channel']),
      ],
      constants: {
        half: { shape: [], values: [1.5] },
        row: weights(1, 1, 8, 3),
        channel: weights(3),
        one: { shape: [1, 1, 1, 1], values: [0.25] },
      },
    },
    'parts of channels': {
      nodes: [
        image,
        node('wide', 'ConcatV2', ['image', 'image', 'axis'], { N: whole(2) }),
        node('parts', 'SplitV', ['wide', 'sizes', 'axis'], { num_split: whole(2) }),
        node('behind', 'Relu', ['parts:1']),
        node('cut', 'Slice', ['wide', 'begin', 'size']),
      ],
      constants: { axis: int(3), sizes: ints(2, 4), begin: ints(0, 1, 2, 1), size: ints(-1, 4, 5, 3) },
    },
    'channels, rows and columns at given places': {
      nodes: [
        image,
        node('bgr', 'GatherV2', ['image', 'backwards', 'axis']),
        node('wide', 'ConcatV2', ['image', 'bgr', 'axis'], { N: whole(2) }),
        node('some', 'GatherV2', ['wide', 'places', 'last']),
        node('rows', 'GatherV2', ['some', 'middle', 'one']),
        node('column', 'GatherV2', ['rows', 'two', 'two']),
      ],
      constants: {
        axis: int(3),
        last: int(-1),
        one: int(1),
        two: int(2),
        backwards: ints(2, 1, 0),
        places: ints(4, 5, 0, 1, 1),
        middle: ints(3, 4, 5),
      },
    },
    'channels that become rows and columns, and magnitudes': {
      nodes: [
        image,
        node('wide', '_FusedConv2D', ['image', 'kernel', 'bias'], window('SAME', 1, fused('BiasAdd'))),
        node('spread', 'DepthToSpace', ['wide'], { block_size: whole(3), data_format: text('NHWC') }),
        node('magnitude', 'Abs', ['spread']),
        node('low', 'Sub', ['spread', 'magnitude']),
      ],
      constants: { kernel: weights(3, 3, 3, 18), bias: weights(18) },
    },
    'the one image of a batch of one, without its axis and back': {
      nodes: [
        placeholder('image', 1, 9, 8, 3),
        node('unstack', 'Unpack', ['image'], { axis: whole(0), num: whole(1) }),
        node('again', 'ExpandDims', ['unstack', 'zero']),
        node('alone', 'Squeeze', ['again'], { squeeze_dims: { list: { i: ['0'] } } }),
        node('stack', 'Pack', ['alone'], { axis: whole(0), N: whole(1) }),
        node('conv', '_FusedConv2D', ['stack', 'kernel', 'bias'], window('SAME', 2, fused('BiasAdd'))),
      ],
      constants: { zero: int(0), kernel: weights(3, 3, 3, 4), bias: weights(4) },
    },
    'constants that are computed beforehand': {
      nodes: [
        image,
        node('count', 'Range', ['zero', 'three', 'one']),
        node('turned', 'GatherV2', ['table', 'order', 'zero']),
        node('row', 'GatherV2', ['turned', 'one', 'zero']),
        node('floats', 'Cast', ['count'], { SrcT: { type: 'DT_INT32' }, DstT: { type: 'DT_FLOAT' } }),
        node('scaled', 'Mul', ['image', 'row']),
        node('shifted', 'AddV2', ['scaled', 'floats']),
      ],
      constants: {
        zero: int(0),
        one: int(1),
        three: int(3),
        order: ints(2, 0),
        table: weights(3, 3),
      },
    },
  }

  it.each(Object.entries(graphs))('%s', async (_, graph) => {
    const topology = topologyOf(graph)
    const entries = Object.entries(graph.constants)
    const isWhole = (values: readonly number[]): boolean => values.every(Number.isInteger)
    const specs = entries.map(([name, { shape, values }]) => ({
      name,
      shape: [...shape],
      dtype: isWhole(values) ? ('int32' as const) : ('float32' as const),
    }))
    const parts = entries.map(([, { values }]) =>
      isWhole(values) ? Int32Array.from(values) : Float32Array.from(values),
    )
    const bytes = await new Blob(parts).arrayBuffer()
    for (const one of topology.node)
      if (one.op === 'Const') Object.assign(one, { attr: { dtype: { type: 'DT_FLOAT' } } })
    const read = graphNetwork(topology, constantsOf(graph), { name: 'graph', inputSize: null })
    expect(read.network.layers.flatMap((layer) => (layer.op === null ? [layer.problem] : []))).toEqual([])
    expect(await compare({ topology, signature: undefined, specs, bytes }, read)).toBeLessThan(tolerance)
  })

  it('whole numbers as input: fractions of what is fed are cut off', async () => {
    const pixels = node('pixels', 'Placeholder', [], { ...image.attr, dtype: { type: 'DT_INT32' } })
    const graph: Graph = {
      nodes: [
        pixels,
        node('floats', 'Cast', ['pixels'], { SrcT: { type: 'DT_INT32' }, DstT: { type: 'DT_FLOAT' } }),
        node('conv', 'Conv2D', ['floats', 'kernel'], window('SAME', 2)),
      ],
      constants: { kernel: weights(3, 3, 3, 4) },
    }
    const read = graphNetwork(topologyOf(graph), constantsOf(graph), { name: 'graph', inputSize: null })
    const fed = tf.tidy(() => tf.mul(goldenInput(read.network.inputShape), 200.3))
    const found = computed(read, fed).get('conv')!
    const [kernel, cut] = [
      tf.tensor(graph.constants['kernel']!.values as number[], [3, 3, 3, 4]),
      tf.floor(fed),
    ]
    const wanted = tf.conv2d(cut as tf.Tensor4D, kernel as tf.Tensor4D, 2, 'same')
    expect(apart(found, wanted.dataSync())).toBeLessThan(tolerance)
    tf.dispose([fed, kernel, cut, wanted])
  })
})
