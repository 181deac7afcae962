/** @file A menu with another way to open a model, if the browser can let the page reopen its files in a later visit. */
import { ChevronDown } from 'lucide-react'
import { Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components'
import { usePickers } from '../common/FileInputs.tsx'
import { IconButton } from '../common/IconButton.tsx'
import { useApp } from '../useApp.ts'

export function OpenModelMenu() {
  const { pickModel } = usePickers()
  const openModelFiles = useApp((state) => state.openModelFiles)
  if (!('showOpenFilePicker' in window)) return null
  return (
    <MenuTrigger>
      <IconButton className="button quiet" label="More ways to open a model">
        <ChevronDown size={14} aria-hidden />
      </IconButton>
      <Popover className="popover">
        <Menu
          className="menu"
          onAction={(key) => (key === 'remembered' ? void openModelFiles() : pickModel())}
        >
          <MenuItem className="menu-item" id="files">
            Files…
          </MenuItem>
          <MenuItem className="menu-item" id="remembered">
            Files, remembered for the next visit…
          </MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  )
}
