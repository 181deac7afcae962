/** @file The strongest patches of a layer, channel by channel, with the names that a table has. */
import type { PatchNames } from '../../core/results/patchRows.ts'
import type { ReadableResult } from '../../core/scan/statistics/statistic.ts'
import type { AppState } from '../appState.ts'
import { type Patch, patchesOf } from '../mosaic/patches.ts'
import { nameOfChannel } from '../selectors/notes.ts'
import { modelOf } from '../selectors/shown.ts'
import { shownNumbers } from './shownNumbers.ts'

export interface ChannelPatches {
  readonly patches: readonly Patch[]
  readonly names: PatchNames
}

/** Made once for a file; what it returns is called for each layer. */
export function channelPatches(
  state: AppState,
): (layer: string, result: ReadableResult) => Generator<ChannelPatches> {
  const { images, classes, classOf, k } = shownNumbers(state)
  const path = (image: number): string => images.names[images.indexOf(image)] ?? ''
  const className = (image: number): string => classes.names[classOf[images.indexOf(image)]!] ?? ''
  const model = modelOf(state)
  return function* (layer, result) {
    for (let channel = 0; channel < result.channels; channel++) {
      const name = nameOfChannel(state, layer, channel)
      const patches = patchesOf(model, layer, result, channel, k)
      yield { patches, names: { layer, channel, name, path, className } }
    }
  }
}
