/** @file Takes units of every layer of a network apart, and compares the sum of their terms with what the layer gives. */
import { elementCount, type Network, type SupportedLayer } from '../../../src/core/model/network.ts'
import { placesOf } from '../../../src/core/model/places.ts'
import { linearPartOf } from '../../../src/core/reasons/lineage.ts'
import type { TapNetwork } from '../../../src/engine/model/tapNetwork.ts'
import { reasonsIn, type UnitReasons, valuesWithout } from '../../../src/engine/reasons/unitReasons.ts'
import { seeded } from '../../fixtures/random.ts'

export interface Compared {
  /** The number of units. */
  readonly units: number
  /** The kinds of the sums, and how many units of each. */
  readonly kinds: ReadonlyMap<string, number>
  /** The largest difference between the sum of the terms and what the network computes, in shares of the largest term. */
  readonly worst: number
  /** The same, between a term and what the unit loses without its channel, run again. */
  readonly worstProof: number
  /** What the worst one is of. */
  readonly where: string
}

/** Takes some units of each of these layers apart. `proofs`: of how many the largest terms are proved, too. */
export async function compareLayers(
  network: TapNetwork,
  input: Float32Array,
  layers: readonly number[],
  unitsPerLayer: number,
  proofs: number,
): Promise<Compared> {
  const random = seeded(5)
  const kinds = new Map<string, number>()
  let [units, worst, worstProof, where, proved] = [0, 0, 0, '', 0]
  for (const index of layers) {
    const layer = network.network.layers[index] as SupportedLayer
    const channels = layer.shape.at(-1)!
    for (let i = 0; i < unitsPerLayer; i++) {
      const channel = Math.floor(random.next() * channels)
      const part = linearPartOf(network.network, index, channel)
      if ('reason' in part) continue
      const [rows, columns] = placesOf(layer)
      // The corners are where windows hang over the edges.
      const unit = [
        i === 0 ? 0 : i === 1 ? rows - 1 : Math.floor(random.next() * rows),
        i === 0 ? 0 : i === 1 ? columns - 1 : Math.floor(random.next() * columns),
      ] as const
      const place = { layer: index, channel, unit }
      const reasons = await reasonsIn(network, input, place)
      if (!reasons) continue
      const { kind } = (network.network.layers[part.sum.layer] as SupportedLayer).op
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
      units++
      const scale = largestTerm(reasons)
      const error = Math.abs(reasons.value - reasons.computed)
      if (!(error / scale <= worst))
        [worst, where] = [error / scale, `${layer.name}/${channel} at ${unit.join()} (${kind})`]
      if (proved >= proofs || part.sum.way === 'places') continue
      proved++
      const strongest = reasons.terms.toSorted((a, b) => Math.abs(b.value) - Math.abs(a.value)).slice(0, 2)
      const values = (await valuesWithout(network, input, place, strongest))!
      for (const [t, { value }] of strongest.entries()) {
        const difference = Math.abs(values.before - values.without[t]! - value) / scale
        if (!(difference <= worstProof))
          [worstProof, where] = [difference, `proof of ${layer.name}/${channel} (${kind})`]
      }
    }
  }
  return { units, kinds, worst, worstProof, where }
}

export function largestTerm({ terms, bias }: UnitReasons): number {
  return terms.reduce((largest, { value }) => Math.max(largest, Math.abs(value)), Math.abs(bias)) || 1
}

/** The layers that are computed, but for the input. */
export function computedLayers(network: Network): number[] {
  return network.layers.flatMap((layer, i) =>
    layer.op === null || layer.op.kind === 'input' || elementCount(layer.shape) === 0 ? [] : [i],
  )
}
