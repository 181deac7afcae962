/** @file The way back through each kind of layer, by families. */
import type { OperationKind } from '../../../../core/model/network.ts'
import { activations } from './activations.ts'
import { arithmetic } from './arithmetic.ts'
import type { Backward, Backwards } from './backward.ts'
import { channelwise } from './channelwise.ts'
import { convolutions } from './convolutions.ts'
import { dense } from './dense.ts'
import { pooling } from './pooling.ts'
import { shapes } from './shapes.ts'

const kinds: Backwards = {
  ...convolutions,
  ...dense,
  ...activations,
  ...pooling,
  ...channelwise,
  ...arithmetic,
  ...shapes,
}

/** Throws a plain Error that names the kind if there is no way back through it. */
export function backwardOf<K extends OperationKind>({ kind }: { readonly kind: K }): Backward<K> {
  const found = kinds[kind] as Backward<K> | undefined
  if (!found) throw new Error(`there is no way back through layers of the kind ${kind}`)
  return found
}
