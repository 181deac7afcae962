/** @file Layers that leave every unit in its place: the input, scale and offset, functions of one number, and what does nothing. */
import { samePlace, type LayerKind } from './kind.ts'

export const input: LayerKind<'input'> = {
  kind: 'input',
  shape: (_, inputs) => inputs[0]!,
  weights: () => [],
  reach: samePlace,
  pointless: 'the image itself',
}

export const identity: LayerKind<'identity'> = {
  kind: 'identity',
  shape(_, inputs) {
    if (inputs.length !== 1)
      throw new Error(`it joins ${inputs.length} tensors in a way that Urpatch does not know`)
    return inputs[0]!
  },
  weights: () => [],
  reach: samePlace,
  pointless: 'it does nothing outside training',
}

/** Only TensorFlow's graphs take whole numbers so far. */
export const wholeNumbers: LayerKind<'wholeNumbers'> = {
  kind: 'wholeNumbers',
  shape: (_, inputs) => inputs[0]!,
  weights: () => [],
  reach: samePlace,
  pointless: 'the image itself, in whole numbers',
}

export const rescale: LayerKind<'rescale'> = {
  kind: 'rescale',
  shape(op, inputs) {
    const channels = inputs[0]!.at(-1)!
    for (const { length } of [op.scale, op.offset])
      if (length !== 1 && length !== channels)
        throw new Error(`it has ${length} numbers for ${channels} channels`)
    return inputs[0]!
  },
  weights: () => [],
  reach: samePlace,
}

export const pointwise: LayerKind<'pointwise'> = {
  kind: 'pointwise',
  shape: (_, inputs) => inputs[0]!,
  weights: () => [],
  reach: samePlace,
}
