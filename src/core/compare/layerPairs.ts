/** @file Which layers of two networks are compared. */
import { channelCount, type Shape } from '../model/network.ts'

export interface LayerHead {
  readonly name: string
  readonly shape: Shape
}

/**
 * The names of the layers after by those before. Layers of the same name and number of channels go together; of the others, those
 * of the same shape, in their order, as Keras numbers the layers of a second network on; then those of the same name.
 */
export function layerPairs(
  before: readonly LayerHead[],
  after: readonly LayerHead[],
): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  const taken = new Set<string>()
  const pair = (fits: (a: LayerHead, b: LayerHead) => boolean): void => {
    for (const a of before) {
      if (found.has(a.name)) continue
      const b = after.find((one) => !taken.has(one.name) && fits(a, one))
      if (!b) continue
      found.set(a.name, b.name)
      taken.add(b.name)
    }
  }
  pair((a, b) => a.name === b.name && channelCount(a.shape) === channelCount(b.shape))
  pair((a, b) => String(a.shape) === String(b.shape))
  pair((a, b) => a.name === b.name)
  return new Map(before.flatMap(({ name }) => (found.has(name) ? [[name, found.get(name)!] as const] : [])))
}
