/** @file The memory that a forward pass takes, from shapes alone. */
import { kernelsOf } from './convolutionKernels.ts'
import { type Network, elementCount, parameterCount, type SupportedLayer } from './network.ts'
import { readerCounts } from './readers.ts'
import { mapSize } from './units.ts'

const bytesOfNumber = 4

export interface Workspace {
  /** Convolutions copy the window of every unit side by side (im2col), as tfjs does on WebGL. */
  readonly windows: boolean
}

/**
 * The most bytes that the maps of one image take at any moment while the network runs up to the last of `taps` and every
 * map is freed after its last reader. A kernel may have several steps, so each layer counts its output twice. Weights
 * are left out: they do not grow with the number of images.
 */
export function peakActivationBytes(
  network: Network,
  taps: readonly number[],
  { windows }: Workspace,
): number {
  const readers = readerCounts(network, taps)
  const tapped = new Set(taps)
  const bytesOf = (layer: number): number =>
    elementCount((network.layers[layer] as SupportedLayer).shape) * bytesOfNumber
  let live = 0
  let peak = 0
  const release = (layer: number): void => {
    const left = readers.get(layer)! - 1
    readers.set(layer, left)
    if (left === 0) live -= bytesOf(layer)
  }
  for (const [i, layer] of network.layers.entries()) {
    if (!readers.has(i)) continue
    live += bytesOf(i)
    peak = Math.max(peak, live + bytesOf(i) + (windows ? windowBytes(network, layer as SupportedLayer) : 0))
    if (tapped.has(i)) release(i)
    for (const j of layer.inputs) release(j)
  }
  // The images themselves stay the caller's until the pass is over.
  return peak + elementCount(network.inputShape) * bytesOfNumber
}

/**
 * The bytes that kernels on WASM hold besides the weights themselves once the layers that `taps` need have run: weights in
 * the order in which they read them. `ours`: our convolutions run, not those of tfjs. Estimated by the parameters:
 * channels are not rounded up, and layers without a kernel that packs count too.
 */
export function packedWeightBytes(
  network: Network,
  taps: readonly number[],
  { ours }: { readonly ours: boolean },
): number {
  const readers = readerCounts(network, taps)
  return network.layers.reduce((sum, layer, i) => {
    // Shared weights are packed once.
    if (!readers.has(i) || layer.op === null || layer.sharesWeightsOf !== undefined) return sum
    const [kernel, ...others] = ours ? kernelsOf(network, layer) : []
    const isReadAsItIs = kernel === 'depthwise' && others.length === 0
    const copies = isReadAsItIs ? 0 : kernel === 'winograd' ? winogradCopies : 1
    return sum + copies * parameterCount(layer) * bytesOfNumber
  }, 0)
}

/** Winograd's 36 numbers for each 9. */
const winogradCopies = 4

/** The bytes of a convolution's copies of windows; 0 if its windows are single pixels. */
function windowBytes(network: Network, { op, inputs, shape }: SupportedLayer): number {
  if (op.kind !== 'conv') return 0
  const [rows, columns] = op.kernel
  if (rows * columns === 1 && Math.max(...op.strides) === 1) return 0
  const channels = (network.layers[inputs[0]!] as SupportedLayer).shape.at(-1)!
  const [height, width] = mapSize(shape)
  return rows * columns * channels * height * width * bytesOfNumber
}
