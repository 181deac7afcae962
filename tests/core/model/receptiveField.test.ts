import { describe, expect, it } from 'vitest'
import { mapSize, type Network, type Pair, type SupportedLayer } from '../../../src/core/model/network.ts'
import { receptiveField, UnitBoxes } from '../../../src/core/model/receptiveField.ts'
import {
  chain,
  exerciseNetwork,
  inputSpec,
  keras3FunctionalJson,
  layerIndex,
  type LayerSpec,
  networkOf,
  spec,
  supported,
} from '../../fixtures/kerasModels.ts'
import { type Random, seeded } from '../../fixtures/random.ts'

type Axis = 0 | 1

/** Pixels before the first one, as TensorFlow documents `same` padding; not the formula of the code under test. */
function samePadding(length: number, span: number, stride: number): number {
  const rest = length % stride
  return Math.floor(Math.max(span - (rest === 0 ? stride : rest), 0) / 2)
}

interface Taps {
  readonly taps: number
  readonly stride: number
  readonly dilation: number
  /** Zeros before the first input. */
  readonly before: number
}

/** Every operation of these tests is a sum over taps of its inputs, if one looks only at what depends on what. */
function tapsOf({ op }: SupportedLayer, axis: Axis, inputLength: number): Taps {
  const point = { taps: 1, stride: 1, dilation: 1, before: 0 }
  switch (op.kind) {
    case 'conv':
    case 'depthwiseConv':
    case 'pool': {
      const taps = op.kernel[axis]
      const stride = op.strides[axis]
      const dilation = op.kind === 'pool' ? 1 : op.dilation[axis]
      const span = (taps - 1) * dilation + 1
      return {
        taps,
        stride,
        dilation,
        before: op.padding === 'same' ? samePadding(inputLength, span, stride) : 0,
      }
    }
    case 'pad':
      return { ...point, before: (axis === 0 ? op.rows : op.columns)[0] }
    case 'crop':
      return { ...point, before: -(axis === 0 ? op.rows : op.columns)[0] }
    default:
      return point
  }
}

function layerAt(network: Network, index: number): SupportedLayer {
  return network.layers[index] as SupportedLayer
}

function lengthAt(network: Network, index: number, axis: Axis): number {
  return mapSize(layerAt(network, index).shape)[axis]
}

/** All indices of the input that a unit depends on, by definition, as if maps went on beyond their edges. */
function dependencies(network: Network, layer: number, axis: Axis, unit: number): Set<number> {
  if (layer === network.input) return new Set([unit])
  const seen = new Set<number>()
  for (const input of layerAt(network, layer).inputs) {
    const { taps, stride, dilation, before } = tapsOf(
      layerAt(network, layer),
      axis,
      lengthAt(network, input, axis),
    )
    for (let t = 0; t < taps; t++)
      for (const pixel of dependencies(network, input, axis, unit * stride - before + t * dilation))
        seen.add(pixel)
  }
  return seen
}

function hull(pixels: Iterable<number>): [number, number] {
  const all = [...pixels]
  return [Math.min(...all), Math.max(...all) + 1]
}

/** Lights up one pixel and runs the network: the units of each layer that notice. Zeros beyond the edges. */
function unitsThatNotice(network: Network, axis: Axis, pixel: number): boolean[][] {
  const maps: boolean[][] = []
  for (const [i, layer] of network.layers.entries()) {
    if (layer.op === null) break
    if (i === network.input) {
      maps.push(Array.from({ length: network.inputShape[axis] }, (_, x) => x === pixel))
      continue
    }
    maps.push(
      Array.from({ length: lengthAt(network, i, axis) }, (_, unit) =>
        layer.inputs.some((input) => {
          const { taps, stride, dilation, before } = tapsOf(layer, axis, maps[input]!.length)
          return Array.from({ length: taps }, (__, t) => unit * stride - before + t * dilation).some(
            (x) => maps[input]![x] === true,
          )
        }),
      ),
    )
  }
  return maps
}

function pair(random: Random, low: number, high: number): Pair {
  return [random.int(low, high), random.int(low, high)]
}

function margins(random: Random): readonly Pair[] {
  return [pair(random, 0, 3), pair(random, 0, 3)]
}

/** A layer of any kind that keeps the place of units in order. */
function randomLayer(random: Random, name: string): LayerSpec {
  const padding = random.pick(['valid', 'same'])
  switch (
    random.pick(['conv', 'conv', 'dilated', 'depthwise', 'pool', 'pad', 'crop', 'norm', 'activation'])
  ) {
    case 'conv':
      return spec('Conv2D', name, {
        filters: 2,
        kernel_size: pair(random, 1, 5),
        strides: pair(random, 1, 3),
        padding,
      })
    case 'dilated':
      return spec('Conv2D', name, {
        filters: 2,
        kernel_size: pair(random, 1, 4),
        dilation_rate: pair(random, 1, 2),
        padding,
      })
    case 'depthwise':
      return spec('DepthwiseConv2D', name, {
        kernel_size: pair(random, 1, 5),
        strides: random.int(1, 3),
        padding,
      })
    case 'pool':
      return spec(random.pick(['MaxPooling2D', 'AveragePooling2D']), name, {
        pool_size: pair(random, 1, 4),
        strides: random.pick([null, pair(random, 1, 3)]),
        padding,
      })
    case 'pad':
      return spec('ZeroPadding2D', name, { padding: margins(random) })
    case 'crop':
      return spec('Cropping2D', name, { cropping: margins(random) })
    case 'norm':
      return spec('BatchNormalization', name, { axis: -1 })
    default:
      return spec('ReLU', name)
  }
}

function randomChain(random: Random): Network {
  const shape = [random.int(9, 40), random.int(9, 40), 3]
  const layers: LayerSpec[] = []
  for (let i = 0; i < 7; i++) {
    const longer = [...layers, randomLayer(random, `layer_${i}`)]
    const fits = chain(shape, longer).layers.every(
      (layer) => layer.op !== null && layer.shape.every((n) => n > 0),
    )
    if (fits) layers.push(longer.at(-1)!)
  }
  return chain(shape, layers)
}

/** Blocks of two branches that meet in an Add or a Concatenate, in a file whose layers are in no order. */
function randomGraph(random: Random): Network {
  const image = inputSpec([random.int(12, 40), random.int(12, 40), 3])
  const layers: LayerSpec[] = [image]
  let last = image.name
  const append = (className: string, config: Record<string, unknown>, inputs: string[] = [last]): string => {
    const name = `${className}_${layers.length}`
    layers.push(spec(className, name, config, inputs))
    return name
  }
  for (let block = 0; block < 3; block++) {
    const from = last
    let branches: string[]
    if (random.next() < 0.6) {
      const strides = random.int(1, 3)
      const first = append(
        'Conv2D',
        { filters: 3, kernel_size: random.int(1, 5), strides, padding: 'same' },
        [from],
      )
      const main = append('Conv2D', { filters: 3, kernel_size: pair(random, 1, 3), padding: 'same' }, [first])
      const shortcut = append('MaxPooling2D', { pool_size: random.int(1, 3), strides, padding: 'same' }, [
        from,
      ])
      branches = random.shuffled([main, shortcut])
    } else {
      const kernel = pair(random, 1, 4)
      const split = kernel.map((k) => random.int(0, k - 1))
      const cropping = kernel.map((k, axis) => [split[axis]!, k - 1 - split[axis]!])
      branches = [
        append('Conv2D', { filters: 3, kernel_size: kernel }, [from]),
        append('Cropping2D', { cropping }, [from]),
      ]
    }
    last = append(random.pick(['Add', 'Concatenate']), {}, branches)
    last = append('Conv2D', { filters: 3, kernel_size: 1 })
  }
  return networkOf(keras3FunctionalJson(random.shuffled(layers)))
}

const networks = [
  { name: 'chains', make: randomChain, count: 150 },
  { name: 'graphs with branches', make: randomGraph, count: 60 },
]

describe.each(networks)('in random $name', ({ make, count }) => {
  const random = seeded(count)
  const made = Array.from({ length: count }, () => make(random)).filter(({ layers }) =>
    layers.every(({ op }) => op !== null),
  )

  it('are enough networks that fit', () => {
    expect(made.length).toBeGreaterThan(count / 2)
    expect(made.reduce((sum, { layers }) => sum + layers.length, 0)).toBeGreaterThan(count * 3)
  })

  it('the box of every unit is the hull of all it depends on', () => {
    for (const [n, network] of made.entries())
      for (const [i, layer] of network.layers.entries()) {
        const boxes = new UnitBoxes(network, i)
        const [rows, columns] = mapSize(layer.op === null ? [] : layer.shape)
        const intervals = ([0, 1] as const).map((axis) =>
          Array.from({ length: axis === 0 ? rows : columns }, (_, unit) =>
            hull(dependencies(network, i, axis, unit)),
          ),
        )
        const expected = intervals[0]!.map(([top, bottom]) =>
          intervals[1]!.map(([left, right]) => [top, left, bottom, right]),
        )
        const found = Array.from({ length: rows }, (_, row) =>
          Array.from({ length: columns }, (__, column) => [...boxes.box(row, column)]),
        )
        expect(found, `network ${n}, ${layer.name}`).toEqual(expected)
      }
  })

  it('size, stride and start are those of the first units', () => {
    for (const network of made)
      for (const i of network.layers.keys()) {
        const [rows, columns] = ([0, 1] as const).map((axis) => {
          const [start, end] = hull(dependencies(network, i, axis, 0))
          return { start, size: end - start, stride: hull(dependencies(network, i, axis, 1))[0] - start }
        })
        expect(receptiveField(network, i)).toEqual({
          size: [rows!.size, columns!.size],
          stride: [rows!.stride, columns!.stride],
          start: [rows!.start, columns!.start],
          whole: false,
        })
      }
  })

  it('a unit notices no pixel outside of its box, and the outermost pixels of a box inside the image', () => {
    for (const [n, network] of made.slice(0, 40).entries())
      for (const axis of [0, 1] as const) {
        const length = network.inputShape[axis]
        const noticed = Array.from({ length }, (_, pixel) => unitsThatNotice(network, axis, pixel))
        for (const i of network.layers.keys()) {
          const boxes = new UnitBoxes(network, i)
          for (let unit = 0; unit < lengthAt(network, i, axis); unit++) {
            const where = `network ${n}, layer ${i}, axis ${axis}, unit ${unit}`
            const pixels = noticed.flatMap((maps, pixel) => (maps[i]![unit] ? [pixel] : []))
            const box = axis === 0 ? boxes.box(unit, 0) : boxes.box(0, unit)
            const [from, to] = [box[axis], box[axis + 2]!]
            expect(
              pixels.every((pixel) => pixel >= from && pixel < to),
              where,
            ).toBe(true)
            if (isInterior(network, i, axis, unit)) expect(hull(pixels), where).toEqual([from, to])
          }
        }
      }
  })
})

/** No unit on the way hangs over an edge. */
function isInterior(network: Network, layer: number, axis: Axis, unit: number): boolean {
  if (unit < 0 || unit >= lengthAt(network, layer, axis)) return false
  return layerAt(network, layer).inputs.every((input) => {
    const { taps, stride, dilation, before } = tapsOf(
      layerAt(network, layer),
      axis,
      lengthAt(network, input, axis),
    )
    return Array.from({ length: taps }, (_, t) => unit * stride - before + t * dilation).every((x) =>
      isInterior(network, input, axis, x),
    )
  })
}

describe("the exercise's network", () => {
  const network = exerciseNetwork()
  const solution = [
    ['batch_normalization', 1, 1, [96, 96, 3]],
    ['conv2d', 3, 1, [94, 94, 32]],
    ['conv2d_1', 5, 1, [92, 92, 32]],
    ['conv2d_2', 7, 1, [90, 90, 32]],
    ['max_pooling2d', 8, 2, [45, 45, 32]],
    ['conv2d_3', 12, 2, [43, 43, 64]],
    ['conv2d_4', 16, 2, [41, 41, 64]],
    ['conv2d_5', 20, 2, [39, 39, 64]],
    ['max_pooling2d_1', 22, 4, [19, 19, 64]],
    ['conv2d_6', 30, 4, [17, 17, 128]],
    ['conv2d_7', 38, 4, [15, 15, 128]],
    ['conv2d_8', 46, 4, [13, 13, 128]],
  ] as const

  it.each(solution)('%s: a unit sees %i × the same and moves %i', (name, size, stride, shape) => {
    expect(supported(network, name).shape).toEqual(shape)
    expect(receptiveField(network, layerIndex(network, name))).toEqual({
      size: [size, size],
      stride: [stride, stride],
      start: [0, 0],
      whole: false,
    })
  })

  it('unit (12, 7) of conv2d_5 sees the box of the contract', () => {
    expect(new UnitBoxes(network, layerIndex(network, 'conv2d_5')).box(12, 7)).toEqual([24, 14, 44, 34])
  })

  it('sees the whole image from Flatten on', () => {
    for (const name of ['flatten', 'dropout', 'dense']) {
      const layer = layerIndex(network, name)
      expect(receptiveField(network, layer)).toEqual({
        size: [96, 96],
        stride: [0, 0],
        start: [0, 0],
        whole: true,
      })
      expect(new UnitBoxes(network, layer).box(0, 0)).toEqual([0, 0, 96, 96])
    }
  })
})

it.each(['GlobalAveragePooling2D', 'GlobalMaxPooling2D'])(
  'a unit behind %s sees the whole image',
  (className) => {
    const network = chain(
      [20, 30, 3],
      [
        spec('Conv2D', 'conv', { filters: 4, kernel_size: 3 }),
        spec(className, 'global'),
        spec('Dense', 'dense', { units: 2 }),
      ],
    )
    for (const name of ['global', 'dense']) {
      const layer = layerIndex(network, name)
      expect(receptiveField(network, layer)).toMatchObject({ size: [20, 30], whole: true })
      expect(new UnitBoxes(network, layer).box(0, 0)).toEqual([0, 0, 20, 30])
    }
  },
)

it('a unit of Dense on a map sees what its place sees', () => {
  const network = chain(
    [20, 30, 3],
    [spec('Conv2D', 'conv', { filters: 4, kernel_size: 3 }), spec('Dense', 'dense', { units: 2 })],
  )
  expect(new UnitBoxes(network, layerIndex(network, 'dense')).box(4, 6)).toEqual([4, 6, 7, 9])
})

it('boxes hang over the edge under `same` padding, with the odd pixel behind', () => {
  const network = chain(
    [8, 7, 3],
    [spec('Conv2D', 'conv', { filters: 1, kernel_size: 3, strides: 2, padding: 'same' })],
  )
  const boxes = new UnitBoxes(network, 1)
  // 8 rows: one padding row, behind. 7 columns: one on either side.
  expect(boxes.box(0, 0)).toEqual([0, -1, 3, 2])
  expect(boxes.box(3, 3)).toEqual([6, 5, 9, 8])
})

function vggConv(name: string): LayerSpec {
  return spec('Conv2D', name, { filters: 1, kernel_size: 3, padding: 'same' })
}

function vggPool(name: string): LayerSpec {
  return spec('MaxPooling2D', name, { pool_size: 2 })
}

it("VGG-A has the receptive fields that TensorFlow's receptive_field table publishes", () => {
  // https://github.com/google-research/receptive_field/blob/main/RECEPTIVE_FIELD_TABLE.md
  const network = chain(
    [224, 224, 3],
    [
      vggConv('conv1_1'),
      vggPool('pool1'),
      vggConv('conv2_1'),
      vggPool('pool2'),
      vggConv('conv3_1'),
      vggConv('conv3_2'),
      vggPool('pool3'),
      vggConv('conv4_1'),
      vggConv('conv4_2'),
      vggPool('pool4'),
      vggConv('conv5_1'),
      vggConv('conv5_2'),
      vggPool('pool5'),
    ],
  )
  const found = network.layers.slice(1).map((_, i) => {
    const { size, stride, start } = receptiveField(network, i + 1)
    return [size[0], stride[0], -start[0]]
  })
  expect(found).toEqual([
    [3, 1, 1],
    [4, 2, 1],
    [8, 2, 3],
    [10, 4, 3],
    [18, 4, 7],
    [26, 4, 11],
    [30, 8, 11],
    [46, 8, 19],
    [62, 8, 27],
    [70, 16, 27],
    [102, 16, 43],
    [134, 16, 59],
    [150, 32, 59],
  ])
})
