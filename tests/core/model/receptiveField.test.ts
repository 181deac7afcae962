import { describe, expect, it } from 'vitest'
import type { Network, Padding, Pair, SupportedLayer } from '../../../src/core/model/network.ts'
import { mapSize } from '../../../src/core/model/units.ts'
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

/** The padding before the first pixel, as TensorFlow documents `same`; not by the formula of the code under test. */
function samePadding(length: number, span: number, stride: number): number {
  const rest = length % stride
  return Math.floor(Math.max(span - (rest === 0 ? stride : rest), 0) / 2)
}

function windowInputs(
  op: { kernel: Pair; strides: Pair; padding: Padding; dilation?: Pair },
  axis: Axis,
  unit: number,
  inputLength: number,
): number[] {
  const stride = op.strides[axis]
  const dilation = op.dilation?.[axis] ?? 1
  const span = (op.kernel[axis] - 1) * dilation + 1
  const before = op.padding === 'same' ? samePadding(inputLength, span, stride) : 0
  return Array.from({ length: op.kernel[axis] }, (_, tap) => unit * stride - before + tap * dilation)
}

/** The indices of the input's map that a unit reads by definition, as if maps continued beyond their edges. */
function inputsOf({ op, shape }: SupportedLayer, axis: Axis, unit: number, inputLength: number): number[] {
  switch (op.kind) {
    case 'conv':
    case 'depthwiseConv':
    case 'separableConv':
    case 'pool':
      return windowInputs(op, axis, unit, inputLength)
    case 'transposedConv': {
      // It is the gradient of a convolution, which reads the other way round.
      const readers = Array.from({ length: 80 }, (_, i) => i - 40 + Math.floor(unit / op.strides[axis]))
      return readers.filter((i) => windowInputs(op, axis, i, shape[axis]!).includes(unit))
    }
    case 'pad':
      return [unit - (axis === 0 ? op.rows : op.columns)[0]]
    case 'crop':
      return [unit + (axis === 0 ? op.rows : op.columns)[0]]
    case 'upsample':
    case 'resize': {
      // By half-pixel centres, this is the middle of the unit in pixels of the input.
      const middle = ((unit + 0.5) * inputLength) / shape[axis]!
      // TensorFlow rounds to 32 bits; this decides between two pixels if the middle lies between them.
      const f = Math.fround
      if (op.interpolation === 'nearest')
        return [Math.floor(f(f(unit + 0.5) * f(inputLength / shape[axis]!)))]
      return [Math.floor(middle - 0.5), Math.ceil(middle - 0.5)]
    }
    default:
      return [unit]
  }
}

function layerAt(network: Network, index: number): SupportedLayer {
  return network.layers[index] as SupportedLayer
}

function lengthAt(network: Network, index: number, axis: Axis): number {
  return mapSize(layerAt(network, index).shape)[axis]
}

const dependenciesOf = new WeakMap<Network, Map<string, [number, number]>>()

/** The hull of all pixels that a unit depends on by definition, as if maps continued beyond their edges. */
function dependencies(network: Network, layer: number, axis: Axis, unit: number): [number, number] {
  if (layer === network.input) return [unit, unit + 1]
  let memo = dependenciesOf.get(network)
  if (!memo) dependenciesOf.set(network, (memo = new Map()))
  const key = `${layer} ${axis} ${unit}`
  let seen = memo.get(key)
  if (!seen) {
    const all = layerAt(network, layer).inputs.flatMap((input) =>
      inputsOf(layerAt(network, layer), axis, unit, lengthAt(network, input, axis)).map((before) =>
        dependencies(network, input, axis, before),
      ),
    )
    seen = [Math.min(...all.map(([first]) => first)), Math.max(...all.map(([, end]) => end))]
    memo.set(key, seen)
  }
  return seen
}

function hull(pixels: readonly number[]): [number, number] {
  return [Math.min(...pixels), Math.max(...pixels) + 1]
}

/** Whether a unit of this layer, or of one before it, may skip pixels between those that it reads. */
function mayHaveHoles(network: Network, layer: number): boolean {
  const { op, inputs } = layerAt(network, layer)
  const own =
    op.kind === 'resize' ||
    op.kind === 'transposedConv' ||
    ('dilation' in op && op.dilation.some((n) => n > 1)) ||
    ('kernel' in op && op.kernel.some((n, axis) => n < op.strides[axis]!))
  return own || inputs.some((input) => mayHaveHoles(network, input))
}

/** Lights up one pixel and runs the network, with zeros beyond the edges: returns the units of each layer that change. */
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
        layer.inputs.some((input) =>
          inputsOf(layer, axis, unit, maps[input]!.length).some((x) => maps[input]![x] === true),
        ),
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

/** A random layer of a kind that keeps the spatial order of units. */
function randomLayer(random: Random, name: string): LayerSpec {
  const padding = random.pick(['valid', 'same'])
  switch (
    random.pick([
      'conv',
      'conv',
      'dilated',
      'depthwise',
      'separable',
      'pool',
      'pad',
      'crop',
      'norm',
      'activation',
      'transposed',
      'upsample',
      'resize',
    ])
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
    case 'separable':
      return spec('SeparableConv2D', name, { filters: 2, kernel_size: random.int(1, 4), padding })
    case 'transposed':
      return spec('Conv2DTranspose', name, {
        filters: 2,
        kernel_size: pair(random, 2, 4),
        strides: random.int(1, 2),
        padding,
      })
    case 'upsample':
      return spec('UpSampling2D', name, {
        size: pair(random, 1, 3),
        interpolation: random.pick(['nearest', 'bilinear']),
      })
    case 'resize':
      return spec('Resizing', name, {
        height: random.int(5, 40),
        width: random.int(5, 40),
        interpolation: random.pick(['nearest', 'bilinear']),
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
      (layer) => layer.op !== null && layer.shape.every((n) => n > 0 && n <= 60),
    )
    if (fits) layers.push(longer.at(-1)!)
  }
  return chain(shape, layers)
}

/** Blocks of two branches that join in an Add or a Concatenate, in a file whose layers are in random order. */
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
  { name: 'chains', make: randomChain, count: 70 },
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

  it('the box of every unit is what it depends on: exactly within the image, unclipped where it hangs over', () => {
    const wrong: string[] = []
    for (const [n, network] of made.entries())
      for (const axis of [0, 1] as const) {
        const length = network.inputShape[axis]
        const noticed = Array.from({ length }, (_, pixel) => unitsThatNotice(network, axis, pixel))
        for (const i of network.layers.keys()) {
          const boxes = new UnitBoxes(network, i)
          const holes = mayHaveHoles(network, i)
          for (let unit = 0; unit < lengthAt(network, i, axis); unit++) {
            const hanging = dependencies(network, i, axis, unit)
            const pixels = noticed.flatMap((maps, pixel) => (maps[i]![unit] ? [pixel] : []))
            const exact = pixels.length > 0 ? hull(pixels) : hanging
            const expected = [exact[0] > 0 ? exact[0] : hanging[0], exact[1] < length ? exact[1] : hanging[1]]
            const box = axis === 0 ? boxes.box(unit, 0) : boxes.box(0, unit)
            const [first, end] = [box[axis], box[axis + 2]!]
            // If there are holes, the box may also hold those between the padding and the first pixel that is read.
            const right = holes
              ? hanging[0] <= first && first <= expected[0]! && expected[1]! <= end && end <= hanging[1]
              : first === expected[0] && end === expected[1]
            if (!right)
              wrong.push(
                `network ${n}, layer ${i}, axis ${axis}, unit ${unit}: ${first}…${end}, not ${expected}`,
              )
          }
        }
      }
    expect(wrong).toEqual([])
  })

  it('size is that of the largest unit, stride the mean one, start that of the first', () => {
    for (const [n, network] of made.entries())
      for (const i of network.layers.keys()) {
        const { size, stride, start, whole } = receptiveField(network, i)
        expect(whole).toBe(false)
        for (const axis of [0, 1] as const) {
          const units = Array.from({ length: 25 }, (_, unit) => dependencies(network, i, axis, unit))
          const where = `network ${n}, layer ${i}, axis ${axis}`
          expect(size[axis], where).toBe(Math.max(...units.map(([first, end]) => end - first)))
          expect(stride[axis], where).toBe((units[24]![0] - units[0]![0]) / 24)
          expect(start[axis], where).toBe(units[0]![0])
        }
      }
  })
})

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
      globalContext: false,
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
        globalContext: false,
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
  // 8 rows get one row of padding at the end, 7 columns get one on either side.
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

describe('statistics of the whole map', () => {
  const squeezed = networkOf(
    keras3FunctionalJson([
      inputSpec([16, 16, 3]),
      spec('Conv2D', 'conv', { filters: 4, kernel_size: 3, padding: 'same' }, ['image']),
      spec('GlobalAveragePooling2D', 'squeeze', { keepdims: true }, ['conv']),
      spec('Conv2D', 'excite', { filters: 4, kernel_size: 1 }, ['squeeze']),
      spec('Multiply', 'scaled', {}, ['conv', 'excite']),
      spec('Conv2D', 'after', { filters: 2, kernel_size: 3 }, ['scaled']),
      spec('Flatten', 'flat', {}, ['after']),
    ]),
  )
  const field = (name: string) => receptiveField(squeezed, layerIndex(squeezed, name))

  it('that are broadcast back do not widen the box, but are told of', () => {
    expect(field('conv')).toMatchObject({ size: [3, 3], globalContext: false })
    expect(field('squeeze')).toMatchObject({ whole: true, globalContext: false })
    expect(field('excite')).toMatchObject({ whole: true, globalContext: false })
    expect(field('scaled')).toMatchObject({ size: [3, 3], whole: false, globalContext: true })
    expect(field('after')).toMatchObject({ size: [5, 5], whole: false, globalContext: true })
    expect(new UnitBoxes(squeezed, layerIndex(squeezed, 'after')).box(4, 4)).toEqual([3, 3, 8, 8])
  })

  it('add nothing where a unit sees the whole image anyway', () => {
    expect(field('flat')).toMatchObject({ whole: true, globalContext: false })
  })

  it.each([
    ['GroupNormalization', { groups: 2 }, true],
    ['LayerNormalization', { axis: [1, 2, 3] }, true],
    ['LayerNormalization', { axis: -1 }, false],
    ['BatchNormalization', {}, false],
  ])('%s %j: %s', (className, config, globalContext) => {
    const network = chain(
      [12, 12, 4],
      [
        spec('Conv2D', 'conv', { filters: 4, kernel_size: 3 }),
        spec(className, 'norm', config),
        spec('ReLU', 'relu'),
      ],
    )
    expect(receptiveField(network, layerIndex(network, 'relu'))).toMatchObject({
      size: [3, 3],
      globalContext,
    })
  })
})
