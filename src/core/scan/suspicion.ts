/**
 * @file Whether what a scan has found so far looks as if the network got the wrong numbers: nearly all channels of a
 * layer dead, or the same maximum in image after image.
 */
import type { Activation, SupportedLayer } from '../model/network.ts'
import type { LayerResult } from './layerResult.ts'

/** The number of images that is enough to judge by; shorter scans are judged at their end. */
export const suspicionImages = 200

export interface Suspicion {
  /** `dead`: channels are the same everywhere; `same`: the best units of different images answer the same. */
  readonly code: 'dead' | 'same'
  readonly layer: string
  /** How many channels, of how many. */
  readonly count: number
  readonly channels: number
}

/** The share of channels that counts as nearly all. */
const mostChannels = 0.9

/** The suspicion about the first layer in which something is odd; null if nothing is. */
export function suspicionOf(
  layers: readonly {
    readonly layer: SupportedLayer
    readonly result: LayerResult
    /** Whether each unit sees one pixel: it answers alike to each white one, and nearly every photo has some. */
    readonly isOfPixels?: boolean
  }[],
): Suspicion | null {
  for (const { layer, result, isOfPixels = false } of layers) {
    // Before the first attention a class token is the same in all images: it is a parameter.
    if (layer.op.kind === 'token') continue
    const { channels } = result.topK
    const all = Array.from({ length: channels }, (_, channel) => channel)
    const count = (test: (channel: number) => boolean): number => all.filter(test).length
    const dead = count((channel) => result.isDead(channel))
    if (dead > mostChannels * channels) return { code: 'dead', layer: layer.name, count: dead, channels }
    if (isOfPixels || !isUnbounded(layer)) continue
    const same = count((channel) => result.isDead(channel) || hasOneMaximum(result, channel))
    if (same > mostChannels * channels) return { code: 'same', layer: layer.name, count: same, channels }
  }
  return null
}

/** Fewer images than this may well look alike, and more need not be looked at. */
const leastImages = 4
const mostImages = 16

function hasOneMaximum({ topK }: LayerResult, channel: number): boolean {
  const count = Math.min(topK.count(channel), mostImages)
  return (
    count >= leastImages && topK.entry(channel, 0).activation === topK.entry(channel, count - 1).activation
  )
}

const unbounded: readonly Activation['fn'][] = [
  'linear',
  'relu',
  'elu',
  'elu_alpha',
  'selu',
  'leaky_relu',
  'softplus',
  'silu',
  'hard_silu',
  'gelu',
  'gelu_tanh',
  'mish',
]

/** A layer with a bounded activation has its top patches from units at the bound, also behind pooling. */
function isUnbounded({ op }: SupportedLayer): boolean {
  if (op.kind === 'batchNorm') return true
  if (!('bias' in op)) return false
  const { activation } = op
  return activation.fn === 'general_relu' ? activation.max === null : unbounded.includes(activation.fn)
}
