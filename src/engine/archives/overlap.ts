/** @file Archives that were made to unpack without end: a few bytes stand for thousands of entries. */
import type { ZipHeader } from './zipHeader.ts'

/** Whether entries share bytes. */
export function overlap(headers: readonly Pick<ZipHeader, 'offset' | 'packed'>[]): boolean {
  const inOrder = headers.toSorted((a, b) => a.offset - b.offset)
  return inOrder.some(({ offset, packed }, i) => {
    const next = inOrder[i + 1]
    // Each has a header of its own before its content.
    return next !== undefined && offset + packed >= next.offset
  })
}
