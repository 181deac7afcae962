/** @file The menu with other ways to open images, beside the button that asks for a folder. */
import { picksFolders, usePickers } from '../common/FileInputs.tsx'
import { MoreWays } from '../common/MoreWays.tsx'
import { useApp } from '../useApp.ts'

export function OpenImagesMenu() {
  const { pickImages, pickImageFiles } = usePickers()
  const openDirectory = useApp((state) => state.openDirectory)
  const ways = [{ name: 'Files or archive…', run: pickImageFiles }]
  if (picksFolders) ways.unshift({ name: 'Folder…', run: pickImages })
  if ('showDirectoryPicker' in window)
    ways.push({ name: 'Folder, remembered for the next visit…', run: () => void openDirectory() })
  return <MoreWays label="More ways to open pictures" ways={ways} />
}
