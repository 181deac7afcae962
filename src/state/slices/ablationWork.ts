/** @file The actions of `ablationSlice`, which are loaded when one is called. */
import { appError } from '../../core/errors.ts'
import { selectImages } from '../../core/images/selection.ts'
import { LossRanking } from '../../core/reasons/lossRanking.ts'
import { overImages } from '../../core/reasons/overImages.ts'
import { seededOrder } from '../../core/reasons/answers.ts'
import { seededRandom } from '../../core/seededRandom.ts'
import { inTurn } from '../../core/timing/inTurn.ts'
import type { ChannelChange } from '../../engine/reasons/ablations.ts'
import type { AblationSlice, AppState, Replacement, Slice } from '../appState.ts'
import type { ReadableResult } from '../../core/scan/statistics/statistic.ts'
import { storage } from '../checkpoints/storage.ts'
import { Ablation, type Baseline } from '../reasons/ablation.ts'
import { judgingOf, outputOf } from '../reasons/judging.ts'
import { keepLosses, keptLosses } from '../reasons/keptLosses.ts'
import { indexOfLayer } from '../scan/scanPlan.ts'
import { isScanning, provedClasses } from '../selectors/inputView.ts'
import { resultOf } from '../selectors/shown.ts'

/** Samples of all sizes are the first images of one order. */
const sampleSeed = 1

interface OfLayer {
  readonly ablation: Ablation
  /** What is known of the largest sample. */
  baseline: Baseline | null
  /** The ranking that is not done, or the latest one. */
  ranking: { readonly key: string; readonly ranking: LossRanking } | null
}

export type AblationWork = Omit<AblationSlice, 'ablationsMade' | 'matched'>

export const ablationWork: Slice<AblationWork> = (set, get, { pool }) => {
  const turns = inTurn()
  /** One ranking at a time: two would take twice as long each. */
  const runs = inTurn()
  /** By layer, of what is open and chosen. */
  const known = new Map<string, OfLayer>()
  let openFor: Pick<AppState, 'model' | 'images' | 'preprocessing' | 'selection'> | null = null

  const ofLayer = (layer: string): OfLayer | null => {
    const { model, images, preprocessing, selection, openingModel } = get()
    // While a model is being opened, the engines are about to change.
    if (!model || !images || openingModel !== null) return null
    const now = { model, images, preprocessing, selection }
    if (!openFor || Object.entries(now).some(([key, value]) => openFor![key as keyof typeof now] !== value)) {
      known.clear()
      openFor = now
    }
    let found = known.get(layer)
    if (!found) {
      const index = indexOfLayer(model, layer)
      if (outputOf(model, index) === null) throw appError('ablation/nothing-behind', { layer })
      const chosen = selectImages(images.table, { ...selection, sample: 'all' })
      const order = seededOrder(chosen, seededRandom(sampleSeed))
      const place = { model, images, preprocessing, layer: index, order }
      found = { ablation: new Ablation(pool, place, () => isScanning(get())), baseline: null, ranking: null }
      known.set(layer, found)
    }
    return found
  }

  const made = (): void => set(({ ablationsMade }) => ({ ablationsMade: ablationsMade + 1 }))

  const baselineOf = async (
    one: OfLayer,
    count: number,
    signal: AbortSignal,
    onDone?: (count: number) => void,
  ): Promise<Baseline> => noted(one, await one.ablation.baseline(count, signal, onDone), count)

  /** Throws if not one of the images could be read. */
  const noted = (one: OfLayer, baseline: Baseline, count: number): Baseline => {
    if (baseline.images.length === 0) throw appError('ablation/no-image', { count })
    if (!one.baseline || one.baseline.images.length < baseline.images.length) {
      one.baseline = baseline
      const { place } = one.ablation
      const { classes } = judgingOf(place, baseline, provedClasses(get()))
      if (classes) set({ matched: { model: place.model, images: place.images, classes } })
      made()
    }
    return baseline
  }

  const atMost = ({ ablation }: OfLayer, images: number): number =>
    Math.min(images, ablation.place.order.length)

  /** Runs a task whose errors become notices. Resolves to null if it has failed or was stopped. */
  const reported = async <T>(signal: AbortSignal, task: () => Promise<T>): Promise<T | null> => {
    try {
      return await task()
    } catch (error) {
      if (!signal.aborted) get().report(error)
      return null
    }
  }

  return {
    async ablateImage({ layer, channel, image }, replacements, signal) {
      return turns(async () => {
        const one = signal?.aborted ? null : ofLayer(layer)
        if (!one) return null
        const changes = replacements.map((replacement) => changeOf(channel, replacement, one.baseline))
        const { outputs, images } = await one.ablation.one(image, changes)
        if (images.length === 0) throw appError('ablation/no-image', { count: 1 })
        const length = outputs.length / (1 + changes.length)
        const [before, ...after] = Array.from({ length: 1 + changes.length }, (_, i) =>
          outputs.subarray(i * length, (i + 1) * length),
        )
        return { before: before!, after }
      })
    },
    channelMean({ layer, channel }) {
      const baseline = ofLayer(layer)?.baseline
      return baseline ? { mean: baseline.means[channel]!, images: baseline.images.length } : null
    },
    async findMeans(layer, images, signal) {
      await reported(signal, async () => {
        const one = ofLayer(layer)
        if (one) await baselineOf(one, atMost(one, images), signal)
      })
    },
    ablateImages({ layer, channel }, replacement, images, signal, onDone) {
      return reported(signal, () =>
        runs(async () => {
          signal.throwIfAborted()
          const one = ofLayer(layer)
          if (!one) return null
          const count = atMost(one, images)
          const isMean = replacement === 'mean'
          const of = isMean ? 2 * count : count
          const first = isMean ? await baselineOf(one, count, signal, (done) => onDone?.(done, of)) : null
          const change = changeOf(channel, replacement, first)
          const { rows, baseline } = await one.ablation.changed(count, change, signal, (done) =>
            onDone?.(of - count + done, of),
          )
          noted(one, baseline, count)
          const { place } = one.ablation
          const { judge, scale, classes } = judgingOf(place, baseline, provedClasses(get()))
          const { table } = place.images
          const classOf = Array.from(baseline.images, (image) => table.classOf[image]!)
          return {
            ...overImages(judge, rows, baseline.outputs, classOf),
            replacement,
            mean: isMean ? change.offset : null,
            scale,
            sample: baseline.images,
            outputs: { before: baseline.rows, after: rows },
            matching: classes,
          }
        }),
      )
    },
    forgetAblations() {
      for (const { ablation } of known.values()) void ablation.forget()
    },
    async rankLosses(layer, replacement, images, signal) {
      await reported(signal, () =>
        runs(async () => {
          signal.throwIfAborted()
          const one = ofLayer(layer)
          const result = resultOf(get(), layer)
          if (!one || !result) return
          const count = atMost(one, images)
          const baseline = await baselineOf(one, count, signal)
          const key = `${replacement} ${count}`
          if (one.ranking?.key !== key) {
            const { judge } = judgingOf(one.ablation.place, baseline, provedClasses(get()))
            one.ranking = {
              key,
              ranking: new LossRanking(judge, baseline.images.length, one.ablation.channels),
            }
          }
          const { ranking } = one.ranking
          const { outputs } = baseline
          const ranked = one.ablation.each(
            count,
            (channel) => changeOf(channel, replacement === 'mean' ? 'mean' : 0, baseline),
            (at) => ranking.isDone(at),
            (at, inBatch, ofChannel) => {
              for (const [channel, rows] of ofChannel.entries())
                for (let i = 0; i < inBatch; i++)
                  ranking.add(at + i, channel, rows.subarray(i * outputs, (i + 1) * outputs))
              for (let i = 0; i < inBatch; i++) ranking.finish(at + i)
              keepLosses(result, { ...ranking.result(), replacement, of: baseline.images.length })
              made()
            },
            signal,
          )
          // What is known until it is stopped is kept, too.
          await ranked.finally(() => storeRanking(get(), layer, result))
        }),
      )
    },
  }
}

/** Keeps it in the browser beside the results of the scan, if they are kept there. */
async function storeRanking(
  { coverage, saved }: AppState,
  layer: string,
  result: ReadableResult,
): Promise<void> {
  const losses = keptLosses(result)
  const mask = coverage.get(layer)?.images
  const record = mask && saved.get(mask)
  if (!losses || !record || record.problem !== null) return
  const { storeLosses } = await storage()
  // The ranking is on the page. Whatever stops the browser from storing it has been told by the scan.
  await storeLosses(record.id, layer, losses).catch(() => undefined)
}

/** Throws if the mean is not known. */
function changeOf(channel: number, replacement: Replacement, baseline: Baseline | null): ChannelChange {
  if (replacement !== 'mean') return { channel, factor: replacement, offset: 0 }
  if (!baseline) throw new Error('the mean of the channel is not known')
  return { channel, factor: 0, offset: baseline.means[channel]! }
}
