/**
 * @file Networks computed in double precision by the formula of each kind of layer, as slowly and as plainly as possible, and
 * gradients of them by central differences. One image, without a batch.
 */
import type {
  Activation,
  Arithmetic,
  Network,
  Operation,
  OperationOf,
  Shape,
  SupportedLayer,
} from '../../../src/core/model/network.ts'
import { elementCount } from '../../../src/core/model/network.ts'
import { kindOf } from '../../../src/core/model/kinds/index.ts'
import { paddingBefore, type Window } from '../../../src/core/model/kinds/windows.ts'
import { transposedLength } from '../../../src/core/model/kinds/transposedConv.ts'

export interface Numbers {
  readonly shape: Shape
  readonly data: ArrayLike<number>
}

/** The weights of a layer. */
type Weights = readonly ArrayLike<number>[]

/** Layers by their operations and the indices of their inputs; layer 0 is the image. */
export function networkOfLayers(
  inputShape: readonly [number, number, number],
  layers: readonly (readonly [op: Operation, inputs: readonly number[]])[],
): Network {
  const own: SupportedLayer[] = [
    { name: 'image', className: 'Input', inputs: [], op: { kind: 'input' }, shape: inputShape, weights: [] },
  ]
  for (const [i, [op, inputs]] of layers.entries()) {
    const shapes = inputs.map((j) => own[j]!.shape)
    const kind = kindOf(op)
    own.push({
      name: `${op.kind} ${i + 1}`,
      className: op.kind,
      inputs,
      op,
      shape: kind.shape(op as never, shapes),
      weights: kind.weights(op as never, shapes[0]!),
    })
  }
  return { name: null, layers: own, input: 0, inputShape, openSize: false }
}

/** The outputs of all layers; `given` has those that are not to be computed. */
export function outputs64(
  network: Network,
  weights: (layer: number) => Weights,
  given: ReadonlyMap<number, ArrayLike<number>>,
  until: number,
): Float64Array[] {
  const outputs: Float64Array[] = []
  for (const [i, layer] of network.layers.slice(0, until + 1).entries()) {
    const { op, shape, inputs } = layer as SupportedLayer
    const known = given.get(i)
    outputs.push(
      known
        ? Float64Array.from(known)
        : layer64(
            op,
            inputs.map((j) => ({
              shape: (network.layers[j] as SupportedLayer).shape,
              data: outputs[j]!,
            })),
            weights(i),
            shape,
          ),
    )
  }
  return outputs
}

/** d Σ(seed · output of `layer`) / d output of `to`. */
export function gradient64(
  network: Network,
  weights: (layer: number) => Weights,
  image: ArrayLike<number>,
  { layer, seed, to }: { layer: number; seed: ArrayLike<number>; to: number },
): Float64Array {
  const all = outputs64(network, weights, new Map([[network.input, image]]), layer)
  const step = 1e-5
  const at = (values: Float64Array): number => {
    const given = new Map([[to, values]])
    // Layers before it are as they are.
    for (let i = 0; i < to; i++) given.set(i, all[i]!)
    const output = outputs64(network, weights, given, layer)[layer]!
    return output.reduce((sum, value, i) => sum + value * seed[i]!, 0)
  }
  return all[to]!.map((_, i) => {
    const moved = (by: number): number => at(all[to]!.map((value, k) => (k === i ? value + by : value)))
    return (moved(step) - moved(-step)) / (2 * step)
  })
}

function layer64(op: Operation, inputs: readonly Numbers[], weights: Weights, shape: Shape): Float64Array {
  const x = inputs[0]!
  switch (op.kind) {
    case 'conv':
      return ended(op, convolved(op, x, weights[0]!, op.filters, op.groups), weights[1])
    case 'depthwiseConv':
      return ended(op, convolved(op, x, weights[0]!, shape[2]!, x.shape[2]!), weights[1])
    case 'separableConv': {
      const channels = x.shape[2]! * op.multiplier
      const middle = convolved(op, x, weights[0]!, channels, x.shape[2]!)
      const point = { kernel: [1, 1], strides: [1, 1], padding: 'valid' } as const
      const map = { shape: [...shape.slice(0, 2), channels], data: middle }
      return ended(op, convolved(point, map, weights[1]!, op.filters, 1), weights[2])
    }
    case 'transposedConv':
      return ended(op, convolvedTransposed(op, x, weights[0]!), weights[1])
    case 'dense': {
      const [rows, depth] = [elementCount(x.shape) / x.shape.at(-1)!, x.shape.at(-1)!]
      const sums = made([rows, op.units], ([row, unit]) =>
        sumOf(depth, (i) => x.data[row! * depth + i]! * weights[0]![i * op.units + unit!]!),
      )
      return ended(op, sums, weights[1])
    }
    case 'pool':
      return pooled(op, x, shape)
    case 'globalPool': {
      const [height, width, channels] = x.shape as [number, number, number]
      return made([channels], ([c]) => {
        const all = Array.from({ length: height * width }, (_, p) => x.data[p * channels + c!]!)
        return op.reduce === 'max' ? Math.max(...all) : all.reduce((a, b) => a + b, 0) / all.length
      })
    }
    case 'batchNorm': {
      const rest = [...weights]
      const gamma = op.scale ? rest.shift()! : null
      const beta = op.center ? rest.shift()! : null
      return byChannel(
        x,
        (value, c) =>
          ((value - rest[0]![c]!) / Math.sqrt(rest[1]![c]! + op.epsilon)) * (gamma?.[c] ?? 1) +
          (beta?.[c] ?? 0),
      )
    }
    case 'normalization': {
      const [means, variances] = op.constants ? [op.constants.mean, op.constants.variance] : weights
      const of = (list: ArrayLike<number>, c: number): number => list[list.length === 1 ? 0 : c]!
      return byChannel(x, (value, c) => {
        const deviation = Math.max(Math.sqrt(of(variances!, c)), 1e-7)
        return op.invert ? value * deviation + of(means!, c) : (value - of(means!, c)) / deviation
      })
    }
    case 'rescale': {
      const of = (list: readonly number[], c: number): number => list[list.length === 1 ? 0 : c]!
      return byChannel(x, (value, c) => value * of(op.scale, c) + of(op.offset, c))
    }
    case 'activation':
      return activated(op.activation, x)
    case 'prelu': {
      const slopes = broadcast(
        {
          shape: x.shape.map((length, i) => (op.sharedAxes.includes(i + 1) ? 1 : length)),
          data: weights[0]!,
        },
        x.shape,
      )
      return Float64Array.from(x.data, (value, i) => (value > 0 ? value : value * slopes[i]!))
    }
    case 'merge': {
      const all = inputs.map((input) => broadcast(input, shape))
      const sum = all.reduce((a, b) => a.map((value, i) => arithmetic[op.fn](value, b[i]!)))
      return op.fn === 'average' ? sum.map((value) => value / inputs.length) : sum
    }
    case 'addScaled': {
      const [a, b] = inputs.map((input) => broadcast(input, shape))
      return a!.map((value, i) => value + op.scale * b![i]!)
    }
    case 'withConstant': {
      const constant =
        typeof op.constant === 'number'
          ? { shape: [], data: [op.constant] }
          : { shape: op.constant.shape, data: weights[0]! }
      const values = broadcast(constant, shape)
      return Float64Array.from(x.data, (value, i) =>
        op.constantFirst ? arithmetic[op.fn](values[i]!, value) : arithmetic[op.fn](value, values[i]!),
      )
    }
    case 'concat': {
      const along = op.axis === -1 ? shape.length - 1 : op.axis - 1
      return made(shape, (index) => {
        let at = index[along]!
        for (const { shape: own, data } of inputs) {
          if (at < own[along]!) return data[flat(own, index.with(along, at))]!
          at -= own[along]!
        }
        throw new Error('no part')
      })
    }
    case 'flatten': {
      if (!op.channelsFirst) return Float64Array.from(x.data)
      const [height, width, channels] = x.shape as [number, number, number]
      return made([channels, height, width], ([c, r, w]) => x.data[flat(x.shape, [r!, w!, c!])]!)
    }
    case 'reshape':
    case 'identity':
      return Float64Array.from(x.data)
    case 'crop':
      return made(shape, ([r, c, k]) => x.data[flat(x.shape, [r! + op.rows[0], c! + op.columns[0], k!])]!)
    case 'pad': {
      const place = (at: number, length: number): number | null => {
        if (at >= 0 && at < length) return at
        switch (op.mode) {
          case 'constant':
            return null
          case 'edge':
            return at < 0 ? 0 : length - 1
          case 'wrap':
            return (at + 100 * length) % length
          case 'reflect':
            return at < 0 ? -at : 2 * length - 2 - at
          case 'symmetric':
            return at < 0 ? -at - 1 : 2 * length - 1 - at
        }
      }
      return made(shape, ([r, c, k]) => {
        const row = place(r! - op.rows[0], x.shape[0]!)
        const column = place(c! - op.columns[0], x.shape[1]!)
        return row === null || column === null ? op.value : x.data[flat(x.shape, [row, column, k!])]!
      })
    }
    default:
      throw new Error(`the oracle knows no ${op.kind}`)
  }
}

/** Where an index of several axes lies in memory. */
function flat(shape: Shape, index: readonly number[]): number {
  return index.reduce((at, place, axis) => at * shape[axis]! + place, 0)
}

function made(shape: Shape, value: (index: readonly number[]) => number): Float64Array {
  return Float64Array.from({ length: elementCount(shape) }, (_, i) => {
    const index: number[] = []
    let left = i
    for (const length of shape.toReversed()) {
      index.unshift(left % length)
      left = Math.floor(left / length)
    }
    return value(index)
  })
}

function sumOf(count: number, value: (i: number) => number): number {
  let sum = 0
  for (let i = 0; i < count; i++) sum += value(i)
  return sum
}

function byChannel(x: Numbers, value: (x: number, channel: number) => number): Float64Array {
  return Float64Array.from(x.data, (one, i) => value(one, i % x.shape.at(-1)!))
}

function broadcast({ shape, data }: Numbers, to: Shape): Float64Array {
  const full = [...Array<number>(to.length - shape.length).fill(1), ...shape]
  return made(to, (index) => {
    const own = index.map((place, axis) => (full[axis] === 1 ? 0 : place))
    return data[flat(full, own)]!
  })
}

/** The places of a window that lie in the map, by the index of its tap. */
function placesOf(window: Window, [height, width]: Shape, row: number, column: number) {
  const [down, right] = window.dilation ?? [1, 1]
  const [top, left] = [paddingBefore(window, 0, height!), paddingBefore(window, 1, width!)]
  const places: { tap: number; row: number; column: number; isInside: boolean }[] = []
  for (let i = 0; i < window.kernel[0]; i++)
    for (let j = 0; j < window.kernel[1]; j++) {
      const at = [row * window.strides[0] - top + i * down, column * window.strides[1] - left + j * right]
      const isInside = at[0]! >= 0 && at[0]! < height! && at[1]! >= 0 && at[1]! < width!
      places.push({ tap: i * window.kernel[1] + j, row: at[0]!, column: at[1]!, isInside })
    }
  return places
}

function sizeOf(window: Window, [height, width]: Shape): [number, number] {
  const along = (axis: 0 | 1, length: number): number => {
    const apart = (window.kernel[axis] - 1) * (window.dilation?.[axis] ?? 1) + 1
    const { padding } = window
    if (padding === 'same') return Math.ceil(length / window.strides[axis])
    const margins = padding === 'valid' ? [0, 0] : axis === 0 ? padding.rows : padding.columns
    return Math.floor((length + margins[0]! + margins[1]! - apart) / window.strides[axis]) + 1
  }
  return [along(0, height!), along(1, width!)]
}

function convolved(
  window: Window,
  x: Numbers,
  filter: ArrayLike<number>,
  filters: number,
  groups: number,
): Float64Array {
  const channels = x.shape[2]!
  const [depth, width] = [channels / groups, filters / groups]
  return made([...sizeOf(window, x.shape), filters], ([row, column, out]) => {
    const group = Math.floor(out! / width)
    return placesOf(window, x.shape, row!, column!)
      .filter(({ isInside }) => isInside)
      .reduce((sum, place) => {
        const at = flat(x.shape, [place.row, place.column, group * depth])
        return sum + sumOf(depth, (i) => x.data[at + i]! * filter[(place.tap * depth + i) * filters + out!]!)
      }, 0)
  })
}

/** Each input is spread over the window that a convolution of the output would see it by. */
function convolvedTransposed(
  op: OperationOf<'transposedConv'>,
  x: Numbers,
  filter: ArrayLike<number>,
): Float64Array {
  const [height, width, channels] = x.shape as [number, number, number]
  const shape = [transposedLength(op, 0, height), transposedLength(op, 1, width), op.filters]
  const sums = new Float64Array(elementCount(shape))
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++)
      for (const place of placesOf(op, shape, row, column)) {
        if (!place.isInside) continue
        for (let out = 0; out < op.filters; out++)
          sums[flat(shape, [place.row, place.column, out])]! += sumOf(
            channels,
            (i) =>
              x.data[flat(x.shape, [row, column, i])]! *
              filter[(place.tap * op.filters + out) * channels + i]!,
          )
      }
  return sums
}

function pooled(op: OperationOf<'pool'>, x: Numbers, shape: Shape): Float64Array {
  const counted = op.counted ?? { rows: [0, 0], columns: [0, 0] }
  return made(shape, ([row, column, c]) => {
    const places = placesOf(op, x.shape, row!, column!)
    const values = places
      .filter(({ isInside }) => isInside)
      .map((place) => x.data[flat(x.shape, [place.row, place.column, c!])]!)
    if (op.reduce === 'max') return Math.max(...values)
    const count = places.filter(
      (place) =>
        place.row >= -counted.rows[0] &&
        place.row < x.shape[0]! + counted.rows[1] &&
        place.column >= -counted.columns[0] &&
        place.column < x.shape[1]! + counted.columns[1],
    ).length
    return values.reduce((a, b) => a + b, 0) / count
  })
}

function ended(
  { activation }: { activation: Activation },
  sums: Float64Array,
  bias: ArrayLike<number> | undefined,
): Float64Array {
  const biased = bias ? sums.map((sum, i) => sum + bias[i % bias.length]!) : sums
  return activated(activation, {
    shape: [biased.length / (bias?.length ?? 1), bias?.length ?? 1],
    data: biased,
  })
}

const arithmetic: Readonly<Record<Arithmetic, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  average: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
  maximum: Math.max,
  minimum: Math.min,
  power: (a, b) => a ** b,
  greater: (a, b) => Number(a > b),
  greaterOrEqual: (a, b) => Number(a >= b),
  less: (a, b) => Number(a < b),
  lessOrEqual: (a, b) => Number(a <= b),
  equal: (a, b) => Number(a === b),
  notEqual: (a, b) => Number(a !== b),
}

/** By its series, which is exact to the last digits for the arguments of tests. */
function erf(x: number): number {
  let [term, sum] = [x, x]
  for (let n = 1; n < 200; n++) {
    term *= -(x * x) / n
    sum += term / (2 * n + 1)
  }
  return (2 / Math.sqrt(Math.PI)) * sum
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))
const clip = (x: number, low: number, high: number): number => Math.min(Math.max(x, low), high)
const softplus = (x: number): number => Math.log1p(Math.exp(x))
const elu = (x: number): number => (x > 0 ? x : Math.expm1(x))

const functions: Readonly<Record<string, (x: number) => number>> = {
  linear: (x) => x,
  relu: (x) => Math.max(x, 0),
  relu6: (x) => clip(x, 0, 6),
  elu,
  celu: elu,
  selu: (x) => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * Math.expm1(x)),
  sigmoid,
  hard_sigmoid: (x) => clip(x + 3, 0, 6) / 6,
  hard_sigmoid_2: (x) => clip(0.2 * x + 0.5, 0, 1),
  tanh: Math.tanh,
  softplus,
  softsign: (x) => x / (1 + Math.abs(x)),
  silu: (x) => x * sigmoid(x),
  hard_silu: (x) => (x * clip(x + 3, 0, 6)) / 6,
  gelu: (x) => (x * (1 + erf(x / Math.SQRT2))) / 2,
  gelu_tanh: (x) => (x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)))) / 2,
  exponential: Math.exp,
  mish: (x) => x * Math.tanh(softplus(x)),
  log_sigmoid: (x) => Math.log(sigmoid(x)),
  squareplus: (x) => (x + Math.sqrt(x * x + 4)) / 2,
  hard_tanh: (x) => clip(x, -1, 1),
  tanh_shrink: (x) => x - Math.tanh(x),
  soft_shrink: (x) => Math.sign(x) * Math.max(Math.abs(x) - 0.5, 0),
  hard_shrink: (x) => (Math.abs(x) > 0.5 ? x : 0),
  sparse_plus: (x) => (x <= -1 ? 0 : x < 1 ? (x + 1) ** 2 / 4 : x),
  abs: Math.abs,
}

function activated(activation: Activation, x: Numbers): Float64Array {
  switch (activation.fn) {
    case 'softmax':
    case 'log_softmax': {
      const channels = x.shape.at(-1)!
      return Float64Array.from(x.data, (value, i) => {
        const first = i - (i % channels)
        const sum = sumOf(channels, (c) => Math.exp(x.data[first + c]!))
        return activation.fn === 'softmax' ? Math.exp(value) / sum : value - Math.log(sum)
      })
    }
    case 'leaky_relu':
      return Float64Array.from(x.data, (value) => (value > 0 ? value : value * activation.slope))
    case 'elu_alpha':
      return Float64Array.from(x.data, (value) => (value > 0 ? value : activation.alpha * Math.expm1(value)))
    case 'general_relu': {
      const { max, slope, threshold } = activation
      return Float64Array.from(x.data, (value) => {
        const passed = value > threshold ? value : 0
        const capped = max === null ? passed : clip(passed, 0, max)
        return value > threshold ? capped : capped + slope * (value - threshold)
      })
    }
    default:
      return Float64Array.from(x.data, functions[activation.fn]!)
  }
}
