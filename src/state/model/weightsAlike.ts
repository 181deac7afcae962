/** @file Asks an engine how alike the kernels of a layer's channels are. */
import type { EnginePool } from '../workers/enginePool.ts'
import type { OpenModel } from './openModel.ts'

/**
 * The cosines of the kernel of a channel with those of all channels of its layer, NaN if there is none; null if the layer's
 * channels have no kernels that can be compared. Beside a scan it waits for the pass that is under way.
 */
export function weightsAlike(
  pool: EnginePool,
  model: OpenModel,
  layer: string,
  channel: number,
  isScanned: () => boolean,
): Promise<Float64Array | null> {
  const index = model.network.layers.findIndex(({ name }) => name === layer)
  return pool.borrow((engine) => engine.weightsAlike(index, channel), isScanned)
}
