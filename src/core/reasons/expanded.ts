/**
 * @file Expanded weights (Voss et al. 2021, "Visualizing weights", https://distill.pub/2020/circuits/visualizing-weights): with what
 * weights a channel reads the channels two sums before it, through those of the sum between. It is the product of the linear parts: an
 * activation between them is taken as identity, and pooling as the mean of its window, so it says how two layers fit together and not
 * what they compute in a picture.
 */
import { channelCount, type Network, type Pair } from '../model/network.ts'
import { affinesOfAll } from './affines.ts'
import { fedBy, kernelSlices, type KernelSlices, layersToRead } from './fedBy.ts'
import {
  carriersOf,
  type ChannelAt,
  computedAt,
  layerAt,
  type LinearPart,
  middleOf,
  type WeightsOf,
} from './lineage.ts'
import { isWindow, readIn, sliceOf } from './windowSlices.ts'
import { wayOf } from './ways.ts'

/** Through the channels of one layer between. */
export interface Expanded {
  /** The index of the layer between. */
  readonly through: number
  readonly slices: readonly KernelSlices[]
}

/** Weights over rows and columns. */
interface Grid {
  readonly rows: number
  readonly columns: number
  readonly weights: Float64Array
}

/** The way from a channel that a sum reads back to the channel of the sum between. */
interface Route {
  readonly sum: ChannelAt
  /** What is behind that sum, the last first. */
  readonly steps: readonly ChannelAt[]
  /** By how much an addition on the way multiplies. */
  readonly share: number
}

/** Moves that leave rows and columns as they are, but for where they begin. */
const rigid = ['identity', 'pad', 'crop', 'concat', 'sliceChannels', 'takeChannels', 'padChannels']

/** The routes from a channel: one, or one for each branch of an addition; none if what is between is of another kind. */
function routesOf(network: Network, at: ChannelAt, share = 1, passed: readonly ChannelAt[] = []): Route[] {
  const carriers = carriersOf(network, at)
  const end = carriers.at(-1)!
  const steps = [...passed, ...carriers.slice(0, -1)]
  const isKnown = steps.every(({ layer }) => {
    const { op } = layerAt(network, layer)
    const { kind } = wayOf(network, layer)
    if (kind === 'move') return rigid.includes(op.kind)
    if (kind === 'places' || kind === 'largest') return op.kind === 'pool' || op.kind === 'globalPool'
    return kind !== 'gated'
  })
  if (!isKnown) return []
  const { op, inputs } = layerAt(network, end.layer)
  if (isWindow(op) && op.kind !== 'transposedConv') return [{ sum: end, steps, share }]
  if (passed.length > 0 || wayOf(network, end.layer).kind !== 'sum') return []
  return inputs.flatMap((layer, i) =>
    routesOf(network, { layer, channel: end.channel }, share * shareOf(op, i, inputs.length), [
      ...steps,
      end,
    ]),
  )
}

function shareOf(op: ReturnType<typeof layerAt>['op'], input: number, inputs: number): number {
  if (op.kind === 'addScaled') return input === 0 ? 1 : op.scale
  if (op.kind !== 'merge') return 1
  return op.fn === 'average' ? 1 / inputs : op.fn === 'subtract' && input > 0 ? -1 : 1
}

/** The layers whose weights `expandedWeights` needs; none if the channel cannot be expanded. */
export function layersToExpand(network: Network, part: LinearPart): number[] {
  if (!hasGrid(network, part)) return []
  const found = new Set(layersToRead(network, part))
  for (const route of allRoutes(network, part))
    for (const { layer } of [...route.steps, route.sum]) {
      found.add(layer)
      for (const from of layersToRead(network, {
        sum: { ...route.sum, way: 'kernel' },
        folded: [],
        after: [],
      }))
        found.add(from)
    }
  return [...found].filter((layer) => layerAt(network, layer).weights.length > 0)
}

/** A dense layer that reads a whole map has other weights at each place, so no window is expanded. */
function hasGrid(network: Network, { sum }: LinearPart): boolean {
  const { op, shape, inputs } = layerAt(network, sum.layer)
  if (sum.way !== 'kernel') return false
  if (isWindow(op)) return op.kind !== 'transposedConv'
  if (op.kind !== 'dense' || shape.length !== 1) return false
  const origin = computedAt(network, { layer: inputs[0]!, element: 0 })
  return (
    !('constant' in origin) &&
    String(layerAt(network, origin.layer).shape) === String(layerAt(network, inputs[0]!).shape)
  )
}

function sourcesOf(network: Network, { sum }: LinearPart): ChannelAt[] {
  const { op, inputs } = layerAt(network, sum.layer)
  const { shape } = layerAt(network, inputs[0]!)
  const channels = channelCount(shape)
  const read = isWindow(op)
    ? readIn(op, channels, sum.channel)
    : Array.from({ length: channels }, (_, c) => c)
  return read.flatMap((channel) => {
    const origin = computedAt(network, { layer: inputs[0]!, element: middleOf(shape, channel) })
    if ('constant' in origin) return []
    const own = channelCount(layerAt(network, origin.layer).shape)
    return [{ layer: origin.layer, channel: origin.element % own }]
  })
}

function allRoutes(network: Network, part: LinearPart): Route[] {
  return sourcesOf(network, part).flatMap((source) => routesOf(network, source))
}

/** Empty if there is no layer between that convolves. */
export function expandedWeights(network: Network, part: LinearPart, weightsOf: WeightsOf): Expanded[] {
  if (!hasGrid(network, part)) return []
  const { op } = layerAt(network, part.sum.layer)
  const dilation: Pair = isWindow(op) ? op.dilation : [1, 1]
  /** By the layer between, then by channel of its input. */
  const sums = new Map<number, Map<number, Grid>>()
  for (const slices of fedBy(network, part, weightsOf))
    for (const [i, channel] of slices.channels.entries()) {
      const { rows, columns } = slices
      // A channel that is read by several windows lies in them side by side.
      if (isWindow(op) ? columns !== op.kernel[1] : rows * columns !== 1) continue
      const start = i * rows * columns
      const weights = Float64Array.from(slices.weights.subarray(start, start + rows * columns))
      const own = spread({ rows, columns, weights }, dilation)
      for (const route of routesOf(network, { layer: slices.layer, channel })) {
        const through = throughSteps(network, own, route, weightsOf)
        let byChannel = sums.get(route.sum.layer)
        if (!byChannel) sums.set(route.sum.layer, (byChannel = new Map()))
        addKernels(network, through, route.sum, byChannel, weightsOf)
      }
    }
  return [...sums].map(([through, byChannel]) => ({
    through,
    slices: slicesOf(network, layerAt(network, through).inputs[0]!, byChannel, weightsOf),
  }))
}

/** The grid as it lies over the output of the sum between. */
function throughSteps(network: Network, grid: Grid, { steps, share }: Route, weightsOf: WeightsOf): Grid {
  let [through, factor] = [grid, share]
  for (const { layer, channel } of steps) {
    const { op, shape } = layerAt(network, layer)
    if (op.kind === 'pool') through = spread(through, op.strides, op.kernel, op.dilation)
    if (wayOf(network, layer).kind === 'affine')
      factor *= affinesOfAll(network, [layer], weightsOf)(middleOf(shape, channel)).factor
  }
  return { ...through, weights: through.weights.map((weight) => weight * factor) }
}

/** The grid with its places `step` apart, each as the mean of a window of places that are themselves `apart`. */
function spread(
  { rows, columns, weights }: Grid,
  step: Pair,
  window: Pair = [1, 1],
  apart: Pair = [1, 1],
): Grid {
  const height = (rows - 1) * step[0] + (window[0] - 1) * apart[0] + 1
  const width = (columns - 1) * step[1] + (window[1] - 1) * apart[1] + 1
  const wide = new Float64Array(height * width)
  const share = 1 / (window[0] * window[1])
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < columns; c++)
      for (let y = 0; y < window[0]; y++)
        for (let x = 0; x < window[1]; x++) {
          const row = r * step[0] + y * apart[0]
          const column = c * step[1] + x * apart[1]
          wide[row * width + column]! += weights[r * columns + c]! * share
        }
  return { rows: height, columns: width, weights: wide }
}

/** Adds what a channel of the sum between reads, multiplied by the weights that lie over it. */
function addKernels(
  network: Network,
  grid: Grid,
  { layer, channel }: ChannelAt,
  sums: Map<number, Grid>,
  weightsOf: WeightsOf,
): void {
  const { op, inputs } = layerAt(network, layer)
  if (!isWindow(op)) throw new Error(`${op.kind} has no window`)
  const inChannels = channelCount(layerAt(network, inputs[0]!).shape)
  const [rows, columns] = op.kernel
  const height = (grid.rows - 1) * op.strides[0] + (rows - 1) * op.dilation[0] + 1
  const width = (grid.columns - 1) * op.strides[1] + (columns - 1) * op.dilation[1] + 1
  for (const from of readIn(op, inChannels, channel)) {
    const kernel = sliceOf(op, inChannels, weightsOf(layer), channel, from)
    let sum = sums.get(from)
    if (!sum)
      sums.set(from, (sum = { rows: height, columns: width, weights: new Float64Array(height * width) }))
    // Routes of different lengths have grids of different sizes: the smaller lies in the middle of the larger.
    if (sum.rows < height || sum.columns < width) sums.set(from, (sum = centred(sum, height, width)))
    const [top, left] = [Math.floor((sum.rows - height) / 2), Math.floor((sum.columns - width) / 2)]
    for (let r = 0; r < grid.rows; r++)
      for (let c = 0; c < grid.columns; c++) {
        const weight = grid.weights[r * grid.columns + c]!
        for (let y = 0; y < rows; y++) {
          const row = top + r * op.strides[0] + y * op.dilation[0]
          const start = row * sum.columns + left + c * op.strides[1]
          for (let x = 0; x < columns; x++)
            sum.weights[start + x * op.dilation[1]]! += weight * kernel[y * columns + x]!
        }
      }
  }
}

function centred(grid: Grid, height: number, width: number): Grid {
  const [rows, columns] = [Math.max(grid.rows, height), Math.max(grid.columns, width)]
  const [top, left] = [Math.floor((rows - grid.rows) / 2), Math.floor((columns - grid.columns) / 2)]
  const weights = new Float64Array(rows * columns)
  for (let r = 0; r < grid.rows; r++)
    weights.set(grid.weights.subarray(r * grid.columns, (r + 1) * grid.columns), (top + r) * columns + left)
  return { rows, columns, weights }
}

/** A list for each layer that computes what the sum between reads. */
function slicesOf(
  network: Network,
  input: number,
  byChannel: ReadonlyMap<number, Grid>,
  weightsOf: WeightsOf,
): KernelSlices[] {
  const { shape } = layerAt(network, input)
  const found = [...byChannel]
    .toSorted(([a], [b]) => a - b)
    .flatMap(([channel, grid]) => {
      const origin = computedAt(network, { layer: input, element: middleOf(shape, channel) }, weightsOf)
      if ('constant' in origin) return []
      const own = channelCount(layerAt(network, origin.layer).shape)
      return [{ layer: origin.layer, channel: origin.element % own, grid }]
    })
  const rows = Math.max(...found.map(({ grid }) => grid.rows))
  const columns = Math.max(...found.map(({ grid }) => grid.columns))
  return [...new Set(found.map(({ layer }) => layer))].map((layer) => {
    const own = found.filter((one) => one.layer === layer)
    const grids = own.map(({ grid }) => centred(grid, rows, columns))
    const weights = new Float32Array(own.length * rows * columns)
    for (const [i, grid] of grids.entries()) weights.set(grid.weights, i * rows * columns)
    const slices = own.map(({ channel }, i) => ({ channel, weights: [...grids[i]!.weights] }))
    return kernelSlices(layer, [rows, columns], weights, slices)
  })
}
