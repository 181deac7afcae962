/** @file What scripts can ask about the pixels of a patch; loaded when it is first called. */
import { appError, isClause } from '../core/errors.ts'
import { imageNumber } from '../core/images/imageNumber.ts'
import { channelCount, type Pair, type SupportedLayer } from '../core/model/network.ts'
import type { Box } from '../core/model/receptiveField.ts'
import { mapSize } from '../core/model/units.ts'
import type { Occlusion } from '../engine/reasons/attribution.ts'
import type { AttributionPlace } from '../state/appState.ts'
import { patchesAt } from '../state/mosaic/patches.ts'
import type { FoundAttribution } from '../state/reasons/patchAttributions.ts'
import { indexOfLayer } from '../state/scan/scanPlan.ts'
import { resultOf } from '../state/selectors/shown.ts'
import type { AppStore } from '../state/store.ts'

/** A patch by its rank in its channel, or any unit of an image of the set, by its number or path. */
export type AskedPatch =
  { readonly rank: number } | { readonly image: number | string; readonly unit: readonly [number, number] }

export interface AttributedPatch {
  readonly image: string
  readonly unit: Pair
  /** In pixels of the network's input: the part of the receptive field that is read. */
  readonly box: Box
  readonly rows: number
  readonly columns: number
  /** What each pixel of the box contributes, row by row; above 0 it excites. */
  readonly values: readonly number[]
  readonly activation: number
  /** The activation of a picture that is `mean` everywhere. */
  readonly atMean: number
  /** What contributes from outside of the box, through statistics of the whole image. */
  readonly elsewhere: number
  /** The mean input, by channel, and of how many images it is made. */
  readonly mean: { readonly values: readonly number[]; readonly images: number }
  /** The mean activation while pixels are deleted, as a share of what there is to lose; null if there is nothing to lose. */
  readonly deletion: { readonly attribution: number | null; readonly centreFirst: number | null }
}

export interface OccludedPatch extends Pick<
  AttributedPatch,
  'image' | 'unit' | 'box' | 'rows' | 'columns' | 'values'
> {
  /** The side of the squares that were hidden, in pixels, and their number. */
  readonly side: number
  readonly squares: number
}

export interface PatchReasons {
  /**
   * Which pixels of a patch excite its unit, by integrated gradients from the mean of the images, smoothed. Throws if no model or
   * images are open, for names and numbers that they do not have, and if the picture cannot be read.
   */
  attribution(layer: string, channel: number, patch: AskedPatch): Promise<AttributedPatch>
  /** What the unit loses if squares of its patch are hidden: for each pixel the mean over those that hide it. Throws as above. */
  occlusion(layer: string, channel: number, patch: AskedPatch): Promise<OccludedPatch>
}

type PlaceInSet = AttributionPlace & { readonly image: number }

export function patchReasonsOf({ getState }: AppStore): PatchReasons {
  const placeOf = (layer: string, channel: number, patch: AskedPatch): PlaceInSet => {
    const { model, images } = getState()
    if (!model || !images) throw new Error('open a model and images first')
    const { shape } = model.network.layers[indexOfLayer(model, layer)] as SupportedLayer
    if (!Number.isInteger(channel) || channel < 0 || channel >= channelCount(shape))
      throw new Error(`${layer} has no channel ${channel}`)
    if ('rank' in patch) {
      const entry = resultOf(getState(), layer)?.top(channel, patch.rank + 1)[patch.rank]
      if (!entry) throw new Error(`${layer} channel ${channel} has no patch of rank ${patch.rank}`)
      const { image, unit, box } = patchesAt(model, layer, [entry])[0]!
      return { layer, channel, image, unit, box }
    }
    const { unit } = patch
    const image = typeof patch.image === 'number' ? patch.image : imageNumber(images.table, patch.image)
    if (image === null || images.table.paths[image] === undefined)
      throw new Error(`there is no image ${patch.image}`)
    const size = mapSize(shape)
    if (unit.some((at, axis) => !Number.isInteger(at) || at < 0 || at >= size[axis]!))
      throw new Error(`${layer} has no unit ${unit.join(', ')}`)
    const entry = { image, activation: 0, position: unit[0] * size[1] + unit[1] }
    return { layer, channel, image, unit, box: patchesAt(model, layer, [entry])[0]!.box }
  }
  const nameOf = ({ image }: PlaceInSet): string => getState().images!.table.paths[image]!
  const told = async <T>(place: PlaceInSet, ask: () => Promise<T>): Promise<T> => {
    try {
      return await ask()
    } catch (error) {
      if (!isClause(error)) throw error
      throw appError('images/not-shown', { image: nameOf(place), reason: error.message })
    }
  }
  return {
    async attribution(layer, channel, patch) {
      const place = placeOf(layer, channel, patch)
      let last: FoundAttribution | null = null
      await told(place, () =>
        getState().attribution(
          place,
          (found) => {
            last = found
          },
          new AbortController().signal,
        ),
      )
      const { map, mean, test } = ended<FoundAttribution>(last)
      const { values, ...numbers } = map
      const deletion = { attribution: test?.attribution ?? null, centreFirst: test?.centreFirst ?? null }
      return { image: nameOf(place), unit: place.unit, ...numbers, values: [...values], mean, deletion }
    },
    async occlusion(layer, channel, patch) {
      const place = placeOf(layer, channel, patch)
      let last: Occlusion | null = null
      await told(place, () =>
        getState().occlusion(
          place,
          (found) => {
            last = found
          },
          new AbortController().signal,
        ),
      )
      const { values, side, of, box, rows, columns } = ended<Occlusion>(last)
      return {
        image: nameOf(place),
        unit: place.unit,
        box,
        rows,
        columns,
        values: [...values],
        side,
        squares: of,
      }
    },
  }
}

/** Nothing is found while another model is being opened. */
function ended<T>(found: T | null): T {
  if (found === null) throw new Error('another model is being opened')
  return found
}
