/** @file Puts snapshots together, without a browser but for tables and the like. Options are checked before a file is opened. */
import { rmSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { messageOf, sentence } from '../core/errors.ts'
import { mergeOf } from '../core/results/snapshot/mergeSnapshots.ts'
import { preambleBytes, snapshotEnding } from '../core/results/snapshot/snapshotHead.ts'
import { resultsOfSnapshot } from '../core/results/snapshot/snapshotText.ts'
import { exporterFor, exporters } from '../state/exports/index.ts'
import { type Calls, inClone } from './calls.ts'
import { checkOut, systemReasonOf, statsOf } from './outFile.mjs'
import { openSnapshot, writeWhole } from './snapshotFiles.ts'

/** What is written here. */
const own = ['snapshot', 'results']
/** What the app makes of a snapshot alone; figures need the images. */
const others = exporters.filter(({ id, isWhole, isFigure }) => isWhole && !isFigure && !own.includes(id))

const usage = (calls: Calls): string => `${calls.merge}${calls.dashes} <a.urpatch> <b.urpatch> … --out <file>
  puts parts of one scan together, as scans with --shard make them: to the last bit what one scan gives
  --out may be given several times: ….urpatch is a snapshot again, ….urpatch.json the results as JSON;
  with Chromium also ${others.map(({ ending, label }) => `…${ending} (${label})`).join(', ')}
  [--partial]  also if images are missing, because a part is not finished or not given`

/** Writes files of other kinds of a snapshot. */
export type ExportOthers = (snapshot: string, outs: readonly string[]) => Promise<void>

export interface MergeOptions {
  readonly files: readonly string[]
  readonly outs: readonly string[]
  readonly partial: boolean
}

/** Ends the process if help is asked for; throws a sentence if something is wrong. */
export function readMergeOptions(
  args: readonly string[] = process.argv.slice(2),
  calls: Calls = inClone,
): MergeOptions {
  const { values, positionals } = parse(args, calls)
  if (values.help) {
    console.log(usage(calls))
    process.exit(0)
  }
  const files = [...new Set(positionals)]
  const outs = [...new Set(values.out)]
  if (files.length === 0 || outs.length === 0)
    throw new Error(`At least one snapshot and --out are needed.\n${usage(calls)}`)
  for (const file of files) {
    const stats = statsOf(file)
    if (!stats) throw new Error(`There is no snapshot ${file}.`)
    if (stats.isDirectory()) throw new Error(`${file} is a folder. Give the snapshots in it.`)
  }
  for (const out of outs) {
    const { isFigure, label } = exporterFor(out)
    if (isFigure)
      throw new Error(
        `${calls.merge} writes no ${label} (${out}), which needs the images: merge to a file ending in ${snapshotEnding}, open that in the app with its images and export it there.`,
      )
    if (files.some((file) => path.resolve(file) === path.resolve(out)))
      throw new Error(`--out ${out} is one of the snapshots to be merged. Give another name.`)
    checkOut(out)
  }
  return { files, outs, partial: values.partial }
}

function parse(args: readonly string[], calls: Calls) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        out: { type: 'string', multiple: true, default: [] },
        partial: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
  } catch (error) {
    throw new Error(`${messageOf(error)}\n${usage(calls)}`, { cause: error })
  }
}

const encoder = new TextEncoder()

/** Throws a sentence. `tell` gets what happens. */
export async function merge(
  { files, outs, partial }: MergeOptions,
  tell: (line: string) => void,
  exportOthers: ExportOthers,
): Promise<void> {
  const [out] = outs as [string]
  const snapshots = []
  for (const file of files) snapshots.push(await openSnapshot(file))
  const merged = mergeOf(snapshots, { out, partial })
  if (merged.missing > 0) tell(`${merged.missing} of the chosen images are in none of the snapshots.`)
  if (merged.unlikeLosses.length > 0)
    tell(sentence('snapshot/unlike-losses', { file: out, layers: merged.unlikeLosses.join(', ') }))
  const stored = outs.find((one) => exporterFor(one).id === 'snapshot')
  // The text is written of the merged snapshot, which need not stay.
  const snapshot = stored ?? `${out}.merged${snapshotEnding}.part`
  const { layers } = snapshots[0]!
  let done = 0
  await saving(snapshot, async (append) => {
    append(new Uint8Array(preambleBytes))
    const start = await merged.write(
      (text) => encoder.encode(text),
      (bytes) => append(bytes),
      () => tell(`${++done} of ${layers.length} layers`),
    )
    append(start, 0)
  })
  if (stored !== undefined) tell(`Saved ${stored}`)
  try {
    for (const one of outs.filter((name) => exporterFor(name).id === 'results')) {
      const file = await openSnapshot(snapshot)
      await saving(one, async (append) => {
        for await (const piece of resultsOfSnapshot(file)) append(encoder.encode(piece))
      })
      tell(`Saved ${one}`)
    }
    const rest = outs.filter((name) => !own.includes(exporterFor(name).id))
    if (rest.length > 0) await exportOthers(snapshot, rest)
  } finally {
    if (stored === undefined) rmSync(snapshot, { force: true })
  }
}

async function saving(out: string, write: Parameters<typeof writeWhole>[1]): Promise<void> {
  try {
    await writeWhole(out, write)
  } catch (error) {
    // Our own words name the file already.
    throw error instanceof Error && 'code' in error && 'syscall' in error
      ? new Error(`${out} cannot be written (${systemReasonOf(error)}).`, { cause: error })
      : error
  }
}
