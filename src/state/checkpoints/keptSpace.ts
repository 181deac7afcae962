/** @file How much of the browser's storage kept results may take, and which are deleted if it is too much. */
import type { CheckpointHead } from './checkpointStore.ts'

/** Bytes that may be used if the browser does not tell how much there is. */
const roomUnknown = 2e8
/** No user expects more than this, however large the disk. */
const roomMost = 2e9
/**
 * The share of what is free: other pages of this site, and the app's copy for use without a network, need some too.
 */
const share = 0.5

/** Undefined on plain http. */
function manager(): Partial<StorageManager> | undefined {
  return (globalThis.navigator as Partial<Navigator> | undefined)?.storage
}

/** The bytes that all kept results together may take; now they take `kept`. */
export async function roomForKept(kept: number): Promise<number> {
  const estimate = await manager()
    ?.estimate?.()
    .catch(() => null)
  const { quota, usage } = estimate ?? {}
  if (quota === undefined || usage === undefined) return roomUnknown
  return Math.min(roomMost, share * Math.max(0, quota - usage + kept))
}

/** The oldest records, as many as have to be deleted until the rest has room; never those that must stay. */
export function surplusOf(
  heads: readonly CheckpointHead[],
  room: number,
  mustStay: (id: string) => boolean,
): CheckpointHead[] {
  let bytes = bytesOf(heads)
  const leaving: CheckpointHead[] = []
  for (const head of heads.toSorted((a, b) => a.time - b.time)) {
    if (bytes <= room) break
    if (mustStay(head.id)) continue
    leaving.push(head)
    bytes -= head.bytes
  }
  return leaving
}

export function bytesOf(heads: readonly CheckpointHead[]): number {
  return heads.reduce((sum, { bytes }) => sum + bytes, 0)
}

/**
 * Asks the browser not to clear this page's storage by itself when the disk fills up. Chromium decides without a
 * question, Firefox asks the user: so it is asked only when something was kept that took long to make. If the browser
 * refuses or cannot do it, nothing changes.
 */
export async function askToPersist(): Promise<void> {
  const storage = manager()
  try {
    if (!(await storage?.persisted?.())) await storage?.persist?.()
  } catch {
    // It is blocked for this page: the browser may delete the oldest results, as anything that it keeps.
  }
}
