/** @file Gradients for scripts; loaded when they are first asked for. */
import { imageNumber } from '../core/images/imageNumber.ts'
import { channelCount, type SupportedLayer } from '../core/model/network.ts'
import { mapSize } from '../core/model/units.ts'
import { isUnderWay } from '../state/scan/scanPhase.ts'
import { indexOfLayer } from '../state/scan/scanPlan.ts'
import type { AppStore } from '../state/store.ts'

/** A unit in an image of the set, by its number or path. */
export interface AskedUnit {
  readonly layer: string
  readonly channel: number
  /** Row and column in the layer's map; not needed for a layer with one unit a channel. */
  readonly unit?: readonly [number, number]
  readonly image: number | string
}

export interface Gradients {
  /**
   * What a unit's activation changes with: its derivatives with respect to the model's input, the image after preprocessing. They
   * have the input's shape, `[rows, columns, channels]`, row by row, and are 0 outside of the unit's receptive field. Throws if no
   * model or images are open, for names and numbers that they do not have, and `images/…`.
   */
  gradient(unit: AskedUnit): Promise<Float32Array>
}

export function gradientsOf({ getState, services: { pool } }: AppStore): Gradients {
  return {
    async gradient({ layer, channel, unit = [0, 0], image }) {
      const { model, images, preprocessing } = getState()
      if (!model || !images) throw new Error('open a model and images first')
      const index = indexOfLayer(model, layer)
      const { shape } = model.network.layers[index] as SupportedLayer
      if (!Number.isInteger(channel) || channel < 0 || channel >= channelCount(shape))
        throw new Error(`${layer} has no channel ${channel}`)
      const size = mapSize(shape)
      if (unit.some((at, axis) => !Number.isInteger(at) || at < 0 || at >= size[axis]!))
        throw new Error(`${layer} has no unit ${unit.join(', ')}`)
      const number = typeof image === 'number' ? image : imageNumber(images.table, image)
      if (number === null || images.table.paths[number] === undefined)
        throw new Error(`there is no image ${image}`)
      const picture = await images.handleOf(number)
      return pool.borrow(
        (engine) => engine.unitGradient({ layer: index, channel, unit, picture, preprocessing }),
        () => isUnderWay(getState().scan),
      )
    },
  }
}
