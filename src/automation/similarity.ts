/** @file What scripts can ask about channels that are alike; loaded when it is first called. */
import { correlationsOf } from '../core/scan/correlation.ts'
import { type SampledMaxima, sampledMaxima } from '../core/scan/statistics/sampledMaxima.ts'
import { weightsAlike } from '../state/model/weightsAlike.ts'
import { indexOfLayer } from '../state/scan/scanPlan.ts'
import { isUnderWay } from '../state/scan/scanPhase.ts'
import type { AppStore } from '../state/store.ts'

export interface Similarity {
  /**
   * Pearson's correlation of a channel's maxima with those of all channels of another scanned layer, or of its own, over the
   * `images` images that the samples of both layers have. Null if one of the two has the same maximum in all of these images, or
   * one that is not finite. Throws if a layer was not scanned.
   */
  correlations(
    layer: string,
    channel: number,
    other?: string,
  ): Promise<{ readonly images: number; readonly values: readonly (number | null)[] }>
  /**
   * The cosines of a channel's kernel with those of all channels of its layer; null for those that cannot be compared, and as a
   * whole if the layer's channels have no kernels.
   */
  weightsAlike(layer: string, channel: number): Promise<readonly (number | null)[] | null>
}

export function similarityOf({ getState, services: { pool } }: AppStore): Similarity {
  const sampleOf = (layer: string): SampledMaxima => {
    const sample = getState().results.get(layer)?.of(sampledMaxima, 0)
    if (!sample) throw new Error(`the maxima of ${layer} are not known: scan it`)
    return sample
  }
  return {
    correlations(layer, channel, other = layer) {
      const { images, values } = correlationsOf(sampleOf(layer), channel, sampleOf(other))
      return Promise.resolve({ images, values: numbersOrNull(values) })
    },
    async weightsAlike(layer, channel) {
      const { model } = getState()
      if (!model) throw new Error('no model is open')
      indexOfLayer(model, layer)
      const cosines = await weightsAlike(pool, model, layer, channel, () => isUnderWay(getState().scan))
      return cosines && numbersOrNull(cosines)
    },
  }
}

function numbersOrNull(values: Float64Array): (number | null)[] {
  return Array.from(values, (value) => (Number.isNaN(value) ? null : value))
}
