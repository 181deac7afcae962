/** @file What the browser keeps of earlier scans: which results are wanted, how they are deleted, what is saved. */
import { storage } from '../checkpoints/storage.ts'
import { sentence } from '../../core/errors.ts'
import type { Slice, RecentSlice } from '../appState.ts'
import type { Checkpoint, CheckpointHead } from '../checkpoints/checkpointStore.ts'

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
        // A record that cannot be read cannot be brought back either.
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
