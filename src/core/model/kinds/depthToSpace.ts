/** @file Channels that become rows and columns: https://www.tensorflow.org/api_docs/python/tf/nn/depth_to_space */
import { mapShape, type LayerKind } from './kind.ts'

export const depthToSpace: LayerKind<'depthToSpace'> = {
  kind: 'depthToSpace',
  shape({ block }, inputs) {
    const [height, width, channels] = mapShape(inputs)
    const depth = channels / block ** 2
    if (!Number.isInteger(block) || block < 1 || !Number.isInteger(depth))
      throw new Error(`it spreads ${channels} channels over squares of ${block}×${block}`)
    return [height * block, width * block, depth]
  },
  weights: () => [],
  reach: ({ block }, _, [first, end]) => [Math.floor(first / block), Math.floor((end - 1) / block) + 1],
}
