/** @file What Run would do now, so that the button can say so. */
import { scannableLayers } from '../../core/model/scannable.ts'
import { inSentence } from '../../core/shownText.ts'
import type { AppState } from '../appState.ts'
import { chosenImages, coveredOf, isDone, sharers } from '../scan/coverage.ts'
import { imagesLeft } from '../scan/scanPlan.ts'
import { isUnderWay } from '../scan/scanPhase.ts'
import { scopeLayers } from './scopeLayers.ts'
import { seriesLeft } from './series.ts'

export type RunOffer =
  /** All chosen images through these layers; some of them may be half done. */
  | { readonly kind: 'scan'; readonly names: readonly string[] }
  /** The chosen images that are left, or after them all that are left, for layers that were scanned together. */
  | {
      readonly kind: 'rest'
      readonly of: 'chosen' | 'all'
      readonly names: readonly string[]
      readonly left: number
    }
  /** Nothing is left. */
  | { readonly kind: 'done'; readonly names: readonly string[] }

export function runOffer(state: AppState): RunOffer {
  const names = scopeLayers(state)
  const open = names.filter((name) => !isDone(state, name))
  const [first] = names
  if (open.length === 0) {
    const left = first === undefined ? 0 : imagesLeft(state, first)
    if (left > 0) return { kind: 'rest', of: 'all', names: sharers(state, first!), left }
    return { kind: 'done', names }
  }
  const covered = coveredOf(state, open[0]!)
  const group = sharers(state, open[0]!)
  const isOneRest = covered !== null && covered.others === 0 && open.every((name) => group.includes(name))
  if (!isOneRest) return { kind: 'scan', names: open }
  return { kind: 'rest', of: 'chosen', names: group, left: covered.chosen - covered.done }
}

/** The layers of the scope that are not being scanned, do not wait for it and are not done. */
export function queueOffer(state: AppState): readonly string[] {
  if (!isUnderWay(state.scan)) return []
  const taken = new Set([...state.scan.progress.layers, ...state.queue.flatMap(({ names }) => names)])
  return scopeLayers(state).filter((name) => !taken.has(name) && !isDone(state, name))
}

/** A name for a few or many layers: `conv2d_5`, `3 layers`, `all 45 layers`. */
export function layersText({ model }: Pick<AppState, 'model'>, names: readonly string[]): string {
  if (names.length === 1) return names[0]!
  const all = model ? scannableLayers(model.network).length : 0
  return names.length === all ? `all ${all} layers` : `${names.length} layers`
}

/** What Run does, in a few words behind its name, and as a sentence. */
export function runTexts(state: AppState): { readonly short: string; readonly long: string } {
  const offer = runOffer(state)
  const layers = inSentence(layersText(state, offer.names))
  const models = seriesLeft(state).length
  if (models > 0 && offer.names.length > 0)
    return {
      short: `${layers} in ${models} models`,
      long: `Scan ${layers} in ${models} models, one after the other.`,
    }
  if (offer.names.length === 0) return { short: '', long: 'No layer is chosen.' }
  if (offer.kind === 'done')
    return { short: `${layers}: done`, long: `All chosen images have been through ${layers}.` }
  if (offer.kind === 'scan') {
    const count = state.images ? chosenImages(state.images.table, state.selection).length : 0
    return { short: layers, long: `Scan ${layers}, ${imagesText(count)}.` }
  }
  const left = offer.left.toLocaleString('en')
  const rest = offer.names.length === 1 ? 'the rest' : `the rest of ${layers}`
  return { short: `${rest} (${left})`, long: `Scan ${layers}: ${imagesText(offer.left)} left.` }
}

function imagesText(count: number): string {
  return count === 1 ? '1 image' : `${count.toLocaleString('en')} images`
}
