/** @file One scan as the page shows it: its events become state, notices, checkpoints and pictures for the gallery. */
import { choiceOf } from '../../core/backendNames.ts'
import { messageOf, sentence } from '../../core/errors.ts'
import type { Preprocessing } from '../../core/preprocessing/preprocessing.ts'
import { suspicionImages } from '../../core/scan/suspicion.ts'
import { type InTurn, inTurn } from '../../core/timing/inTurn.ts'
import type { Engine } from '../../engine/engine.ts'
import type { HandedPicture } from '../../engine/images/smallPicture.ts'
import type { Remote } from '../../rpc/remote.ts'
import type { AppState, Services, Slice } from '../appState.ts'
import type { ScanCheckpoint } from '../checkpoints/scanCheckpoint.ts'
import type { ImageSet } from '../images/imageSet.ts'
import type { OpenModel } from '../model/openModel.ts'
import { imagesPerPass } from '../scan/imagesPerPass.ts'
import type { ScanEvent } from '../scan/scanEvents.ts'
import { ScanJob } from '../scan/scanJob.ts'
import type { ScanPhase } from '../scan/scanPhase.ts'
import { indexOfLayer, type ScanPlan } from '../scan/scanPlan.ts'
import { keepingOf } from './keptScan.ts'
import { growingNotice } from './noticesSlice.ts'
import { warnIfNoImage, warnIfSuspicious, warnOfNan } from './scanWarnings.ts'

export interface PageScanOptions {
  readonly set: Parameters<Slice<unknown>>[0]
  readonly get: () => AppState
  readonly services: Services
  readonly model: OpenModel
  readonly images: ImageSet
  readonly plan: ScanPlan
}

export class PageScan {
  readonly #options: PageScanOptions
  readonly #engines: readonly Promise<Remote<Engine>>[]
  readonly #job: ScanJob
  readonly #checkpoint: ScanCheckpoint
  readonly #orientation: Preprocessing['orientation']
  readonly #inTurn: InTurn
  readonly #tellReplaced: (text: string) => void
  /** The phase that it has shown last. If the page shows another one, it is not about this scan any more. */
  #phase: ScanPhase
  #isShown = false
  #isJudged = false
  #replaced = { workers: 0, images: 0 }

  /** From now on the page shows a scan that is being prepared. Throws `model/unknown-layer`. */
  constructor(options: PageScanOptions) {
    const { set, get, services, model, images, plan } = options
    const { names, order, coverage, results } = plan
    const { k, preprocessing, selection, skipped, ...state } = get()
    const backend = state.backend!
    const layers = names.map((name) => indexOfLayer(model, name))
    this.#options = options
    this.#orientation = preprocessing.orientation
    this.#tellReplaced = growingNotice(get)
    for (const result of results) result.show(k)
    this.#engines = services.pool.engines()
    const share = Math.ceil(order.length / this.#engines.length)
    this.#inTurn = inTurn()
    this.#job = new ScanJob({
      pool: services.pool,
      images,
      order,
      mask: coverage.images,
      names,
      layers,
      results,
      skipped,
      preprocessing,
      maxPassSize: Math.max(1, Math.min(imagesPerPass(backend.name), share)),
      inTurn: this.#inTurn,
      on: (event) => this.#hear(event),
    })
    const phase = this.#job.phase
    this.#checkpoint = services.checkpoints.begin({
      model,
      images,
      preprocessing,
      k,
      selection: { ...selection, sample: coverage.sample },
      backend: choiceOf(backend),
      names,
      results,
      mask: coverage.images,
      total: phase.progress.total,
      skipped: () => this.#job.skipped,
      settle: () => this.#job.settle(),
      inTurn: this.#inTurn,
      on: keepingOf(coverage.images, set, get),
    })
    this.#phase = phase
    set({ scan: phase })
    // New results count their versions from the start.
    services.mosaics.dropLayers(names)
    if (coverage.images.count > 0) this.#show()
  }

  /** Resolves when the scan has ended. */
  async run(): Promise<void> {
    const { get, plan } = this.#options
    const { names, results, coverage } = plan
    this.#job.start(this.#engines)
    const outcome = await this.#job.outcome
    void this.#checkpoint.end(outcome.status)
    warnOfNan(get(), names, results)
    if (outcome.status === 'failed') get().report(outcome.error)
    else if (outcome.status === 'done' && !warnIfNoImage(get(), coverage.images) && !this.#isJudged)
      this.#judge()
  }

  /** It has ended, and a report that was half taken in then has been taken in. */
  get settled(): Promise<unknown> {
    return this.#job.outcome
  }

  pause(): void {
    this.#job.pause()
    this.#copyPhase()
  }

  resume(): void {
    this.#job.resume()
    this.#copyPhase()
  }

  stop(): void {
    this.#job.stop()
    if (this.#phase.status !== 'stopped') this.#publish()
  }

  fail(error: unknown): void {
    this.#job.fail(error)
  }

  /** Does something between two reports. */
  betweenReports<T>(work: (skipped: ReadonlyMap<number, string>) => Promise<T>): Promise<T> {
    return this.#inTurn(() => work(this.#job.skipped))
  }

  /** How many patches of a channel it keeps at least. */
  get kept(): number {
    return this.#job.kept
  }

  /** From now on the best `k` patches of each channel are shown. */
  show(k: number): void {
    this.#job.show(k)
  }

  #hear(event: ScanEvent): Promise<void> | void {
    const { get, plan } = this.#options
    switch (event.kind) {
      case 'ready':
        // Older results are looked at until there are new ones.
        if (!plan.names.some((name) => get().results.has(name))) this.#show()
        return this.#copyPhase()
      case 'taken':
        if (this.#job.phase.status === 'stopped') return undefined
        this.#show()
        return this.#lend(event.report.pictures)
      case 'progress':
      case 'ended':
        if (this.#job.phase.status === 'done') this.#show()
        this.#publish()
        // Early, so that a scan of wrong numbers is not waited for.
        if (!this.#isJudged && plan.coverage.images.count >= suspicionImages) this.#judge()
        return undefined
      case 'settled':
        return event.occasion === 'pause' ? this.#checkpoint.pause() : this.#checkpoint.writeIfDue()
      case 'missing':
        return get().notify('warning', sentence('scan/worker-missing', { reason: messageOf(event.error) }))
      case 'replaced':
        this.#replaced = {
          workers: this.#replaced.workers + 1,
          images: this.#replaced.images + event.images,
        }
        return this.#tellReplaced(
          sentence('scan/worker-replaced', { ...this.#replaced, reason: messageOf(event.error) }),
        )
      case 'skipped':
        return undefined
    }
  }

  /** Puts its results in the place of earlier ones. */
  #show(): void {
    if (this.#isShown) return
    this.#isShown = true
    const { set, get, plan } = this.#options
    const { names, results, coverage } = plan
    set({
      results: new Map([...get().results, ...names.map((name, i) => [name, results[i]!] as const)]),
      coverage: new Map([...get().coverage, ...names.map((name) => [name, coverage] as const)]),
      revision: get().revision + 1,
    })
  }

  #copyPhase(): void {
    const { set, get } = this.#options
    if (get().scan !== this.#phase) return
    this.#phase = this.#job.phase
    set({ scan: this.#phase })
  }

  /** Copies the phase, and shows what has been found until now. */
  #publish(): void {
    const { set, get } = this.#options
    const { scan, revision, peakBytes } = get()
    if (scan !== this.#phase) return
    this.#phase = this.#job.phase
    set({
      scan: this.#phase,
      revision: revision + 1,
      skipped: new Map(this.#job.skipped),
      peakBytes: Math.max(peakBytes, this.#job.bytes),
    })
  }

  /** The layer on the screen will want these at the next progress; copies of large pictures are for all layers. */
  #lend(pictures: readonly HandedPicture[]): void {
    const { get, services, plan } = this.#options
    const shown = plan.results[plan.names.indexOf(get().layer ?? '')]
    const isTop = (picture: HandedPicture): boolean =>
      ('file' in picture ? plan.results : shown ? [shown] : []).some(({ newcomers }) =>
        newcomers.has(picture.image),
      )
    services.gallery.lend(pictures.filter(isTop), this.#orientation)
  }

  #judge(): void {
    const { get, plan } = this.#options
    this.#isJudged = true
    warnIfSuspicious(get(), plan.names, plan.results)
  }
}
