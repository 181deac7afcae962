/** @file Removes records that are not worth their room, but never those that a living tab has. */
import type { CheckpointHead } from './checkpointStore.ts'
import { bytesOf, roomForKept, surplusOf } from './keptSpace.ts'
import { supersededBy } from './sameScan.ts'
import { storage } from './storage.ts'
import { claimedScans } from './tabLocks.ts'

/**
 * Removes the records that say nothing that this one does not say. Returns their ids, and the bytes that all records may
 * take.
 */
export async function forgetSuperseded(
  head: CheckpointHead,
): Promise<{ readonly ids: readonly string[]; readonly room: number }> {
  const { listCheckpoints, deleteCheckpoints } = await storage()
  const heads = await listCheckpoints()
  const claimed = await claimedScans()
  const superseded = heads.filter((other) => !claimed.has(other.id) && supersededBy(other, head))
  const ids = superseded.map(({ id }) => id)
  if (ids.length > 0) await deleteCheckpoints(ids)
  return { ids, room: await roomForKept(bytesOf(heads)) }
}

/** Removes the oldest record but for `own`. Returns it, or nothing if there is none. */
export function evictOldest(own: string): Promise<readonly CheckpointHead[]> {
  return evict(own, (others) => others.slice(-1))
}

/** Removes the oldest records until the rest takes no more than `room` bytes. Returns those that left. */
export function evictSurplus(own: string, room: number): Promise<readonly CheckpointHead[]> {
  return evict(own, (others, all) => surplusOf(all, room, (id) => !others.some((other) => other.id === id)))
}

/** `choose` gets the records that may leave, and all, newest first. */
async function evict(
  own: string,
  choose: (others: readonly CheckpointHead[], all: readonly CheckpointHead[]) => readonly CheckpointHead[],
): Promise<readonly CheckpointHead[]> {
  const { listCheckpoints, deleteCheckpoints } = await storage()
  const [all, claimed] = [await listCheckpoints(), await claimedScans()]
  const others = all.filter(({ id }) => id !== own && !claimed.has(id))
  const leaving = choose(others, all)
  if (leaving.length > 0) await deleteCheckpoints(leaving.map(({ id }) => id))
  return leaving
}
