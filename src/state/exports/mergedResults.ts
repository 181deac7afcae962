/** @file A results file that joins layers of an opened file with those that were scanned since. */
import type { NotesFile } from '../../core/notes/notesFile.ts'
import { sameGroups } from '../../core/images/selection.ts'
import type { AppState } from '../appState.ts'
import type { OpenResults } from '../results/openResults.ts'
import { besideOf } from '../selectors/shown.ts'
import type { RecordedText } from './snapshotJson.ts'

/** Layers of an opened file for the same file: it has one number of patches, one choice of classes and splits. */
export interface Beside {
  readonly recorded: OpenResults
  /** The layers that were not scanned anew; none if one file cannot hold both. */
  readonly layers: OpenResults['layers']
  /** The names of layers that have to be left out. */
  readonly leftOut: readonly string[]
}

/** The text of an opened file; of a snapshot it is made. */
export async function textOf({ file, content }: OpenResults): Promise<RecordedText> {
  if (content.kind === 'snapshot') {
    const { textOfSnapshot } = await import('./snapshotJson.ts')
    return textOfSnapshot(content.snapshot)
  }
  return { file, ranges: new Map(content.layers.map(({ name, range }) => [name, range])) }
}

/** Returns null if there are none. */
export function besideScan(state: AppState): Beside | null {
  const recorded = besideOf(state)
  const layers = recorded?.layers.filter(({ name }) => !state.results.has(name)) ?? []
  if (!recorded || layers.length === 0) return null
  const fits = state.k === recorded.k && sameGroups(state.selection, recorded.images.selection)
  return { recorded, layers: fits ? layers : [], leftOut: fits ? [] : layers.map(({ name }) => name) }
}

/** Their records by layer name, cut from the file as they are. */
export function recordsOf({ layers }: Beside, { file, ranges }: RecordedText): ReadonlyMap<string, Blob> {
  return new Map(layers.map(({ name }) => [name, file.slice(...ranges.get(name)!)]))
}

interface Head {
  readonly images: Pick<OpenResults['images'], 'scanned' | 'skipped'>
}

/**
 * `head`: the head of the scanned layers, open at its end for them. Keys of the file that are not known here stay.
 * `areNotesOther`: whether the file's notes hold no more.
 */
export function mergedHead(head: string, { recorded }: Beside, areNotesOther: boolean): string {
  const now = JSON.parse(`${head}]}`) as Head
  const { notes, ...rest } = recorded.head
  const before = (areNotesOther
    ? rest
    : { ...rest, ...(notes === undefined ? {} : { notes }) }) as unknown as Head
  const skipped = new Map([...before.images.skipped, ...now.images.skipped].map((one) => [one.path, one]))
  const images = {
    ...before.images,
    ...now.images,
    scanned: Math.max(before.images.scanned, now.images.scanned),
    skipped: [...skipped.values()],
  }
  const others: Record<string, unknown> = { ...before, ...now, images }
  delete others['layers']
  return openHead(others)
}

/** The head's keys without an end, as layers come after all of them. */
function openHead(head: object): string {
  return `${JSON.stringify(head).slice(0, -1)},"layers":[`
}

/** The opened file with other notes; its layers are cut from it as they are. */
export function withHead(
  { head, layers }: OpenResults,
  { file, ranges }: RecordedText,
  notes: NotesFile | null,
): Blob {
  const others: Record<string, unknown> = { ...head }
  delete others['notes']
  const records = layers.flatMap(({ name }, i) => [...(i > 0 ? [','] : []), file.slice(...ranges.get(name)!)])
  return new Blob([openHead({ ...others, ...(notes ? { notes } : {}) }), ...records, ']}'], {
    type: 'application/json',
  })
}
