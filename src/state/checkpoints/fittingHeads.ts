/** @file Which kept scans are of the open model and images. */
import type { ImageSet } from '../images/imageSet.ts'
import type { OpenModel } from '../model/openModel.ts'
import type { CheckpointHead } from './checkpointStore.ts'
import { type Digester, digestModel, digestTable } from './digests.ts'

export interface FittingHeads {
  readonly heads: readonly CheckpointHead[]
  /** For each scan that would fit but for its pictures: the path of an image whose file has another size than it had. */
  readonly changed: readonly string[]
}

/** Keeps the order of the heads. */
export async function fittingHeads(
  all: readonly CheckpointHead[],
  model: OpenModel,
  images: ImageSet,
  digester: Digester,
): Promise<FittingHeads> {
  const heads: CheckpointHead[] = []
  const changed: string[] = []
  for (const head of await sameLists(all, model, images, digester)) {
    const path = await firstChanged(head, images)
    if (path === null) heads.push(head)
    else changed.push(path)
  }
  return { heads, changed }
}

/** The heads with the same model and the same list of images. The model is digested only if all else is equal. */
async function sameLists(
  heads: readonly CheckpointHead[],
  model: OpenModel,
  { table }: ImageSet,
  digester: Digester,
): Promise<readonly CheckpointHead[]> {
  const likely = heads.filter(
    (head) =>
      head.images.count === table.paths.length &&
      String(head.model.inputShape) === String(model.network.inputShape),
  )
  if (likely.length === 0) return []
  const digest = await digestTable(table, digester)
  const ofImages = likely.filter((head) => head.images.digest === digest)
  if (ofImages.length === 0) return []
  const sha256 = await digestModel(model, digester)
  return ofImages.filter((head) => head.model.sha256 === sha256)
}

/** The path of an image whose file has another size than it had; null if no such image is known. */
async function firstChanged({ images: { sizes } }: CheckpointHead, images: ImageSet): Promise<string | null> {
  for (const [image, bytes] of sizes) {
    if (images.sizes.of(image) === null) await images.handleOf(image).catch(() => undefined)
    if (images.sizes.of(image) !== bytes) return images.table.paths[image]!
  }
  return null
}
