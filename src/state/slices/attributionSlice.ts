/** @file Which pixels of a patch excite a unit: asked for while somebody looks at it, and kept. */
import { ObjectIds } from '../../core/objectIds.ts'
import type { AppState, AttributionPlace, AttributionSlice, Slice } from '../appState.ts'
import { indexOfLayer } from '../scan/scanPlan.ts'
import { isUnderWay } from '../scan/scanPhase.ts'
import { MeanInputs } from '../reasons/meanInput.ts'
import { type AttributionTarget, PatchAttributions } from '../reasons/patchAttributions.ts'

export const createAttribution: Slice<AttributionSlice> = (_, get, { pool, gallery }) => {
  const means = new MeanInputs(gallery)
  const attributions = new PatchAttributions((task) => pool.borrow(task, () => isUnderWay(get().scan)))
  const ids = new ObjectIds()

  const targetOf = async (
    { model, images, openingModel, ...state }: AppState,
    { layer, channel, image, unit, box }: AttributionPlace,
  ): Promise<AttributionTarget | null> => {
    // While a model is being opened, the engines are about to change.
    if (!model || !images || openingModel !== null) return null
    const isOfSet = typeof image === 'number'
    // A picture that was looked at is explained as the network has seen it.
    const { preprocessing } = isOfSet ? state : image.sight
    const [picture, mean] = await Promise.all([
      isOfSet ? images.handleOf(image) : image.sight.picture,
      means.of(images, model.network.inputShape, preprocessing),
    ])
    const ofPicture = isOfSet ? image : `seen ${image.id}`
    return {
      key: [ids.of(model), ids.of(images), ids.of(preprocessing), channel, ofPicture, ...unit, layer].join(
        '/',
      ),
      mean,
      claim: {
        layer: indexOfLayer(model, layer),
        channel,
        unit,
        box,
        picture,
        preprocessing,
        mean: mean.values,
      },
    }
  }

  return {
    async attribution(place, onFound, signal) {
      const target = await targetOf(get(), place)
      if (target && !signal.aborted) await attributions.find(target, onFound, signal)
    },
    async occlusion(place, onFound, signal) {
      const target = await targetOf(get(), place)
      if (target && !signal.aborted) await attributions.occlude(target, onFound, signal)
    },
  }
}
