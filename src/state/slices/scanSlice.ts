/** @file The scan: its phase, its settings and what it has found so far. */
import { AppError, appError, sentence } from '../../core/errors.ts'
import { everything, sameGroups, selectImages } from '../../core/images/selection.ts'
import { checkChannels, notebookPreprocessing } from '../../core/preprocessing/preprocessing.ts'
import { checkedK } from '../../core/scan/topK.ts'
import { usualKeep } from '../scan/scanPlan.ts'
import type { ScanSlice, Slice } from '../appState.ts'
import { Latest } from '../timing/latest.ts'
import { PageScan } from './pageScan.ts'

export const createScan: Slice<ScanSlice> = (set, get, services) => {
  const { pool, mosaics, checkpoints, selfTester } = services
  /** The scan that is under way. */
  let current: PageScan | null = null
  /** Settles when the scan before has taken in what it had begun to. */
  let settled: Promise<unknown> = Promise.resolve()
  const attempts = new Latest()

  return {
    scan: { status: 'idle' },
    scope: 'shown',
    k: 16,
    keep: usualKeep,
    preprocessing: notebookPreprocessing,
    selection: everything,
    results: new Map(),
    coverage: new Map(),
    revision: 0,
    skipped: new Map(),
    peakBytes: 0,
    setScope(scope) {
      set({ scope })
    },
    setK(k) {
      const checked = checkedK(k)
      // The results of a scan that is being prepared are not shown yet.
      const kept = [
        ...[...get().results.values()].map((result) => result.kept),
        ...(current ? [current.kept] : []),
      ]
      if (kept.some((count) => count < k)) get().putAside()
      for (const result of get().results.values()) result.show(checked)
      current?.show(checked)
      set({ k: checked })
    },
    setKeep(keep) {
      set({ keep: checkedK(keep) })
    },
    setPreprocessing(preprocessing) {
      get().putAside()
      set({ preprocessing })
      void get().findFitting()
    },
    setSelection(selection) {
      const { images, selection: before } = get()
      if (images) selectImages(images.table, selection)
      const sameImages = sameGroups(selection, before)
      if (!sameImages) get().putAside()
      set({ selection })
      if (!sameImages) void get().findFitting()
    },
    async scanPlanned(planner) {
      const { model, images, openingModel } = get()
      // The engines are about to change while a model is being opened.
      if (!model || !images || openingModel !== null) return
      selfTester.interrupt()
      get().interrupt()
      const attempt = attempts.begin()
      await settled
      if (attempt.aborted) return
      try {
        const plan = planner(model, images)
        if (!plan || plan.names.length === 0) return
        if (plan.order.length === 0 && plan.coverage.images.count === 0) throw appError('selection/empty')
        checkChannels(get().preprocessing, model.network.inputShape[2])
        current = new PageScan({ set, get, services, model, images, plan })
        settled = current.settled
        await current.run()
      } catch (error) {
        if (attempt.aborted) return
        current?.fail(error)
        // Our own words: nothing is wrong with the engines.
        if (!(error instanceof AppError)) pool.markBroken()
        get().report(error)
      } finally {
        if (!attempt.aborted) current = null
      }
    },
    pause: () => current?.pause(),
    resume: () => current?.resume(),
    stop() {
      const { queue } = get()
      get().clearQueue()
      get().interrupt()
      const layers = queue.flatMap(({ names }) => names).join(', ')
      if (layers !== '') get().notify('info', sentence('scan/queue-stopped', { layers }))
    },
    interrupt() {
      attempts.cancel()
      current?.stop()
      current = null
    },
    betweenReports(work) {
      return current ? current.betweenReports(work) : settled.then(() => work(get().skipped))
    },
    clearResults() {
      get().stop()
      checkpoints.leave()
      mosaics.clear()
      set(({ revision }) => ({
        scan: { status: 'idle' },
        results: new Map(),
        coverage: new Map(),
        skipped: new Map(),
        revision: revision + 1,
        peakBytes: 0,
      }))
    },
  }
}
