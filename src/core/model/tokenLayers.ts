/**
 * @file Vision transformers keep tokens as rows, those of the image's patches behind a class token and others. So that units have
 * places, layers of such tokens get layers beside them: the tokens of patches as a map, and each of the others as a vector.
 */
import { kindOf } from './kinds/index.ts'
import { elementCount, type Layer, type SupportedLayer, type TokenGrid } from './network.ts'
import { mapSize, unitsOf } from './units.ts'

/** The layers with those that are added; `from`: the index that each had, or null if it is new. */
export interface WithTokens {
  readonly layers: readonly Layer[]
  readonly from: readonly (number | null)[]
}

/** `isShown`: which layers are looked at. Those that are steps within others get none beside them. */
export function withTokenLayers(given: readonly Layer[], isShown: (layer: number) => boolean): WithTokens {
  const grids = tokenGrids(given)
  const layers: Layer[] = []
  const from: (number | null)[] = []
  const moved: number[] = []
  for (const [i, layer] of given.entries()) {
    moved.push(layers.length)
    from.push(i)
    const inputs = layer.inputs.map((input) => moved[input]!)
    if (layer.op === null) {
      layers.push({ ...layer, inputs })
      continue
    }
    const tokens = grids[i]
    const shares = layer.sharesWeightsOf
    const whole: SupportedLayer = {
      ...layer,
      inputs,
      ...(shares === undefined ? {} : { sharesWeightsOf: moved[shares]! }),
      ...(tokens ? { tokens } : {}),
    }
    layers.push(whole)
    if (!tokens || !isShown(i) || kindOf(layer.op).pointless) continue
    for (const part of partsOf(whole, tokens, moved[i]!)) {
      layers.push(part)
      from.push(null)
    }
  }
  return { layers, from }
}

function partsOf(
  { name, className, shape }: SupportedLayer,
  tokens: TokenGrid,
  input: number,
): SupportedLayer[] {
  const shared = { className, inputs: [input], weights: [] }
  const { first, grid } = tokens
  const [count, channels] = shape as readonly [number, number]
  const others = Array.from({ length: count }, (_, i) => i).filter(
    (i) => i < first || i >= first + elementCount(grid),
  )
  return [
    { ...shared, name: `${name} (patches)`, op: { kind: 'patches', ...tokens }, shape: [...grid, channels] },
    ...others.map((index): SupportedLayer => {
      // The first token before the patches is that of the class, by convention.
      const what = index === 0 && first > 0 ? 'class token' : `token ${index}`
      const note = 'This token stands for no part of the image, so its patches are whole images.'
      return { ...shared, name: `${name} (${what})`, op: { kind: 'token', index }, shape: [channels], note }
    }),
  ]
}

/** By layer. */
export function tokenGrids(layers: readonly Layer[]): readonly (TokenGrid | null)[] {
  const grids: (TokenGrid | null)[] = []
  for (const layer of layers) grids.push(layer.op === null ? null : tokenGrid(layers, layer, grids))
  return grids
}

function tokenGrid(
  layers: readonly Layer[],
  { op, inputs, shape }: SupportedLayer,
  grids: readonly (TokenGrid | null)[],
): TokenGrid | null {
  if (unitsOf(shape)?.kind !== 'tokens') return null
  const shapes = inputs.map((input) => (layers[input] as SupportedLayer).shape)
  const known = inputs.map((input, i): TokenGrid | null => grids[input] ?? mapAsTokens(shapes[i]!))
  const [first] = known
  switch (op.kind) {
    case 'reshape':
      return first && shapes[0]!.at(-1) === shape.at(-1) && isSameCount(first, shape, shapes[0]!)
        ? first
        : null
    case 'joinConstants':
      return first && op.axis === 0 ? { ...first, first: first.first + op.before } : first!
    case 'concat': {
      const at = known.findIndex((grid) => grid !== null)
      if (at === -1 || op.axis !== 1) return known[at] ?? null
      // Places of several maps, as those of detection heads, are no tokens of one image grid.
      if (known.filter((grid) => grid !== null).length > 1) return null
      const before = shapes.slice(0, at).reduce((sum, one) => sum + one[0]!, 0)
      return { ...known[at]!, first: known[at]!.first + before }
    }
    case 'slice': {
      if (!first || op.axis !== 0) return first!
      const moved = first.first - op.start
      const isWhole = op.step === 1 && moved >= 0 && moved + elementCount(first.grid) <= op.count
      return isWhole ? { ...first, first: moved } : null
    }
    default: {
      const at = inputs.findIndex((input, i) => grids[input] && shapes[i]![0] === shape[0])
      return at === -1 ? null : grids[inputs[at]!]!
    }
  }
}

/** A map whose places become tokens, row by row. */
function mapAsTokens(shape: SupportedLayer['shape']): TokenGrid | null {
  const grid = mapSize(shape)
  return elementCount(grid) > 1 ? { first: 0, grid } : null
}

function isSameCount(
  { grid }: TokenGrid,
  [count]: SupportedLayer['shape'],
  before: SupportedLayer['shape'],
): boolean {
  return count === (before.length === 2 ? before[0] : elementCount(grid))
}
