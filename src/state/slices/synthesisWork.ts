/** @file Makes pictures for channels: the one that somebody waits for at once, those for the grid while nothing else goes on. */
import { isClause, sentence } from '../../core/errors.ts'
import { selectImages } from '../../core/images/selection.ts'
import type { AppState, PictureWish, Services, Slice, SynthesisSlice } from '../appState.ts'
import { MadePictures, type PictureFiles, type PictureTarget } from '../reasons/madePictures.ts'
import { indexOfLayer } from '../scan/scanPlan.ts'
import { isUnderWay } from '../scan/scanPhase.ts'
import { isQuiet } from '../selectors/quiet.ts'
import { modelOf } from '../selectors/shown.ts'
import { tileWish } from '../selectors/tileWish.ts'
import { WhenQuiet } from '../timing/whenQuiet.ts'

export type SynthesisWork = Pick<SynthesisSlice, 'makePicture' | 'knownPicture' | 'wantPicture'>

/** The images from which the spectrum is made, and the seed that draws them. */
const sample = { random: 256, seed: 1 } as const

interface Tile {
  readonly layer: string
  readonly channel: number
}

export function synthesisWork(
  set: Parameters<Slice<SynthesisSlice>>[0],
  get: () => AppState,
  { pool }: Services,
): SynthesisWork {
  const isScanned = (): boolean => isUnderWay(get().scan)
  const pictures = new MadePictures((task) => pool.borrow(task, isScanned), isScanned)
  /** The pictures that somebody waits for. */
  let waiting = 0

  const make = async (
    wish: PictureWish,
    signal: AbortSignal,
    onProgress?: Parameters<SynthesisSlice['makePicture']>[2],
  ): ReturnType<SynthesisSlice['makePicture']> => {
    const state = get()
    const target = targetOf(state, wish)
    if (!target) return null
    const made = await pictures.make(target, filesOf(state), signal, onProgress)
    if (made && !signal.aborted) set(({ picturesMade }) => ({ picturesMade: picturesMade + 1 }))
    return made
  }

  /** The tiles on the screen, in the order in which they came. */
  const tiles = new Set<Tile>()
  /** Those of which no picture can be made, so that none is tried again and again. */
  const failed = new WeakSet<Tile>()
  const quiet = new WhenQuiet(() => isQuiet(get()) && waiting === 0)
  let filling: AbortController | null = null

  const nextTile = (): { tile: Tile; wish: PictureWish } | null => {
    for (const tile of tiles) {
      const wish = failed.has(tile) ? null : tileWish(get(), tile.layer, tile.channel)
      const target = wish && targetOf(get(), wish)
      if (wish && target && !pictures.known(target)?.outcome) return { tile, wish }
    }
    return null
  }
  const fillTiles = async (signal: AbortSignal): Promise<void> => {
    for (let next = nextTile(); next && !signal.aborted; next = nextTile())
      try {
        await make(next.wish, signal)
      } catch {
        // The channel's page says why, if somebody asks for it there.
        failed.add(next.tile)
      }
  }
  /** Goes on until all tiles on the screen have their pictures; others that come meanwhile are made in the same go. */
  const begin = (): void => {
    if (filling || !nextTile()) return
    const own = new AbortController()
    filling = own
    const end = (): void => {
      if (filling === own) filling = null
      if (!own.signal.aborted) begin()
    }
    quiet.do(fillTiles, own.signal).then(end, end)
  }

  return {
    async makePicture(wish, signal, onProgress) {
      waiting++
      quiet.interrupt()
      try {
        return await make(wish, signal, onProgress)
      } catch (error) {
        if (!isClause(error)) throw error
        throw new Error(sentence('images/not-used', { reason: error.message }), { cause: error })
      } finally {
        waiting--
      }
    },
    knownPicture(wish) {
      const target = targetOf(get(), wish)
      return target && pictures.known(target)
    },
    wantPicture(layer, channel) {
      const tile = { layer, channel }
      tiles.add(tile)
      begin()
      return () => {
        tiles.delete(tile)
        if (tiles.size > 0) return
        filling?.abort()
        filling = null
      }
    },
  }
}

/** Null if nothing can be computed now. */
function targetOf(
  state: AppState,
  { layer, channel, patch, way, whole, nth }: PictureWish,
): PictureTarget | null {
  const { images, preprocessing, openingModel } = state
  const model = modelOf(state)
  // While a model is being opened, the engines are about to change.
  if (!model || !images || openingModel !== null || patch.image < 0) return null
  const index = indexOfLayer(model, layer)
  const unit = whole ? null : patch.unit
  return { model, images, preprocessing, layer: index, channel, image: patch.image, unit, way, nth }
}

function filesOf({ images, selection }: AppState): PictureFiles {
  const { classes, splits } = selection
  return {
    image: (number) => images!.handleOf(number),
    sample: () =>
      Promise.all(
        [...selectImages(images!.table, { classes, splits, sample })].map((image) => images!.handleOf(image)),
      ),
  }
}
