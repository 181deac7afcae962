/** @file Which layers can be scanned, and why the others can't. */
import { kindOf } from './kinds/index.ts'
import { formatShape } from './kinds/kind.ts'
import type { Layer, Network } from './network.ts'
import { unitsOf } from './units.ts'

/** Returns null if the layer can be scanned, else the reason as a clause for the user. */
export function whyNotScannable(layer: Layer): string | null {
  if (layer.op === null) {
    const { problem, reads = [], inFile } = layer
    // A report of what is missing is written from it.
    const name = inFile === undefined ? [] : [`it is "${inFile}" in the file`]
    const shapes = new Intl.ListFormat('en-GB').format(reads.map(formatShape))
    return [problem, ...name, ...(reads.length === 0 ? [] : [`it reads ${shapes}`])].join('; ')
  }
  const { pointless } = kindOf(layer.op)
  if (pointless) return pointless
  if (layer.tokens) return 'its tokens are shown by layers of their own'
  const units = unitsOf(layer.shape)
  return units === null || units.kind === 'tokens'
    ? `its output of ${layer.shape.length} axes is no map`
    : null
}

export function scannableLayers(network: Network): Layer[] {
  return network.layers.filter((layer) => whyNotScannable(layer) === null)
}

/** The layer to look at first: the convolution in the middle of the convolutions, where parts of things appear. */
export function firstLayerToShow(network: Network): Layer | undefined {
  const layers = scannableLayers(network)
  const convolutions = layers.filter((layer) => layer.op?.kind === 'conv')
  const candidates = convolutions.length > 0 ? convolutions : layers
  return candidates[Math.floor(candidates.length * 0.6)]
}
