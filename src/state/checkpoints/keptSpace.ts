/** @file How much of the browser's storage kept results may take, and which of them leave when it is too much. */
import type { CheckpointHead } from './checkpointStore.ts'

/** Where the browser does not tell how much there is. */
const roomUnknown = 2e8
/** More than this is nobody's wish, however large the disk. */
const roomMost = 2e9
/** Of what is free: other pages of this site, and the app's copy for use without a network, want some of it too. */
const share = 0.5

/** Not there on plain http. */
function manager(): Partial<StorageManager> | undefined {
  return (globalThis.navigator as Partial<Navigator> | undefined)?.storage
}

/** Bytes that all kept results together may take, of which they take `kept` now. */
export async function roomForKept(kept: number): Promise<number> {
  const estimate = await manager()
    ?.estimate?.()
    .catch(() => null)
  const { quota, usage } = estimate ?? {}
  if (quota === undefined || usage === undefined) return roomUnknown
  return Math.min(roomMost, share * Math.max(0, quota - usage + kept))
}

/** The oldest of them, until the rest has room; never those that must stay. */
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

export function isQuotaExceeded(error: unknown): boolean {
  return error instanceof Error && error.name === 'QuotaExceededError'
}

/**
 * Asks the browser not to clear this page's storage by itself when the disk fills up. Chromium decides without a
 * question, Firefox asks the user: so only when something was kept that took long to make. That it is refused, or not
 * there, changes nothing.
 */
export async function askToPersist(): Promise<void> {
  const storage = manager()
  try {
    if (!(await storage?.persisted?.())) await storage?.persist?.()
  } catch {
    // Blocked for this page: the oldest results may leave by themselves, as anything a browser keeps.
  }
}
