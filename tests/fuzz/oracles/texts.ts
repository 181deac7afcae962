/** @file Reads what people send each other: results, snapshots, notes, projects, index files and links. */
import { planOfFolder, tableFromPlan } from '../../../src/core/images/imageTable.ts'
import { planOfIndex } from '../../../src/core/images/indexTable.ts'
import type { SignedNote } from '../../../src/core/notes/note.ts'
import {
  emptyBook,
  type Entry,
  entriesOf,
  mergeNotes,
  type NoteBook,
  unmerged,
  withEntries,
} from '../../../src/core/notes/noteBook.ts'
import { notesRecord, notesText } from '../../../src/core/notes/notesFile.ts'
import { readNotesText } from '../../../src/core/notes/readNotes.ts'
import { parseJson } from '../../../src/core/parseJson.ts'
import { readProjectFile } from '../../../src/core/project/projectFile.ts'
import { RecordedResult } from '../../../src/core/results/recordedResult.ts'
import { classesOf, resultOfLayer } from '../../../src/core/results/snapshot/snapshotResult.ts'
import { statistics } from '../../../src/core/scan/statistics/index.ts'
import { readIndex } from '../../../src/engine/files/readIndex.ts'
import { isResultsFile, readResultsFile } from '../../../src/engine/files/resultsFiles.ts'
import { mergeSnapshots, readSnapshot, sortSnapshots } from '../../../src/engine/files/snapshots.ts'
import { readHash, writeHash } from '../../../src/state/selectors/urlHash.ts'
import type { FuzzInput } from '../inputs/input.ts'
import { asClause, isWhole, must } from './check.ts'

function fileOf([file]: FuzzInput): File {
  return new File([file!.bytes], file!.name)
}

function textOf([file]: FuzzInput): string {
  return new TextDecoder().decode(file!.bytes)
}

export async function readAsResults(input: FuzzInput): Promise<void> {
  const file = fileOf(input)
  await isResultsFile(file)
  const results = await readResultsFile(file)
  const { paths, classNames, classOf, layers, k } = results
  must(isWhole(k, 1), `there are ${k} patches a channel`)
  must(classOf.length === paths.length, 'there are not as many classes as images')
  must(
    classOf.every((one) => one >= -1 && one < classNames.length),
    'a class has no name',
  )
  const numbering = { images: Int32Array.from(paths.keys()), classes: Int32Array.from(classNames.keys()) }
  for (const layer of layers) {
    must(
      layer.shape.every((length) => isWhole(length, 1)) && layer.shape.at(-1) === layer.columns.dead.length,
      `${layer.name} has shape ${layer.shape.join('×')} and ${layer.columns.dead.length} channels`,
    )
    const result = new RecordedResult(layer, numbering, 1)
    for (let channel = 0; channel < Math.min(result.channels, 50); channel++) {
      must(
        result.top(channel, k).every(({ image }) => isWhole(image) && image < paths.length),
        'a patch is of no image',
      )
      for (const statistic of statistics) result.of(statistic, channel)
    }
  }
}

export async function readAsSnapshot(input: FuzzInput): Promise<void> {
  const { facts, images, found } = await readSnapshot(fileOf(input))
  must(images.numbers.length === images.paths.length, 'there are not as many paths as images')
  must(
    images.numbers.every((number) => number < facts.images.count),
    'an image has too high a number',
  )
  for (const { facts: layer, snapshot } of found) {
    const result = resultOfLayer(layer, snapshot, classesOf(facts))
    for (let channel = 0; channel < Math.min(result.channels, 50); channel++)
      for (const statistic of statistics) result.of(statistic, channel)
  }
}

/** Parts give the same results in whatever order they are put together. */
export async function mergeAsSnapshots(input: FuzzInput): Promise<void> {
  const files = input.map(({ name, bytes }) => new File([bytes], name))
  await sortSnapshots(files)
  const [one, other] = [await mergeSnapshots(files), await mergeSnapshots(files.toReversed())]
  must(one.missing === other.missing, 'other images are missing in another order')
  const [a, b] = [await readSnapshot(one.file), await readSnapshot(other.file)]
  must(
    textOfArrays(a.found.map(({ snapshot }) => snapshot)) ===
      textOfArrays(b.found.map(({ snapshot }) => snapshot)),
    'results are others in another order',
  )
  await readAsSnapshot([{ name: one.file.name, bytes: new Uint8Array(await one.file.arrayBuffer()) }])
}

/** JSON has no NaN, no infinite numbers and no 0 below zero. */
function textOfArrays(value: unknown): string {
  return JSON.stringify(value, (_, one: unknown) => {
    if (ArrayBuffer.isView(one)) return new Uint8Array(one.buffer, one.byteOffset, one.byteLength).join()
    return typeof one === 'number' ? (Object.is(one, -0) ? '-0' : String(one)) : one
  })
}

const noteOfBen: Entry<SignedNote> = {
  layer: 'conv2d_5',
  channel: 16,
  notes: {
    name: 'eye',
    family: '',
    sure: true,
    star: true,
    note: '',
    lists: ['good'],
    changed: '2026-05-02T10:00:00.000Z',
    author: 'Ben',
  },
}

/** All that the book says, in one order; notes that say the same count once, whenever they were written. */
function said(book: NoteBook): string {
  const lines = entriesOf(book).flatMap(({ layer, channel, notes: { own, others } }) =>
    [{ own }, ...others.map((note) => ({ ...note, changed: '', lists: note.lists.toSorted() }))].map((note) =>
      JSON.stringify([layer, channel, note]),
    ),
  )
  return lines.toSorted().join('\n')
}

function mustMerge(entries: readonly Entry<SignedNote>[]): void {
  const added = (book: NoteBook, more: readonly Entry<SignedNote>[]): NoteBook =>
    withEntries(book, mergeNotes(book, more, 'me').entries)
  const before = added(emptyBook, [noteOfBen])
  const merged = mergeNotes(before, entries, 'me')
  const after = withEntries(before, merged.entries)
  must(said(after) === said(added(added(emptyBook, entries), [noteOfBen])), 'notes depend on what came first')
  must(mergeNotes(after, entries, 'me').added === 0, 'notes that are there are added again')
  must(said(withEntries(after, unmerged(after, merged))) === said(before), 'a merge is not taken back')
}

/** Notes that can be read are written as they were read, and merged. */
export function readAsNotes(input: FuzzInput): Promise<void> {
  const { name } = input[0]!
  const { model, entries } = readNotesText(textOf(input), name)
  must(
    entries.every(({ channel }) => isWhole(channel)),
    'a channel has no number',
  )
  mustMerge(entries)
  const book = withEntries(emptyBook, mergeNotes(emptyBook, entries, 'me').entries)
  const text = notesText(notesRecord(book, model, 'me'))
  const again = readNotesText(text, name)
  const same = withEntries(emptyBook, mergeNotes(emptyBook, again.entries, 'me').entries)
  must(
    notesText(notesRecord(same, again.model, 'me')) === text,
    'notes change when they are written and read',
  )
  return Promise.resolve()
}

/** What is thrown is a reason, which the caller puts into a sentence. */
export function readAsProject(input: FuzzInput): Promise<void> {
  try {
    const project = readProjectFile(parseJson(textOf(input)))
    must(project.k === null || isWhole(project.k, 1), `there are ${project.k} patches a channel`)
    must(project.inputSize === null || project.inputSize.every((n) => isWhole(n, 1)), 'the size is no size')
  } catch (error) {
    throw asClause(error)
  }
  return Promise.resolve()
}

export function readAsAddress(input: FuzzInput): Promise<void> {
  const view = readHash(`#${textOf(input)}`)
  must(view.channel === null || isWhole(view.channel), `the channel is ${view.channel}`)
  must(isWhole(view.patch), `the patch is ${view.patch}`)
  must(
    Object.values(view.finding.ranges).every((range) =>
      range.every((bound) => bound === null || Number.isFinite(bound)),
    ),
    'a bound is no number',
  )
  const written = writeHash(view)
  must(writeHash(readHash(written)) === written, `the address changes: ${written}`)
  return Promise.resolve()
}

const paths = ['cat', 'dog'].flatMap((name) => Array.from({ length: 6 }, (_, i) => `${name}/${i}.png`))

export async function readAsIndex(input: FuzzInput): Promise<void> {
  const rows = await readIndex(fileOf(input))
  must(
    rows.every((row) => row.every((cell) => typeof cell === 'string')),
    'a cell is no text',
  )
  const plan = planOfIndex(paths, rows, 'index.tsv') ?? planOfFolder(paths)
  const { paths: found, classOf, classNames, splitOf, splits, order } = tableFromPlan(paths, plan)
  must(
    found.every((path, i) => i === 0 || path > found[i - 1]!),
    'paths are not sorted',
  )
  must(new Set(order).size === found.length, 'the order is no order')
  must(
    classOf.every((one) => one < classNames.length) && splitOf.every((one) => one < splits.length),
    'a label has no name',
  )
}
