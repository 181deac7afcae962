/**
 * @file Scans of earlier visits, and of tabs that have crashed, for the model and images that are open. Results of
 * scans that have ended come back by themselves; unfinished scans are offered, resumed or discarded.
 */
import { codeOf, messageOf, sentence } from '../../core/errors.ts'
import type { ImageMask } from '../../core/scan/imageMask.ts'
import type { Slice, UnfinishedSlice } from '../appState.ts'
import type { CheckpointHead } from '../checkpoints/checkpointStore.ts'
import { digestModel, digestTable } from '../checkpoints/digests.ts'
import { storage } from '../checkpoints/storage.ts'
import type { ImageSet } from '../images/imageSet.ts'
import type { OpenModel } from '../model/openModel.ts'
import { recover, type Recovered } from '../checkpoints/recovered.ts'
import { sameChoice, togetherKey } from '../checkpoints/sameScan.ts'
import { isUnderWay } from '../scan/scanPhase.ts'
import { imagesToScan } from '../scan/scanPlan.ts'
import { claimedScans, claimScan, releaseScan } from '../checkpoints/tabLocks.ts'
import { resumableOf } from '../selectors/resumable.ts'

interface Search {
  readonly model: OpenModel
  readonly images: ImageSet
  readonly done: Promise<void>
}

export const createUnfinished: Slice<UnfinishedSlice> = (set, get, { gallery, checkpoints, mosaics }) => {
  /** The latest search: if both a link and the page ask for it, it is made once. */
  let search: Search | null = null
  let isNewerTold = false

  const isOpen = (model: OpenModel, images: ImageSet): boolean =>
    get().model === model && get().images === images

  /** Those that belong to this model and these images. The model is digested only if all else is equal. */
  const headsOf = async (
    heads: readonly CheckpointHead[],
    model: OpenModel,
    images: ImageSet,
  ): Promise<CheckpointHead[]> => {
    const likely = heads.filter(
      (head) =>
        head.images.count === images.table.paths.length &&
        String(head.model.inputShape) === String(model.network.inputShape),
    )
    if (likely.length === 0) return []
    const digest = await digestTable(images.table, gallery.remote)
    const ofImages = likely.filter((head) => head.images.digest === digest)
    if (ofImages.length === 0) return []
    const sha256 = await digestModel(model, gallery.remote)
    return ofImages.filter((head) => head.model.sha256 === sha256)
  }

  /** `fitting`: brings back only results that were made with the current settings and backend. */
  const find = async (model: OpenModel, images: ImageSet, fitting: boolean): Promise<void> => {
    await checkpoints.left
    await get().recallScans()
    try {
      const heads: CheckpointHead[] = []
      for (const head of await headsOf(get().kept, model, images)) {
        const changed = await firstChanged(head, images)
        if (changed === null) heads.push(head)
        else if (isOpen(model, images))
          get().notify('warning', sentence('scan/images-changed', { image: changed }))
      }
      const head = heads.find(({ id }) => get().unfinished.some((one) => one.id === id))
      if (head && isOpen(model, images)) set({ resumable: { head, model, images } })
      const ended = heads.filter(({ status }) => status !== 'unfinished')
      const { wanted, preprocessing, selection, backend } = get()
      const key = fitting
        ? ended[0] && togetherKey({ ...ended[0], preprocessing, selection, backend: backend!.name })
        : ended.some((one) => togetherKey(one) === wanted)
          ? wanted
          : ended[0] && togetherKey(ended[0])
      await comeBack(
        ended.filter((one) => togetherKey(one) === key),
        model,
        images,
      )
    } catch (error) {
      get().report(error)
    }
  }

  /** Brings back the results of scans that have ended, newest first: each layer as it was scanned last. */
  const comeBack = async (
    heads: readonly CheckpointHead[],
    model: OpenModel,
    images: ImageSet,
  ): Promise<void> => {
    const mayCome = (): boolean =>
      // A results file that the user has opened is not replaced.
      isOpen(model, images) && get().results.size === 0 && get().recorded === null && !isUnderWay(get().scan)
    const [newest] = heads
    if (!newest || !mayCome()) return
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
    const [first] = found
    if (!first || !mayCome()) return
    const { status, layers, done, total } = first.head
    const adopted: [ImageMask, { id: string; problem: null }][] = []
    for (const { head, recovered } of found) {
      await checkpoints.adopt(head.id, recovered.coverage.images)
      adopted.push([recovered.coverage.images, { id: head.id, problem: null }])
    }
    if (!mayCome()) return checkpoints.leave(adopted.map(([mask]) => mask))
    mosaics.clear()
    takeSettings(first.head)
    // The newest results come last, so that they replace older ones of the same layer.
    const old = found.toReversed().map(({ recovered }) => recovered)
    set({
      wanted: null,
      results: new Map(old.flatMap(({ results }) => [...results])),
      coverage: new Map(
        old.flatMap(({ results, coverage }) => [...results.keys()].map((name) => [name, coverage] as const)),
      ),
      skipped: new Map(old.flatMap(({ skipped }) => [...skipped])),
      saved: new Map([...get().saved, ...adopted]),
      scan: {
        status: status === 'stopped' ? 'stopped' : 'done',
        progress: { layers, done, total, imagesPerSecond: null },
        seconds: 0,
      },
      revision: get().revision + 1,
    })
    const { layer, channel, results } = get()
    // A channel that a link has opened stays open.
    if (channel === null && !results.has(layer ?? '')) get().showLayer(layers[0]!)
  }

  const takeSettings = ({ preprocessing, k, selection }: CheckpointHead): void =>
    // An equal choice stays the same object: who compares objects would take another one for a change by the user.
    set({ preprocessing, k, selection: sameChoice(get().selection, selection) ? get().selection : selection })

  /** Whether the results may stand beside those on the page. */
  const fits = (head: CheckpointHead): boolean => {
    const { preprocessing, selection, backend } = get()
    return togetherKey(head) === togetherKey({ ...head, preprocessing, selection, backend: backend!.name })
  }

  const look = (isFitting: (before: Search | null) => boolean): Promise<void> => {
    const { model, images } = get()
    if (!model || !images) return Promise.resolve()
    search = { model, images, done: find(model, images, isFitting(search)) }
    return search.done
  }

  return {
    kept: [],
    unfinished: [],
    resumable: null,
    async recallScans() {
      try {
        const [heads, claimed] = await Promise.all([
          storage().then(({ listCheckpoints }) => listCheckpoints()),
          claimedScans(),
        ])
        const kept = heads.filter(({ id, status }) => status !== 'unfinished' || !claimed.has(id))
        set({ kept, unfinished: kept.filter(({ status }) => status === 'unfinished') })
      } catch (error) {
        // Private windows may have no storage; then there is nothing to offer.
        set({ kept: [], unfinished: [], resumable: null })
        if (codeOf(error) !== 'kept/newer' || isNewerTold) return
        isNewerTold = true
        get().notify('warning', messageOf(error))
      }
    },
    findScan() {
      const { model, images } = get()
      if (search && search.model === model && search.images === images) return search.done
      // If only the backend is another one, the user wants results of that backend, not all that are kept.
      return look((before) => before?.model.source === model?.source && before?.images === images)
    },
    findFitting() {
      const { model, images } = get()
      // Settings that come with a project that has just been opened are no change by the user.
      return look((before) => before?.model === model && before?.images === images)
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
        const { results, coverage, skipped } = recover(head, await readCheckpoint(head), model, images)
        if (resumableOf(get()) !== resumable) return releaseScan(head.id).then(() => false)
        get().dropOffers([head.id])
        if (!fits(head)) get().putAside()
        takeSettings(head)
        set({ skipped: new Map([...get().skipped, ...skipped]) })
        if (!head.layers.includes(get().layer ?? '')) get().showLayer(head.layers[0]!)
        await checkpoints.adopt(head.id, coverage.images)
        await get().runPlanned(head.layers, () => ({
          names: head.layers,
          order: imagesToScan(images.table, head.selection, coverage.images),
          coverage,
          results: [...results.values()],
        }))
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
        await (await storage()).deleteCheckpoints([id])
      } catch (error) {
        get().report(error)
      }
      await releaseScan(id)
    },
    dropOffers(ids) {
      const stays = ({ id }: { readonly id: string }): boolean => !ids.includes(id)
      set(({ kept, unfinished, resumable, saved }) => ({
        kept: kept.filter(stays),
        unfinished: unfinished.filter(stays),
        resumable: resumable && stays(resumable.head) ? resumable : null,
        saved: new Map([...saved].filter(([, record]) => stays(record))),
      }))
    },
  }
}

/** The path of an image whose file has another size than it had; null if no such image is known. */
async function firstChanged({ images: { sizes } }: CheckpointHead, images: ImageSet): Promise<string | null> {
  for (const [image, bytes] of sizes) {
    if (images.sizes.of(image) === null) await images.handleOf(image).catch(() => undefined)
    if (images.sizes.of(image) !== bytes) return images.table.paths[image]!
  }
  return null
}
