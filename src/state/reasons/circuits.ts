/**
 * @file Asks an engine about circuits. What it says of the weights of a model is kept as long as the model, for the channels that were
 * asked for last. Beside a scan each question waits for the pass that is under way.
 */
import { isClause } from '../../core/errors.ts'
import type { Preprocessing } from '../../core/preprocessing/preprocessing.ts'
import { RecentlyUsed } from '../../core/recentlyUsed.ts'
import type { Expanded } from '../../core/reasons/expanded.ts'
import type { ChannelAt } from '../../core/reasons/lineage.ts'
import { MeanTerms } from '../../core/reasons/strongest.ts'
import type { FedBy, Feeds } from '../../engine/reasons/circuits.ts'
import type { UnitReasons, ValuesWithout } from '../../engine/reasons/unitReasons.ts'
import type { ImageSet } from '../images/imageSet.ts'
import type { OpenModel } from '../model/openModel.ts'
import type { Patch } from '../mosaic/patches.ts'
import type { EnginePool } from '../workers/enginePool.ts'

/** What is needed to ask. `layer` is the index of the layer. */
export interface Asking extends ChannelAt {
  readonly pool: EnginePool
  readonly model: OpenModel
  readonly isScanned: () => boolean
}

/** What is needed to ask about a picture. */
export interface AskingInPicture extends Asking {
  readonly images: ImageSet
  readonly preprocessing: Preprocessing
}

/** Answers of a kind that are kept: one about a wide layer takes a tenth of a megabyte. */
const mostKept = 60

const kept = new WeakMap<OpenModel, RecentlyUsed<Promise<unknown>>>()

function once<T>({ model, layer, channel }: Asking, question: string, ask: () => Promise<T>): Promise<T> {
  if (!kept.has(model)) kept.set(model, new RecentlyUsed(mostKept))
  return keptIn(kept.get(model) as RecentlyUsed<Promise<T>>, `${question}/${layer}/${channel}`, ask)
}

/** The answer that is kept, or a new one, which takes the place of the one that was asked for longest ago. */
function keptIn<T>(answers: RecentlyUsed<Promise<T>>, key: string, ask: () => Promise<T>): Promise<T> {
  const known = answers.get(key)
  if (known) return known
  const answer = ask()
  answers.set(key, answer)
  answer.catch(() => answers.delete(key))
  return answer
}

/** Null if the channel comes from no sum. */
export function fedByOf(asking: Asking): Promise<FedBy | null> {
  const { pool, layer, channel, isScanned } = asking
  return once(asking, 'fed by', () => pool.borrow((engine) => engine.fedBy(layer, channel), isScanned))
}

export function feedsOf(asking: Asking): Promise<Feeds> {
  const { pool, layer, channel, isScanned } = asking
  return once(asking, 'feeds', () => pool.borrow((engine) => engine.feeds(layer, channel), isScanned))
}

/** Empty if there is nothing to expand. */
export function expandedOf(asking: Asking): Promise<readonly Expanded[]> {
  const { pool, layer, channel, isScanned } = asking
  return once(asking, 'expanded', () =>
    pool.borrow((engine) => engine.expandedWeights(layer, channel), isScanned),
  )
}

/** What was said of units, as long as the same images are fed in the same way. */
interface KeptReasons extends Pick<AskingInPicture, 'images' | 'preprocessing'> {
  readonly answers: RecentlyUsed<Promise<UnitReasons | null>>
}

const keptReasons = new WeakMap<OpenModel, KeptReasons>()

/** Null if the channel comes from no sum. Rejects with `images/…`. */
export function reasonsOf(
  asking: AskingInPicture,
  patch: Pick<Patch, 'image' | 'unit'>,
): Promise<UnitReasons | null> {
  const { model, images, preprocessing, layer, channel } = asking
  let own = keptReasons.get(model)
  if (own?.images !== images || own.preprocessing !== preprocessing)
    keptReasons.set(model, (own = { images, preprocessing, answers: new RecentlyUsed(mostKept) }))
  const key = [layer, channel, patch.image, ...patch.unit].join('/')
  return keptIn(own.answers, key, async () => {
    const claim = await claimOf(asking, patch)
    return asking.pool.borrow((engine) => engine.unitReasons(claim), asking.isScanned)
  })
}

/** The unit's value without each of these channels. Null and rejections are those of `reasonsOf`. */
export async function withoutOf(
  asking: AskingInPicture,
  patch: Pick<Patch, 'image' | 'unit'>,
  channels: readonly ChannelAt[],
): Promise<ValuesWithout | null> {
  const claim = await claimOf(asking, patch)
  return asking.pool.borrow((engine) => engine.unitWithout(claim, channels), asking.isScanned)
}

/**
 * The mean contributions over patches: each takes a run of the network. `onProgress` gets them as they grow. Patches whose images
 * cannot be read are left out. Rejects with the signal's reason once it is aborted.
 */
export async function meanReasons(
  asking: AskingInPicture,
  patches: readonly Pick<Patch, 'image' | 'unit'>[],
  signal: AbortSignal,
  onProgress: (means: MeanTerms) => void,
): Promise<MeanTerms> {
  const means = new MeanTerms()
  for (const patch of patches) {
    signal.throwIfAborted()
    try {
      const found = await reasonsOf(asking, patch)
      signal.throwIfAborted()
      if (found) means.add(found.terms)
      onProgress(means)
    } catch (error) {
      if (signal.aborted || !isClause(error)) throw error
    }
  }
  return means
}

async function claimOf(
  { images, preprocessing, layer, channel }: AskingInPicture,
  { image, unit }: Pick<Patch, 'image' | 'unit'>,
) {
  const picture = await images.handleOf(image)
  return { layer, channel, unit, picture, preprocessing }
}
