/** @file Saves a file as a download. */
import type { SavedFile } from '../../state/exports/exporter.ts'
import { savedName } from '../../state/exports/savedName.ts'

/** The browser reads the blob only after the click. This is long enough on any disk. */
const revokeAfterMs = 60_000

export function saveFile({ name, blob }: SavedFile): void {
  const url = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = url
  link.download = savedName(name)
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), revokeAfterMs)
}
