/** @file What scripts can ask about a network without a channel; loaded when it is first called. */
import { imageNumber } from '../core/images/imageNumber.ts'
import { channelCount, type SupportedLayer } from '../core/model/network.ts'
import type { Yardstick } from '../core/reasons/judge.ts'
import type { LayerLosses } from '../core/reasons/lossRanking.ts'
import type { MeanOutputs } from '../core/reasons/overImages.ts'
import type { ChannelAblation, Replacement } from '../state/appState.ts'
import { keptLosses } from '../state/reasons/keptLosses.ts'
import { indexOfLayer } from '../state/scan/scanPlan.ts'
import { resultOf } from '../state/selectors/shown.ts'
import type { AppStore } from '../state/store.ts'

/** A channel, and what takes its place: its mean over the images (`mean`, which is the default), or itself times a factor. */
interface ChannelRequest {
  readonly layer: string
  readonly channel: number
  readonly replacement?: Replacement
}

export interface AblatedImages {
  /** By what harm is measured: the right answer, the network's own answer, or how far outputs move. */
  readonly yardstick: Yardstick
  /** How many images have been through, and how many of them have an answer that counts as right. */
  readonly images: number
  readonly judged: number
  /** How many of these were right before and after. */
  readonly before: number
  readonly after: number
  /** The mean increase of cross-entropy in nats, or how far outputs move as a share of their length. */
  readonly harm: number | null
  /** The value that the channel was set to; null if it was multiplied. */
  readonly mean: number | null
  /** How outputs stand for classes; null if they could not be matched. */
  readonly matching: string | null
  /** The most hurt class first; `images`: those with an answer that counts as right, of a network without answers all. */
  readonly classes: readonly {
    readonly name: string
    readonly images: number
    readonly before: number
    readonly after: number
    readonly harm: number | null
    /** The mean of each output; null if outputs stand for classes. */
    readonly means: AblatedImages['means'] | null
  }[]
  /** The mean of each output over all images of the sample. */
  readonly means: { readonly before: readonly number[]; readonly after: readonly number[] }
  /** Each image of the sample, with the network's outputs. */
  readonly outputs: readonly {
    readonly image: string
    readonly before: readonly number[]
    readonly after: readonly number[]
  }[]
}

export interface AblationCalls {
  /**
   * Changes a channel in one image of the set, by its number or path: the outputs before and after. Throws if no model or images are
   * open, and for names that they do not have.
   */
  ablateImage(
    request: ChannelRequest & { readonly image: number | string },
  ): Promise<{ readonly before: readonly number[]; readonly after: readonly number[] }>
  /**
   * Changes a channel in a random sample of the chosen images, `images` of them (500 by default); the same number gives the same
   * sample. It waits while a scan runs. Throws as `ablateImage` does, and if it fails.
   */
  ablate(request: ChannelRequest & { readonly images?: number }): Promise<AblatedImages>
  /**
   * Ranks the channels of a scanned layer by what the network loses without each, over such a sample: at their means, or times 0.
   * Throws as `ablate` does.
   */
  rankLosses(
    layer: string,
    options?: { images?: number; replacement?: 'mean' | 'zero' },
  ): Promise<LayerLosses>
}

const usualImages = 500
/** As many as the page replaces a channel by before it has seen more. */
const imagesOfMean = 64

export function ablationsOf({ getState }: AppStore): AblationCalls {
  const never = new AbortController().signal

  /** Throws for a channel that the open model does not have. */
  const checked = (layer: string, channel: number): void => {
    const { model, images } = getState()
    if (!model || !images) throw new Error('open a model and images first')
    const { shape } = model.network.layers[indexOfLayer(model, layer)] as SupportedLayer
    if (!Number.isInteger(channel) || channel < 0 || channel >= channelCount(shape))
      throw new Error(`${layer} has no channel ${channel}`)
  }

  /** What went wrong is in the latest notice. */
  const failure = (): Error => new Error(getState().notices.at(-1)?.text ?? 'nothing was found')

  return {
    async ablateImage({ layer, channel, replacement = 'mean', image }) {
      checked(layer, channel)
      const { paths } = getState().images!.table
      const number = typeof image === 'number' ? image : imageNumber(getState().images!.table, image)
      if (number === null || paths[number] === undefined) throw new Error(`there is no image ${image}`)
      if (replacement === 'mean' && getState().channelMean({ layer, channel }) === null)
        await getState().findMeans(layer, imagesOfMean, never)
      const found = await getState().ablateImage({ layer, channel, image: number }, [replacement])
      if (!found) throw new Error('another model is being opened')
      return { before: [...found.before], after: [...found.after[0]!] }
    },
    async ablate({ layer, channel, replacement = 'mean', images = usualImages }) {
      checked(layer, channel)
      const found = await getState().ablateImages({ layer, channel }, replacement, images, never)
      if (!found) throw failure()
      const { table } = getState().images!
      return {
        yardstick: found.yardstick,
        images: found.images,
        judged: found.judged,
        before: found.before,
        after: found.after,
        harm: found.harm,
        mean: found.mean,
        matching: found.matching?.assumption ?? null,
        classes: found.classes.map(({ classNumber, images: all, judged, before, after, harm, means }) => ({
          name: table.classNames[classNumber] ?? '',
          images: found.yardstick === 'outputs' ? all : judged,
          before,
          after,
          harm,
          means: means && plainMeans(means),
        })),
        means: plainMeans(found.means),
        outputs: rowsOf(found, table.paths),
      }
    },
    async rankLosses(layer, { images = usualImages, replacement = 'mean' } = {}) {
      checked(layer, 0)
      const result = resultOf(getState(), layer)
      if (!result) throw new Error(`${layer} was not scanned`)
      await getState().rankLosses(layer, replacement, images, never)
      const losses = keptLosses(result)
      if (!losses || losses.images < losses.of) throw failure()
      return losses
    },
  }
}

function plainMeans({ before, after }: MeanOutputs): AblatedImages['means'] {
  return { before: [...before], after: [...after] }
}

function rowsOf({ sample, outputs }: ChannelAblation, paths: readonly string[]): AblatedImages['outputs'] {
  const length = outputs.before.length / sample.length
  const row = (values: Float32Array, i: number): number[] => [
    ...values.subarray(i * length, (i + 1) * length),
  ]
  return Array.from(sample, (image, i) => ({
    image: paths[image]!,
    before: row(outputs.before, i),
    after: row(outputs.after, i),
  }))
}
