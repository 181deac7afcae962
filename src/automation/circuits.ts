/** @file What scripts can ask about circuits; loaded when it is first called. */
import { imageNumber } from '../core/images/imageNumber.ts'
import { channelCount, type Network, type Pair, type SupportedLayer } from '../core/model/network.ts'
import { linearPartOf } from '../core/reasons/lineage.ts'
import { byNorm, MeanTerms, type Neighbour, termKey } from '../core/reasons/strongest.ts'
import { patchesOf } from '../state/mosaic/patches.ts'
import {
  type Asking,
  type AskingInPicture,
  expandedOf,
  fedByOf,
  feedsOf,
  meanReasons,
  reasonsOf,
  withoutOf,
} from '../state/reasons/circuits.ts'
import { indexOfLayer } from '../state/scan/scanPlan.ts'
import { isUnderWay } from '../state/scan/scanPhase.ts'
import { resultOf } from '../state/selectors/shown.ts'
import type { AppStore } from '../state/store.ts'

export interface CircuitQuestion {
  readonly layer: string
  readonly channel: number
  /** A unit of an image of the set, by its number or path; `best`: that of the channel's best patch, if it was scanned. */
  readonly unit?: 'best' | { readonly image: number | string; readonly row: number; readonly column: number }
  /** Over how many of the channel's top patches contributions are averaged; by default none. */
  readonly over?: number
  /** Whether the weights are expanded through the sum before, too. */
  readonly expand?: boolean
  /** For how many of the largest terms the sum is run again without their channel. */
  readonly prove?: number
}

/** A channel that is read, or that reads, with its part of the kernel. */
export interface CircuitNeighbour {
  readonly layer: string
  readonly channel: number
  /** The L2 norm of the effective weights, and its place among all, from 1. */
  readonly norm: number
  readonly rank: number
  /** The sum of the weights: above 0 the one excites the other. */
  readonly sum: number
  /** `weights` row by row. */
  readonly kernel: { readonly rows: number; readonly columns: number; readonly weights: readonly number[] }
}

export interface CircuitSource extends CircuitNeighbour {
  /** What it contributes to the unit; null if it was not asked for. */
  readonly contribution: number | null
  /** The mean over the top patches; null if it was not asked for. */
  readonly mean: number | null
}

export interface CircuitUnit {
  readonly image: number
  readonly row: number
  readonly column: number
  /** The value before the activation: the sum of all contributions and the bias. */
  readonly value: number
  readonly bias: number
  /** The same, computed by the engine's kernels in single precision. */
  readonly computed: number
  /** The value in what follows the sum. */
  readonly after: readonly { readonly layer: string; readonly value: number }[]
  /** What the value is without channels, the largest terms first. */
  readonly without: readonly {
    readonly layer: string
    readonly channel: number
    readonly contribution: number
    readonly value: number
  }[]
}

export interface Circuit {
  /** Why the channel is no sum of shares; null if it is one. Then there are no sources. */
  readonly reason: string | null
  /** The layer that adds, and the channel there; null if there is none. */
  readonly sum: { readonly layer: string; readonly channel: number } | null
  /** The layers that are folded into the weights. */
  readonly folded: readonly string[]
  /** Largest norms first. */
  readonly fedBy: readonly CircuitSource[]
  /** Null if it was not asked for, or if there is nothing to say about the unit. */
  readonly unit: CircuitUnit | null
  /** Layer by layer, largest norms first. */
  readonly feeds: readonly CircuitNeighbour[]
  /** Largest norms first; empty if it was not asked for. */
  readonly expanded: readonly (CircuitNeighbour & { readonly through: string })[]
}

export interface Circuits {
  /**
   * What a channel is fed by and what it feeds: `urpatch.circuit({ layer: 'conv2d_5', channel: 16, unit: 'best' })`. Throws for
   * names that are not there, and `images/…`.
   */
  circuit(question: CircuitQuestion): Promise<Circuit>
}

export function circuitsOf({ getState, services: { pool } }: AppStore): Circuits {
  return {
    async circuit({ layer, channel, unit, over = 0, expand = false, prove = 0 }) {
      const { model, images, preprocessing, k } = getState()
      if (!model) throw new Error('no model is open')
      const { network } = model
      const index = indexOfLayer(model, layer)
      const { shape } = network.layers[index] as SupportedLayer
      if (!Number.isInteger(channel) || channel < 0 || channel >= channelCount(shape))
        throw new Error(`${layer} has no channel ${channel}`)
      const isScanned = (): boolean => isUnderWay(getState().scan)
      const asking: Asking = { pool, model, layer: index, channel, isScanned }
      const result = resultOf(getState(), layer)
      const patches = result ? patchesOf(model, layer, result, channel, Math.max(k, over)) : []
      const place = placeOf(unit)
      const inPicture: AskingInPicture | null = images && { ...asking, images, preprocessing }
      if ((unit ?? over) && !inPicture) throw new Error('no images are open')
      const part = linearPartOf(network, index, channel)
      const found = await fedByOf(asking)
      const reasons = place && (await reasonsOf(inPicture!, place))
      const means =
        over > 0
          ? await meanReasons(
              inPicture!,
              patches.slice(0, over),
              new AbortController().signal,
              () => undefined,
            )
          : new MeanTerms()
      const terms = new Map(reasons?.terms.map((term) => [termKey(term), term.value]))
      const largest = (reasons?.terms ?? [])
        .toSorted((a, b) => Math.abs(b.value) - Math.abs(a.value))
        .slice(0, prove)
      const without = largest.length > 0 ? await withoutOf(inPicture!, place!, largest) : null
      const feeds = await feedsOf(asking)
      const expanded = expand ? await expandedOf(asking) : []
      const nameAt = (at: number): string => network.layers[at]!.name
      return {
        reason: 'reason' in part ? part.reason : null,
        sum: 'reason' in part ? null : { layer: nameAt(part.sum.layer), channel: part.sum.channel },
        folded: 'reason' in part ? [] : part.folded.map(nameAt),
        fedBy: byNorm(found?.slices ?? []).map((one) => ({
          ...told(network, one),
          contribution: reasons ? (terms.get(termKey(one)) ?? 0) : null,
          mean: means.of(one),
        })),
        unit: reasons && {
          image: place.image,
          row: place.unit[0],
          column: place.unit[1],
          value: reasons.value,
          bias: reasons.bias,
          computed: reasons.computed,
          after: reasons.after.map(({ layer: at, value }) => ({ layer: nameAt(at), value })),
          without: largest.map((term, i) => ({
            layer: nameAt(term.layer),
            channel: term.channel,
            contribution: term.value,
            value: without!.without[i]!,
          })),
        },
        feeds: feeds.readers.flatMap(({ slices }) => byNorm([slices]).map((one) => told(network, one))),
        expanded: expanded.flatMap(({ through, slices }) =>
          byNorm(slices).map((one) => ({ ...told(network, one), through: nameAt(through) })),
        ),
      }

      function placeOf(asked: CircuitQuestion['unit']): { image: number; unit: Pair } | null {
        if (asked === undefined) return null
        if (asked === 'best') {
          const [best] = patches
          if (!best) throw new Error(`channel ${channel} of ${layer} has no patch: scan it first`)
          return best
        }
        const number =
          typeof asked.image === 'number' ? asked.image : images && imageNumber(images.table, asked.image)
        if (number === null || images?.table.paths[number] === undefined)
          throw new Error(`there is no image ${asked.image}`)
        return { image: number, unit: [asked.row, asked.column] }
      }
    },
  }
}

function told(
  network: Network,
  { layer, channel, norm, rank, sum, rows, columns, weights }: Neighbour,
): CircuitNeighbour {
  const { name } = network.layers[layer]!
  return { layer: name, channel, norm, rank, sum, kernel: { rows, columns, weights: [...weights] } }
}
