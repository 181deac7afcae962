/**
 * @file Scans of earlier visits, and of tabs that have crashed, for the model and images that are open. Results of
 * scans that have ended come back by themselves; unfinished scans are offered, resumed or discarded.
 */
import { choiceOf } from '../../core/backendNames.ts'
import { codeOf, messageOf, sentence } from '../../core/errors.ts'
import type { Slice, UnfinishedSlice } from '../appState.ts'
import type { CheckpointHead } from '../checkpoints/checkpointStore.ts'
import { fittingHeads } from '../checkpoints/fittingHeads.ts'
import { recover } from '../checkpoints/recovered.ts'
import { togetherKey } from '../checkpoints/sameScan.ts'
import { storage } from '../checkpoints/storage.ts'
import { claimedScans, claimScan, releaseScan } from '../checkpoints/tabLocks.ts'
import type { ImageSet } from '../images/imageSet.ts'
import type { OpenModel } from '../model/openModel.ts'
import { imagesToScan } from '../scan/scanPlan.ts'
import { resumableOf } from '../selectors/resumable.ts'
import { bringBack, takeSettings } from './keptResults.ts'

interface Search {
  readonly model: OpenModel
  readonly images: ImageSet
  readonly done: Promise<void>
}

export const createUnfinished: Slice<UnfinishedSlice> = (set, get, services) => {
  const { checkpoints } = services
  /** The latest search: if both a link and the page ask for it, it is made once. */
  let search: Search | null = null
  let isNewerTold = false

  const isOpen = (model: OpenModel, images: ImageSet): boolean =>
    get().model === model && get().images === images

  /** `fitting`: brings back only results that were made with the current settings and backend. */
  const find = async (model: OpenModel, images: ImageSet, fitting: boolean): Promise<void> => {
    await checkpoints.left
    await get().recallScans()
    try {
      const { heads, changed } = await fittingHeads(get().kept, model, images, services.gallery.remote)
      for (const image of isOpen(model, images) ? changed : [])
        get().notify('warning', sentence('scan/images-changed', { image }))
      const head = heads.find(({ id }) => get().unfinished.some((one) => one.id === id))
      if (head && isOpen(model, images)) set({ resumable: { head, model, images } })
      const ended = heads.filter(({ status }) => status !== 'unfinished')
      const { wanted, preprocessing, selection, backend } = get()
      const key = fitting
        ? ended[0] && togetherKey({ ...ended[0], preprocessing, selection, backend: choiceOf(backend!) })
        : ended.some((one) => togetherKey(one) === wanted)
          ? wanted
          : ended[0] && togetherKey(ended[0])
      const fit = ended.filter((one) => togetherKey(one) === key)
      await bringBack(fit, model, images, set, get, services)
    } catch (error) {
      get().report(error)
    }
  }

  /** Whether the results may stand beside those on the page. */
  const fits = (head: CheckpointHead): boolean => {
    const { preprocessing, selection, backend } = get()
    return (
      togetherKey(head) === togetherKey({ ...head, preprocessing, selection, backend: choiceOf(backend!) })
    )
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
        takeSettings(head, set, get)
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
