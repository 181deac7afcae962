/** @file Kept results of scans that have ended come back onto the page. */
import { messageOf, sentence } from '../../core/errors.ts'
import type { AppState, Saved, Services, Slice } from '../appState.ts'
import type { ImageMask } from '../../core/scan/imageMask.ts'
import type { CheckpointHead } from '../checkpoints/checkpointStore.ts'
import { recover, type Recovered } from '../checkpoints/recovered.ts'
import { sameChoice } from '../checkpoints/sameScan.ts'
import { storage } from '../checkpoints/storage.ts'
import type { ImageSet } from '../images/imageSet.ts'
import type { OpenModel } from '../model/openModel.ts'
import { isUnderWay } from '../scan/scanPhase.ts'

type SetState = Parameters<Slice<unknown>>[0]
type Found = readonly { readonly head: CheckpointHead; readonly recovered: Recovered }[]

/**
 * Brings back the results of these scans of the model and the images, newest first: each layer as it was scanned last.
 * Does nothing if something else is on the page by then.
 */
export async function bringBack(
  heads: readonly CheckpointHead[],
  model: OpenModel,
  images: ImageSet,
  set: SetState,
  get: () => AppState,
  { checkpoints, mosaics }: Services,
): Promise<void> {
  const mayCome = (): boolean => {
    const { recorded, results, scan, ...state } = get()
    const isOpen = state.model === model && state.images === images
    // A results file that the user has opened is not replaced.
    return isOpen && results.size === 0 && recorded === null && !isUnderWay(scan)
  }
  if (heads.length === 0 || !mayCome()) return
  const found = await read(heads, model, images, get)
  const [first] = found
  if (!first || !mayCome()) return
  const saved: [ImageMask, Saved][] = []
  for (const { head, recovered } of found) {
    await checkpoints.adopt(head.id, recovered.coverage.images)
    const { images: mask } = recovered.coverage
    saved.push([mask, { id: head.id, images: mask.count, problem: null }])
  }
  if (!mayCome()) return checkpoints.leave(saved.map(([mask]) => mask))
  mosaics.clear()
  takeSettings(first.head, set, get)
  show(found, saved, set, get)
  const { layer, channel, results } = get()
  // A channel that a link has opened stays open.
  if (channel === null && !results.has(layer ?? '')) get().showLayer(first.head.layers[0]!)
}

/** The settings of a kept scan are those of the page from now on. */
export function takeSettings(
  { preprocessing, k, selection }: CheckpointHead,
  set: SetState,
  get: () => AppState,
): void {
  // An equal choice stays the same object: code that compares objects would take another one for a change by the user.
  set({ preprocessing, k, selection: sameChoice(get().selection, selection) ? get().selection : selection })
}

/** Reads the records that have layers which no newer one has. */
async function read(
  heads: readonly CheckpointHead[],
  model: OpenModel,
  images: ImageSet,
  get: () => AppState,
): Promise<Found> {
  const found: { readonly head: CheckpointHead; readonly recovered: Recovered }[] = []
  const isFound = (name: string): boolean => found.some(({ recovered }) => recovered.results.has(name))
  const { readCheckpoint } = await storage()
  for (const head of heads) {
    if (head.layers.every(isFound)) continue
    try {
      found.push({ head, recovered: recover(head, await readCheckpoint(head), model, images) })
    } catch (error) {
      const detail = { layers: head.layers.join(', '), reason: messageOf(error) }
      get().notify('error', sentence('kept/unreadable', detail))
    }
  }
  return found
}

function show(
  found: Found,
  saved: readonly (readonly [ImageMask, Saved])[],
  set: SetState,
  get: () => AppState,
): void {
  const { status, layers, done, total } = found[0]!.head
  // The newest results come last, so that they replace older ones of the same layer.
  const old = found.toReversed().map(({ recovered }) => recovered)
  set({
    wanted: null,
    results: new Map(old.flatMap(({ results }) => [...results])),
    coverage: new Map(
      old.flatMap(({ results, coverage }) => [...results.keys()].map((name) => [name, coverage] as const)),
    ),
    skipped: new Map(old.flatMap(({ skipped }) => [...skipped])),
    saved: new Map([...get().saved, ...saved]),
    scan: {
      status: status === 'stopped' ? 'stopped' : 'done',
      progress: { layers, done, total, imagesPerSecond: null },
      seconds: 0,
    },
    revision: get().revision + 1,
  })
}
