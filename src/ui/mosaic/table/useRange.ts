/** @file The range of a measure that is looked for, in the table of channels as over their mosaics. */
import type { Range } from '../../../core/mosaic/finding.ts'
import { useApp, useAppStore } from '../../useApp.ts'

/** Undefined if none is set; setting undefined takes it away. */
export function useRange(id: string): readonly [Range | undefined, (range: Range | undefined) => void] {
  const { getState } = useAppStore()
  const range = useApp(({ finding }) => finding.ranges[id])
  const set = (next: Range | undefined): void => {
    const { find, finding } = getState()
    const { [id]: _, ...others } = finding.ranges
    find({ ranges: next ? { ...others, [id]: next } : others })
  }
  return [range, set]
}
