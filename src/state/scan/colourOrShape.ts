/** @file Whether a channel answers to colour or to shape: its top patches are run again, changed in three ways. */
import type { Preprocessing } from '../../core/preprocessing/preprocessing.ts'
import type { DisturbedPatch } from '../../engine/scan/disturbPatch.ts'
import type { ImageSet } from '../images/imageSet.ts'
import type { Patch } from '../mosaic/patches.ts'
import type { OpenModel } from '../model/openModel.ts'
import type { EnginePool } from '../workers/enginePool.ts'

/** The mean of activation ÷ original over the patches. */
export interface ColourOrShape {
  /** The number of patches with an activation above 0, of which these are the means. */
  readonly patches: number
  readonly grey: number
  readonly blurred: number
  /** Is null if patches have fewer than four rows or columns. */
  readonly shuffled: number | null
}

export interface ChannelToMeasure {
  readonly model: OpenModel
  readonly images: ImageSet
  readonly preprocessing: Preprocessing
  readonly layer: string
  readonly channel: number
  readonly patches: readonly Patch[]
}

/**
 * Measures a channel, patch by patch; beside a scan each waits for the pass that is under way. Returns null if no patch has an
 * activation above 0. Throws `images/…`, and what `signal` was aborted with.
 */
export async function colourOrShape(
  pool: EnginePool,
  { model, images, preprocessing, layer, channel, patches }: ChannelToMeasure,
  isScanned: () => boolean,
  signal: AbortSignal,
): Promise<ColourOrShape | null> {
  const index = model.network.layers.findIndex(({ name }) => name === layer)
  const found: DisturbedPatch[] = []
  for (const { image, unit, box } of patches) {
    signal.throwIfAborted()
    const handle = await images.handleOf(image)
    const claim = { layer: index, channel, unit, box, handle, preprocessing, seed: image + 1 }
    found.push(await pool.borrow((engine) => engine.disturbPatch(claim), isScanned))
  }
  signal.throwIfAborted()
  return meansOf(found)
}

export function meansOf(all: readonly DisturbedPatch[]): ColourOrShape | null {
  const found = all.filter(({ before }) => before > 0)
  if (found.length === 0) return null
  const mean = (of: (one: DisturbedPatch) => number): number =>
    found.reduce((sum, one) => sum + of(one) / one.before, 0) / found.length
  return {
    patches: found.length,
    grey: mean(({ grey }) => grey),
    blurred: mean((one) => one.blurred),
    shuffled: found.some((one) => one.shuffled === null) ? null : mean((one) => one.shuffled!),
  }
}
