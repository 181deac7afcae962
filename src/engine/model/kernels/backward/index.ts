/** @file The way back through each kind of layer, by families. */
import type { OperationKind } from '../../../../core/model/network.ts'
import { activations } from './activations.ts'
import { arithmetic } from './arithmetic.ts'
import type { Backward } from './backward.ts'
import { channelwise } from './channelwise.ts'
import { choices } from './choices.ts'
import { convolutions } from './convolutions.ts'
import { dense } from './dense.ts'
import { elementwise } from './elementwise.ts'
import { places } from './places.ts'
import { pooling } from './pooling.ts'
import { products } from './products.ts'
import { resizing } from './resizing.ts'
import { shapes } from './shapes.ts'
import { statistics } from './statistics.ts'

const kinds: { readonly [K in OperationKind]: Backward<K> } = {
  ...convolutions,
  ...dense,
  ...activations,
  ...pooling,
  ...channelwise,
  ...arithmetic,
  ...shapes,
  ...places,
  ...resizing,
  ...elementwise,
  ...statistics,
  ...choices,
  ...products,
}

export function backwardOf<K extends OperationKind>(op: { readonly kind: K }): Backward<K> {
  return kinds[op.kind] as Backward<K>
}
