/** @file The menu with other ways to open images, beside the button that asks for a folder. */
import { ChevronDown } from 'lucide-react'
import { Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components'
import { usePickers } from '../common/FileInputs.tsx'
import { IconButton } from '../common/IconButton.tsx'
import { useApp } from '../useApp.ts'

export function OpenImagesMenu() {
  const { pickImages, pickImageFiles } = usePickers()
  const openDirectory = useApp((state) => state.openDirectory)
  const actions: Readonly<Record<string, () => void>> = {
    folder: pickImages,
    files: pickImageFiles,
    remembered: () => void openDirectory(),
  }
  return (
    <MenuTrigger>
      <IconButton label="More ways to open pictures" className="button quiet">
        <ChevronDown size={14} aria-hidden />
      </IconButton>
      <Popover className="popover">
        <Menu className="menu" onAction={(key) => actions[key]?.()}>
          <MenuItem className="menu-item" id="folder">
            Folder…
          </MenuItem>
          <MenuItem className="menu-item" id="files">
            Files or archive…
          </MenuItem>
          {'showDirectoryPicker' in window && (
            <MenuItem className="menu-item" id="remembered">
              Folder, remembered for the next visit…
            </MenuItem>
          )}
        </Menu>
      </Popover>
    </MenuTrigger>
  )
}
