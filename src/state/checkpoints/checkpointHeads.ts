/** @file What a record says of its scan without its results. */
import type { ImageMask } from '../../core/scan/imageMask.ts'
import type { ImageSet } from '../images/imageSet.ts'
import type { OpenModel } from '../model/openModel.ts'
import type { GalleryClient } from '../workers/galleryClient.ts'
import type { CheckpointHead, NewHead } from './checkpointStore.ts'
import { digestModel, digestTable } from './digests.ts'
import { originOf } from './origins.ts'

export interface ScanFacts extends Pick<
  CheckpointHead,
  'preprocessing' | 'k' | 'selection' | 'total' | 'backend'
> {
  readonly model: OpenModel
  readonly images: ImageSet
  /** The names of its layers. */
  readonly names: readonly string[]
  /** The images that have been through; the scan goes by it. */
  readonly mask: ImageMask
}

type Identity = Pick<CheckpointHead, 'model'> & { readonly digest: string }

/** Sizes of so many images tell later whether their files are still the same. */
const sizesKept = 200

/** Makes the heads of one scan, which are the same but for how far it is. */
export class CheckpointHeads {
  readonly #id: string
  readonly #gallery: GalleryClient
  readonly #facts: ScanFacts
  /** Asked for once: the digest of a large network takes a second of a core, if its notes have not asked for it before. */
  #identity: Promise<Identity> | null = null
  #known: Identity | null = null

  constructor(id: string, gallery: GalleryClient, facts: ScanFacts) {
    this.#id = id
    this.#gallery = gallery
    this.#facts = facts
  }

  async make(status: CheckpointHead['status']): Promise<NewHead> {
    this.#known = await (this.#identity ??= this.#identify())
    return this.now(status)!
  }

  /** The head, without waiting; null if none was made before. */
  now(status: CheckpointHead['status']): NewHead | null {
    if (!this.#known) return null
    const { images, mask, names, preprocessing, k, selection, total, backend } = this.#facts
    const { model, digest } = this.#known
    const { name, table } = images
    const origin = { model: originOf(this.#facts.model.file), images: originOf(images.source) }
    return {
      id: this.#id,
      time: Date.now(),
      status,
      backend,
      origin,
      model,
      images: {
        name,
        count: table.paths.length,
        digest,
        // Only handles are opened with it, and it may hold a file.
        index: origin.images?.kind === 'handles' ? images.choice : 'auto',
        sizes: sizesOf(images, mask),
      },
      preprocessing,
      k,
      selection,
      layers: names,
      done: mask.count,
      total,
    }
  }

  async #identify(): Promise<Identity> {
    const { model, images } = this.#facts
    const sha256 = await digestModel(model, this.#gallery.remote)
    const digest = await digestTable(images.table, this.#gallery.remote)
    const { name, network, source } = model
    return {
      model: { name, sha256, inputShape: network.inputShape, inputSize: source.inputSize },
      digest,
    }
  }
}

/** The sizes of a few images that have been through, spread over all. */
function sizesOf({ table, sizes }: ImageSet, mask: ImageMask): [number, number][] {
  const known: [number, number][] = []
  const step = Math.ceil(table.paths.length / sizesKept)
  for (let image = 0; image < table.paths.length; image += step) {
    const bytes = mask.has(image) ? sizes.of(image) : null
    if (bytes !== null) known.push([image, bytes])
  }
  return known
}
