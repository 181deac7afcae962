/** @file What scripts can ask about one picture; loaded when it is first called. */
import { appError, finished } from '../core/errors.ts'
import { imageNumber } from '../core/images/imageNumber.ts'
import { type FiringChannel, rankTogether } from '../core/scan/firingChannels.ts'
import type { ImageHandle } from '../engine/images/imageHandle.ts'
import { PictureProbe } from '../state/probe/pictureProbe.ts'
import { rankLayer } from '../state/probe/rankLayer.ts'
import { indexOfLayer } from '../state/scan/scanPlan.ts'
import { isUnderWay } from '../state/scan/scanPhase.ts'
import { layersToLookAt } from '../state/selectors/probing.ts'
import { resultOf } from '../state/selectors/shown.ts'
import type { AppStore } from '../state/store.ts'

export interface Probes {
  /**
   * The channels that fire in a picture, a file or an image of the set by its path, rarest value first: by the share of the scanned
   * images that certainly have a lower maximum (`percentile.from`; `to` is what the histogram leaves open). `layers`: names; by default
   * all that were scanned, or all that can be if none was: then `percentile` is null, and `share`, the value divided by the largest of
   * its layer, counts. Dead channels are left out. Throws if the picture cannot be read.
   */
  probe(picture: Blob | string, layers?: readonly string[]): Promise<readonly FiringChannel[]>
}

export function probesOf({ getState, services: { pool } }: AppStore): Probes {
  return {
    async probe(picture, names) {
      const { model, images, preprocessing } = getState()
      if (!model || !images) throw new Error('open a model and images first')
      const layers = names ? names.map((name) => indexOfLayer(model, name)) : layersToLookAt(getState())
      const name =
        typeof picture === 'string' ? picture : picture instanceof File ? picture.name : 'The picture'
      const number = typeof picture === 'string' ? imageNumber(images.table, picture) : null
      if (typeof picture === 'string' && number === null) throw new Error(`there is no image ${picture}`)
      const probe = new PictureProbe(pool, () => isUnderWay(getState().scan))
      const close = probe.open()
      try {
        const handle: ImageHandle = number === null ? (picture as Blob) : await images.handleOf(number)
        const seen = await probe.look({ picture: handle, preprocessing, layers, together: layers })
        return rankTogether(
          layers.map((layer) => {
            const { name: called } = model.network.layers[layer]!
            return rankLayer(called, seen!.maxima.get(layer)!, resultOf(getState(), called))
          }),
        )
      } catch (error) {
        throw finished(error, (reason) => appError('images/not-shown', { image: name, reason }))
      } finally {
        close()
      }
    },
  }
}
