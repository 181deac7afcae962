/** @file Scans of earlier visits, or of tabs that have crashed, which did not end: offered, resumed, discarded. */
import { messageOf, sentence } from '../core/errors.ts'
import type { Selection } from '../core/images/selection.ts'
import { ImageMask } from '../core/scan/imageMask.ts'
import type { AppState, Slice } from './appState.ts'
import type { Checkpoint, CheckpointHead } from './checkpointStore.ts'
import { digestModel, digestTable } from './digests.ts'
import type { ImageSet } from './imageSet.ts'
import type { OpenModel } from './model.ts'
import { sameSettings } from './preprocessing.ts'
import { isUnderWay } from './scanPhase.ts'
import { emptyResults, imagesToScan, keptFor, type ScanPlan } from './scanPlan.ts'
import { claimedScans, claimScan, releaseScan } from './tabLocks.ts'

export interface UnfinishedSlice {
  /** Newest first; none that a living tab has. */
  readonly unfinished: readonly CheckpointHead[]
  /** The one of them that was found to be of what is open. */
  readonly resumable: Resumable | null
  /** Looks into the browser's database, at the start of a visit. Where there is none, there is nothing to offer. */
  recallScans(): Promise<void>
  /** Looks whether one of them is of the model and images that are open. */
  findScan(): Promise<void>
  /** Goes on with the one that was found, with its settings. Resolves when the scan has ended; false: there is none. */
  resumeScan(): Promise<boolean>
  discardScan(id: string): Promise<void>
  /** They are no longer there. */
  dropOffers(ids: readonly string[]): void
}

export interface Resumable {
  readonly head: CheckpointHead
  readonly model: OpenModel
  readonly images: ImageSet
}

/** Loaded when it is needed: most visits begin without it. */
const storage = (): Promise<typeof import('./checkpointStore.ts')> => import('./checkpointStore.ts')

export const createUnfinished: Slice<UnfinishedSlice> = (set, get, { gallery, checkpoints }) => {
  /** The latest search, and what it is for: asked for by a link and by the page, it is done once. */
  let search: { readonly model: OpenModel; readonly images: ImageSet; readonly done: Promise<void> } | null =
    null

  const isOf = async (head: CheckpointHead, model: OpenModel, images: ImageSet): Promise<boolean> =>
    head.images.count === images.table.paths.length &&
    head.images.digest === (await digestTable(images.table, gallery.remote)) &&
    String(head.model.inputShape) === String(model.network.inputShape) &&
    head.model.sha256 === (await digestModel(model, gallery.remote))

  const find = async (model: OpenModel, images: ImageSet): Promise<void> => {
    await checkpoints.left
    await get().recallScans()
    try {
      for (const head of get().unfinished) {
        if (!(await isOf(head, model, images))) continue
        const changed = await firstChanged(head, images)
        if (get().model !== model || get().images !== images) return
        if (changed === null) return set({ resumable: { head, model, images } })
        get().notify('warning', sentence('scan/images-changed', { image: changed }))
      }
    } catch (error) {
      get().report(error)
    }
  }

  return {
    unfinished: [],
    resumable: null,
    async recallScans() {
      try {
        const [heads, claimed] = await Promise.all([
          storage().then(({ listCheckpoints }) => listCheckpoints()),
          claimedScans(),
        ])
        set({ unfinished: heads.filter(({ id }) => !claimed.has(id)) })
      } catch {
        // Private windows may have no storage; then there is nothing to offer.
        set({ unfinished: [], resumable: null })
      }
    },
    findScan() {
      const { model, images } = get()
      if (!model || !images) return Promise.resolve()
      if (search?.model !== model || search.images !== images)
        search = { model, images, done: find(model, images) }
      return search.done
    },
    async resumeScan() {
      const resumable = resumableOf(get())
      if (!resumable) return false
      const { head, model, images } = resumable
      if (!(await claimScan(head.id))) {
        get().dropOffers([head.id])
        get().notify('info', sentence('scan/resumed-elsewhere'))
        return false
      }
      try {
        const { readCheckpoint } = await storage()
        const checkpoint = await readCheckpoint(head)
        const plan = restored(head, checkpoint, model, images)
        if (resumableOf(get()) !== resumable) return releaseScan(head.id).then(() => false)
        get().dropOffers([head.id])
        get().clearResults()
        const { preprocessing, k } = head
        // The same choice stays the same object: what waits for the user to change it is not misled.
        const selection = sameChoice(get().selection, head.selection) ? get().selection : head.selection
        set({ preprocessing, k, selection, skipped: new Map(checkpoint.images.skipped) })
        if (!head.layers.includes(get().layer ?? '')) get().showLayer(head.layers[0]!)
        checkpoints.adopt(head.id, plan.coverage.images)
        await get().runPlanned(plan.names, () => plan)
        return true
      } catch (error) {
        await releaseScan(head.id)
        get().notify('error', sentence('scan/checkpoint-unreadable', { reason: messageOf(error) }))
        return false
      }
    },
    async discardScan(id) {
      get().dropOffers([id])
      try {
        await (await storage()).deleteCheckpoint(id)
      } catch (error) {
        get().report(error)
      }
      await releaseScan(id)
    },
    dropOffers(ids) {
      set(({ unfinished, resumable }) => ({
        unfinished: unfinished.filter((head) => !ids.includes(head.id)),
        resumable: resumable && ids.includes(resumable.head.id) ? null : resumable,
      }))
    },
  }
}

function sameChoice(a: Selection, b: Selection): boolean {
  return JSON.stringify([a.classes, a.splits, a.sample]) === JSON.stringify([b.classes, b.splits, b.sample])
}

/** The offer, where it is one for what is open now and nothing is under way. */
export function resumableOf({ resumable, model, images, scan }: AppState): Resumable | null {
  const holds = resumable !== null && resumable.model === model && resumable.images === images
  return holds && !isUnderWay(scan) ? resumable : null
}

/** Settings that resuming would change, in words. */
export function changedSettings(
  { preprocessing, k, selection }: Pick<AppState, 'preprocessing' | 'k' | 'selection'>,
  head: CheckpointHead,
): string[] {
  return [
    ...(sameSettings(preprocessing, head.preprocessing) ? [] : ['preprocessing']),
    ...(k === head.k ? [] : ['patches per channel']),
    ...(sameChoice(selection, head.selection) ? [] : ['choice of images']),
  ]
}

/** Path of an image whose file is another one than it was; null where all are as they were, as far as is known. */
async function firstChanged({ images: { sizes } }: CheckpointHead, images: ImageSet): Promise<string | null> {
  for (const [image, bytes] of sizes) {
    await images.handleOf(image).catch(() => undefined)
    if (images.sizes.of(image) !== bytes) return images.table.paths[image]!
  }
  return null
}

/** Throws where the checkpoint is not of this model and these images. */
function restored(
  { layers, k, selection }: CheckpointHead,
  checkpoint: Checkpoint,
  model: OpenModel,
  { table }: ImageSet,
): ScanPlan {
  const mask = new ImageMask(table.paths.length)
  mask.restore(checkpoint.images.mask)
  const results = emptyResults(model, layers, keptFor(k), table)
  for (const [i, result] of results.entries()) result.restore(checkpoint.layers[i]!)
  return {
    names: layers,
    order: imagesToScan(table, selection, mask),
    coverage: { images: mask, sample: selection.sample },
    results,
  }
}
