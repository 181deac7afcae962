/** @file The mean number that a network gets, by channel of its input: what attributions compare a picture with. */
import { stratifiedSample } from '../../core/images/stratifiedSample.ts'
import type { MapShape } from '../../core/model/network.ts'
import type { Preprocessing } from '../../core/preprocessing/preprocessing.ts'
import type { ImageSet } from '../images/imageSet.ts'
import { readableHandles } from '../images/readableHandles.ts'
import { sampleImages } from '../preprocessing/samples.ts'
import type { GalleryClient } from '../workers/galleryClient.ts'

export interface MeanInput {
  readonly values: readonly number[]
  /** It is made of so many images of all classes. 0: none of them could be read, and it is the middle between black and white. */
  readonly images: number
}

export class MeanInputs {
  readonly #gallery: Pick<GalleryClient, 'remote'>
  /** Of each set the latest settings, and what was found with them. */
  readonly #known = new WeakMap<ImageSet, { readonly key: string; readonly mean: Promise<MeanInput> }>()

  constructor(gallery: Pick<GalleryClient, 'remote'>) {
    this.#gallery = gallery
  }

  of(images: ImageSet, inputShape: MapShape, preprocessing: Preprocessing): Promise<MeanInput> {
    const key = JSON.stringify([inputShape, preprocessing])
    const known = this.#known.get(images)
    if (known?.key === key) return known.mean
    const mean = this.#find(images, inputShape, preprocessing)
    this.#known.set(images, { key, mean })
    // The next one who asks tries again.
    mean.catch(() => this.#known.delete(images))
    return mean
  }

  async #find(images: ImageSet, inputShape: MapShape, preprocessing: Preprocessing): Promise<MeanInput> {
    const chosen = stratifiedSample(images.table, sampleImages)
    const handles = (await readableHandles(images, chosen)).map(({ handle }) => handle)
    const found = await this.#gallery.remote.sampleInput(handles, inputShape, preprocessing)
    const values = found.channels.map(({ mean, black, white }) =>
      found.images > 0 ? mean : (black + white) / 2,
    )
    return { values, images: found.images }
  }
}
