/**
 * @file How images and classes are numbered in files that list them all: as on the page, and behind these come those that only
 * the opened results file knows, which have negative numbers on the page.
 */
import { lost } from '../../core/results/recordedResult.ts'
import type { AppState } from '../appState.ts'
import { recordedOf, tableOf } from '../selectors/shown.ts'

export interface Listed {
  readonly names: readonly string[]
  /** The index in `names`, by the number on the page; -1 if there is none. */
  indexOf(number: number): number
}

export interface ShownNumbers {
  readonly images: Listed
  readonly classes: Listed
  /** The class of each of the images, -1 for one that has none. */
  readonly classOf: Int32Array
  /** How many patches of a channel a file has. */
  readonly k: number
}

export function shownNumbers(state: AppState): ShownNumbers {
  const table = tableOf(state)
  const recorded = recordedOf(state)
  const images = listed(table?.paths ?? [], recorded?.paths ?? [])
  const classes = listed(table?.classNames ?? [], recorded?.classNames ?? [])
  const classOf = new Int32Array(images.names.length).fill(-1)
  classOf.set(table?.classOf ?? [])
  const classAt = new Map(classes.names.map((name, at) => [name, at]))
  for (const number of recorded?.paths.keys() ?? []) {
    const at = images.indexOf(lost(number))
    if (at >= 0) classOf[at] = classAt.get(recorded!.classNames[recorded!.classOf[number]!] ?? '') ?? -1
  }
  const k = state.results.size > 0 ? state.k : (recorded?.k ?? state.k)
  return { images, classes, classOf, k }
}

function listed(shown: readonly string[], recorded: readonly string[]): Listed {
  const known = new Set(shown)
  const added = new Map<number, number>()
  const names = [...shown]
  for (const [number, name] of recorded.entries()) {
    if (known.has(name)) continue
    added.set(lost(number), names.length)
    names.push(name)
  }
  return { names, indexOf: (number) => (number < 0 ? (added.get(number) ?? -1) : number) }
}
