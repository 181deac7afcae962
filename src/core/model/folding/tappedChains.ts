/**
 * @file Layers that are not folded into one another, as all of them are tapped, but that a backend may look at together
 * (`kernels/channelExtremesProgram`): the map of a step, its batch normalization, and the activation of that.
 */
import type { Step } from './steps.ts'

export interface TappedChain {
  /** The layer that the chain begins with, then those of its steps. */
  readonly layers: readonly number[]
  /** The step that normalizes; null: none does. */
  readonly normalization: Step | null
  readonly activation: 'linear' | 'relu' | 'relu6'
}

/** The chains of a pass, by their first layers. Nothing else reads the maps within a chain. */
export function tappedChains(steps: readonly Step[], taps: ReadonlySet<number>): Map<number, TappedChain> {
  const readers = new Map<number, Step[]>()
  for (const step of steps)
    for (const input of step.inputs) readers.set(input, [...(readers.get(input) ?? []), step])
  /** The tapped step that alone reads a tapped layer. */
  const next = (layer: number): Step | null => {
    const [reader, ...others] = readers.get(layer) ?? []
    const isAlone = reader && others.length === 0 && reader.inputs.length === 1
    return isAlone && taps.has(layer) && taps.has(reader.layer) ? reader : null
  }

  const chains = new Map<number, TappedChain>()
  const taken = new Set<number>()
  for (const { layer } of steps) {
    if (taken.has(layer)) continue
    const behind = next(layer)
    const normalization = behind && isPlainNormalization(behind) ? behind : null
    const last = normalization ? next(normalization.layer) : behind
    const activation = last && plainActivation(last)
    const links = [normalization, activation ? last : null].filter((step) => step !== null)
    if (links.length === 0) continue
    const layers = [layer, ...links.map((step) => step.layer)]
    for (const link of layers) taken.add(link)
    chains.set(layer, { layers, normalization, activation: activation ?? 'linear' })
  }
  return chains
}

/** Nothing is folded into it. */
function isPlainNormalization({ op, activation }: Step): boolean {
  return op.kind === 'batchNorm' && activation === null
}

function plainActivation({ op }: Step): 'relu' | 'relu6' | null {
  if (op.kind !== 'activation') return null
  const { fn } = op.activation
  return fn === 'relu' || fn === 'relu6' ? fn : null
}
