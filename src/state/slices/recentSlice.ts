/** @file What the browser keeps of earlier scans: listed, forgotten, and whether what is on the page is among it. */
import { sentence } from '../../core/errors.ts'
import type { ImageMask } from '../../core/scan/imageMask.ts'
import type { AppState, Slice } from '../appState.ts'
import type { Checkpoint, CheckpointHead } from '../checkpoints/checkpointStore.ts'
import { togetherKey } from '../checkpoints/sameScan.ts'
import { isUnderWay } from '../scan/scanPhase.ts'

/** Layers of one model over one list of images, with the same settings. */
export interface Recent {
  readonly key: string
  /** Newest first. */
  readonly heads: readonly CheckpointHead[]
  readonly layers: readonly string[]
  readonly bytes: number
}

/** Whether a scan's results are kept; `problem`: why not. */
export interface Saved {
  readonly id: string
  readonly problem: string | null
}

export interface RecentSlice {
  /** Of scans that have ended, by what they went by. */
  readonly saved: ReadonlyMap<ImageMask, Saved>
  /** Which of several kept results are to come back once model and images are open; null: the newest. */
  readonly wanted: string | null
  want(key: string): void
  /** A notice brings it back. */
  forget(recent: Recent): Promise<void>
  /** All results, and the handles of what they were of. For good. */
  forgetAll(): Promise<void>
}

/** Loaded when it is needed: most visits begin without it. */
const storage = (): Promise<typeof import('../checkpoints/checkpointStore.ts')> =>
  import('../checkpoints/checkpointStore.ts')

export const createRecent: Slice<RecentSlice> = (set, get) => ({
  saved: new Map(),
  wanted: null,
  want(key) {
    set({ wanted: key })
  },
  async forget({ heads }) {
    const ids = heads.map(({ id }) => id)
    get().dropOffers(ids)
    try {
      const { readCheckpoint, deleteCheckpoints, writeCheckpoint } = await storage()
      const records: (readonly [CheckpointHead, Checkpoint])[] = []
      for (const head of heads) {
        const record = await readCheckpoint(head).catch(() => null)
        // What cannot be read cannot come back either.
        if (record) records.push([head, record])
      }
      await deleteCheckpoints(ids)
      const undo = async (): Promise<void> => {
        for (const [head, { images, layers }] of records)
          await writeCheckpoint(
            head,
            images,
            layers.map((layer) => () => layer),
          )
        await get().recallScans()
      }
      const [{ model, images }] = heads as [CheckpointHead]
      get().notify(
        'info',
        sentence('kept/forgotten', { model: model.name, images: images.name }),
        records.length > 0 ? { label: 'Undo', run: () => void undo().catch(get().report) } : undefined,
      )
    } catch (error) {
      get().report(error)
      await get().recallScans()
    }
  },
  async forgetAll() {
    try {
      const { listCheckpoints, deleteCheckpoints } = await storage()
      const ids = (await listCheckpoints()).map(({ id }) => id)
      await deleteCheckpoints(ids)
      get().dropOffers(ids)
      await get().forgetDirectory()
    } catch (error) {
      get().report(error)
    }
  },
})

const groupsOf = new WeakMap<readonly CheckpointHead[], readonly Recent[]>()

/** Newest first. The same list as long as nothing changes. */
export function recentOf({ kept }: Pick<AppState, 'kept'>): readonly Recent[] {
  let known = groupsOf.get(kept)
  if (!known) groupsOf.set(kept, (known = grouped(kept)))
  return known
}

function grouped(kept: readonly CheckpointHead[]): Recent[] {
  const groups = new Map<string, CheckpointHead[]>()
  for (const head of kept) {
    const key = togetherKey(head)
    groups.set(key, [...(groups.get(key) ?? []), head])
  }
  return [...groups].map(([key, heads]) => ({
    key,
    heads,
    layers: [...new Set(heads.flatMap(({ layers }) => layers))],
    bytes: heads.reduce((sum, { bytes }) => sum + bytes, 0),
  }))
}

/** For a sentence. */
export function nameOf({ model, images, layers }: CheckpointHead): string {
  return `${model.name} with ${images.name} (${layers.length === 1 ? layers[0]! : `${layers.length} layers`})`
}

/** Of what is on the page: whether all of it is kept, or why it is not; null where that is not known yet. */
export function savedOf({ saved, coverage, scan }: AppState): 'saved' | { readonly problem: string } | null {
  if (coverage.size === 0 || isUnderWay(scan)) return null
  let all = true
  for (const { images } of coverage.values()) {
    const record = saved.get(images)
    if (record?.problem) return { problem: record.problem }
    all &&= record !== undefined
  }
  return all ? 'saved' : null
}
