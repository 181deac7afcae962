/** @file A menu with another way to open a model, if the browser can let the page reopen its files in a later visit. */
import { usePickers } from '../common/FileInputs.tsx'
import { MoreWays } from '../common/MoreWays.tsx'
import { useApp } from '../useApp.ts'

export function OpenModelMenu() {
  const { pickModel } = usePickers()
  const openModelFiles = useApp((state) => state.openModelFiles)
  if (!('showOpenFilePicker' in window)) return null
  const ways = [
    { name: 'Files…', run: pickModel },
    { name: 'Files, remembered for the next visit…', run: () => void openModelFiles() },
  ]
  return <MoreWays label="More ways to open a model" ways={ways} />
}
