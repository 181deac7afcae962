/** @file Heat-maps: how they are shown, and the activations of channels over images. */
import type { ActivationMap } from '../../core/mosaic/heatMap.ts'
import { indexOfLayer } from '../scan/scanPlan.ts'
import type { AppState, HeatSlice, Slice } from '../appState.ts'
import { HeatMaps, type HeatTarget } from '../mosaic/heatMaps.ts'
import type { ImageSet } from '../images/imageSet.ts'
import type { OpenModel } from '../model/openModel.ts'
import { sharers } from '../scan/coverage.ts'
import { isUnderWay } from '../scan/scanPhase.ts'

export const createHeat: Slice<HeatSlice> = (set, get, { pool }) => {
  const compute = async (target: HeatTarget): Promise<ActivationMap> => {
    const model = target.model as OpenModel
    const layer = indexOfLayer(model, target.layer)
    const picture = await (target.images as ImageSet).handleOf(target.image)
    // Computed as in the scan, so that the largest number is the one that the scan has found.
    const together = sharers(get(), target.layer).map((name) => indexOfLayer(model, name))
    const look = { picture, preprocessing: target.preprocessing, together }
    return pool.borrow(
      (engine) => engine.imageMap(look, layer, target.channel),
      () => isUnderWay(get().scan),
    )
  }
  const maps = new HeatMaps(compute)
  const targetOf = (
    { model, images, preprocessing, openingModel }: AppState,
    place: Pick<HeatTarget, 'layer' | 'channel' | 'image'>,
  ): HeatTarget | null =>
    // While a model is being opened, the engines are about to change.
    model && images && openingModel === null ? { model, images, preprocessing, ...place } : null
  return {
    heat: { part: false, whole: true, patches: false, opacity: 0.8 },
    setHeat(change) {
      set(({ heat }) => ({ heat: { ...heat, ...change } }))
    },
    knownHeatMap(place) {
      const target = targetOf(get(), place)
      return target && maps.known(target)
    },
    async heatMap(place, signal) {
      const target = targetOf(get(), place)
      return target && maps.of(target, signal)
    },
  }
}
