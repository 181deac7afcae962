/** @file The scan: its phase, its settings and what it has found so far. */
import { AppError, appError, messageOf, sentence } from '../../core/errors.ts'
import { checkChannels, notebookPreprocessing } from '../../core/preprocessing/preprocessing.ts'
import { everything, selectImages } from '../../core/images/selection.ts'
import type { ImageMask } from '../../core/scan/imageMask.ts'
import { suspicionImages } from '../../core/scan/suspicion.ts'
import { checkedK } from '../../core/scan/topK.ts'
import type { HandedPicture } from '../../engine/images/smallPicture.ts'
import type { Slice, Planner, ScanSlice, Saved } from '../appState.ts'
import type { ImageSet } from '../images/imageSet.ts'
import type { OpenModel } from '../model/openModel.ts'
import { growingNotice } from './noticesSlice.ts'
import { nameOf } from '../checkpoints/recent.ts'
import type { CheckpointOptions } from '../checkpoints/scanCheckpoints.ts'
import { ScanJob } from '../scan/scanJob.ts'
import { isUnderWay, type ScanPhase } from '../scan/scanPhase.ts'
import { indexOfLayer, type ScanPlan } from '../scan/scanPlan.ts'
import { warnIfNoImage, warnIfSuspicious, warnOfNan } from './scanWarnings.ts'
import { imagesPerPass } from '../scan/imagesPerPass.ts'

export const createScan: Slice<ScanSlice> = (set, get, { pool, gallery, mosaics, checkpoints }) => {
  let job: ScanJob | null = null
  /** The run before has taken in what it had begun to. */
  let settled: Promise<unknown> = Promise.resolve()
  /** Counts what has been asked for, so that a run that was overtaken while it prepared never starts. */
  let requests = 0

  const begin = async (
    model: OpenModel,
    images: ImageSet,
    { names, order, coverage, results }: ScanPlan,
  ): Promise<void> => {
    const layers = names.map((name) => indexOfLayer(model, name))
    const { k, preprocessing, backend, selection } = get()
    for (const result of results) result.show(k)
    const before = coverage.images.count
    const progress = { layers: names, done: before, total: before + order.length, imagesPerSecond: null }
    set({ scan: { status: 'preparing', progress } })
    mosaics.clear()

    const engines = pool.engines()
    const share = Math.ceil(order.length / engines.length)

    let isShown = false
    const show = (): void => {
      if (isShown) return
      isShown = true
      set({
        results: new Map([...get().results, ...names.map((name, i) => [name, results[i]!] as const)]),
        coverage: new Map([...get().coverage, ...names.map((name) => [name, coverage] as const)]),
        revision: get().revision + 1,
      })
    }
    let judged = false
    const judge = (): void => {
      judged = true
      warnIfSuspicious(get(), names, results)
    }
    const tellReplaced = growingNotice(get)
    const replaced = { workers: 0, images: 0 }
    const started = new ScanJob({
      pool,
      images,
      order,
      mask: coverage.images,
      names,
      layers,
      results,
      skipped: get().skipped,
      preprocessing,
      maxPassSize: Math.max(1, Math.min(imagesPerPass(backend!.name), share)),
      onReady() {
        if (job !== started) return
        // Older results are looked at until there are new ones.
        if (!names.some((name) => get().results.has(name))) show()
        const { scan } = get()
        if (scan.status === 'preparing') set({ scan: { ...scan, status: 'running' } })
      },
      onTaken({ pictures }) {
        if (job !== started) return
        show()
        // What is on the screen will want them at the next progress; copies of large ones are for all layers.
        const shown = results[names.indexOf(get().layer ?? '')]
        const isTop = (picture: HandedPicture): boolean =>
          ('file' in picture ? results : shown ? [shown] : []).some(({ newcomers }) =>
            newcomers.has(picture.image),
          )
        gallery.lend(pictures.filter(isTop), preprocessing.orientation)
      },
      onProgress() {
        publish(started)
        // Early, so that nobody waits for the end of a scan of wrong numbers.
        if (!judged && coverage.images.count >= suspicionImages) judge()
      },
      onSettled: (occasion) => (occasion === 'pause' ? checkpoint.write() : checkpoint.writeIfDue()),
      onMissing: (error) =>
        get().notify('warning', sentence('scan/worker-missing', { reason: messageOf(error) })),
      onReplaced({ error, images: again }) {
        replaced.workers++
        replaced.images += again
        tellReplaced(sentence('scan/worker-replaced', { ...replaced, reason: messageOf(error) }))
      },
    })
    const checkpoint = checkpoints.begin({
      model,
      images,
      preprocessing,
      k,
      selection: { ...selection, sample: coverage.sample },
      backend: backend!.name,
      names,
      results,
      mask: coverage.images,
      total: progress.total,
      skipped: () => started.skipped,
      ...keeping(coverage.images),
      between: (task) => started.between(task),
    })
    job = started
    settled = started.outcome
    if (before > 0) show()
    started.start(engines)
    const outcome = await started.outcome
    if (outcome.status === 'done' && job === started) show()
    void checkpoint.end(outcome.status)
    warnOfNan(get(), names, results)
    // Stopped by hand, or replaced by another run: that one speaks.
    if (job !== started) return tellLast(started)
    job = null
    finish(started, outcome.status)
    if (outcome.status === 'failed') get().report(outcome.error)
    else if (!warnIfNoImage(get(), coverage.images) && !judged) judge()
  }

  /** What becomes of the results in the browser's database. */
  const keeping = (
    mask: ImageMask,
  ): Pick<CheckpointOptions, 'onForgotten' | 'onEvicted' | 'onKept' | 'onFailure'> => {
    const note = (saved: Saved): void => set({ saved: new Map([...get().saved, [mask, saved]]) })
    return {
      onForgotten: (ids) => get().dropOffers(ids),
      onEvicted(heads) {
        get().dropOffers(heads.map(({ id }) => id))
        get().notify('warning', sentence('kept/evicted', { names: heads.map(nameOf).join('; ') }))
      },
      onKept: (id) => note({ id, problem: null }),
      onFailure(error, silent) {
        const reason = messageOf(error)
        note({ id: '', problem: reason })
        if (!silent) get().notify('warning', sentence('scan/checkpoint-failed', { reason }))
      },
    }
  }

  const publish = (current: ScanJob): void => {
    const { scan, revision, peakBytes } = get()
    if (current !== job || !isUnderWay(scan)) return
    set({
      scan: { ...scan, progress: current.progress },
      revision: revision + 1,
      skipped: new Map(current.skipped),
      peakBytes: Math.max(peakBytes, current.bytes),
    })
  }

  let last: { readonly job: ScanJob | null; readonly phase: ScanPhase } | null = null

  /** Nothing happens unless a scan is under way; it may not have got as far as a job. */
  const finish = (ended: ScanJob | null, status: 'done' | 'stopped' | 'failed'): void => {
    const { scan } = get()
    if (!isUnderWay(scan)) return
    last = {
      job: ended,
      phase: { status, progress: ended?.progress ?? scan.progress, seconds: ended?.seconds ?? 0 },
    }
    set({ scan: last.phase, ...(ended ? { skipped: new Map(ended.skipped) } : {}) })
  }

  /** What came in while the scan was being stopped. */
  const tellLast = (ended: ScanJob): void => {
    const { scan, revision } = get()
    if (last?.job !== ended || last.phase !== scan || scan.status !== 'stopped') return
    set({
      scan: { ...scan, progress: ended.progress },
      skipped: new Map(ended.skipped),
      revision: revision + 1,
    })
  }

  const start = async (plan: Planner): Promise<void> => {
    const { model, images, openingModel } = get()
    // The engines are about to change while a model is being opened.
    if (!model || !images || openingModel !== null) return
    get().interrupt()
    const request = ++requests
    await settled
    if (request !== requests) return
    try {
      const planned = plan(model, images)
      if (!planned || planned.names.length === 0) return
      if (planned.order.length === 0 && planned.coverage.images.count === 0) throw appError('selection/empty')
      checkChannels(get().preprocessing, model.network.inputShape[2])
      await begin(model, images, planned)
    } catch (error) {
      if (request !== requests) return
      finish(job, 'failed')
      job = null
      // Our own words: nothing is wrong with the engines.
      if (!(error instanceof AppError)) pool.markBroken()
      get().report(error)
    }
  }

  return {
    scan: { status: 'idle' },
    scope: 'shown',
    k: 16,
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
      // Those of a scan that is being prepared are not shown yet.
      const kept = [...[...get().results.values()].map((result) => result.kept), ...(job ? [job.kept] : [])]
      if (kept.some((count) => count < k)) get().putAside()
      for (const result of get().results.values()) result.show(checked)
      job?.show(checked)
      set({ k: checked })
    },
    setPreprocessing(preprocessing) {
      get().putAside()
      set({ preprocessing })
      void get().findFitting()
    },
    setSelection(selection) {
      const { images, selection: before } = get()
      if (images) selectImages(images.table, selection)
      const sameImages =
        String(selection.classes) === String(before.classes) &&
        String(selection.splits) === String(before.splits)
      if (!sameImages) get().putAside()
      set({ selection })
      if (!sameImages) void get().findFitting()
    },
    scanPlanned: start,
    pause() {
      const { scan } = get()
      if (scan.status !== 'running' && scan.status !== 'preparing') return
      job?.pause()
      set({ scan: { ...scan, status: 'paused' } })
    },
    resume() {
      const { scan } = get()
      if (scan.status !== 'paused') return
      set({ scan: { ...scan, status: job?.isReady ? 'running' : 'preparing' } })
      job?.resume()
    },
    stop() {
      const { queue } = get()
      get().clearQueue()
      get().interrupt()
      const layers = queue.flatMap(({ names }) => names).join(', ')
      if (layers !== '') get().notify('info', sentence('scan/queue-stopped', { layers }))
    },
    interrupt() {
      requests++
      const stopped = job
      stopped?.stop()
      job = null
      finish(stopped, 'stopped')
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
