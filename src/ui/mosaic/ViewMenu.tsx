/** @file The view and its controls in a sheet behind a button, if there is no room for them on the page. */
import { SlidersHorizontal } from 'lucide-react'
import { Button, Dialog, DialogTrigger, Heading } from 'react-aria-components'
import { DialogPopover } from '../common/DialogPopover.tsx'
import { useScreen } from '../common/useScreen.ts'
import { useView } from './views/useView.ts'
import { ViewTabs } from './views/ViewTabs.tsx'

export function ViewMenu() {
  const { Controls } = useView()
  // On wider screens the tabs are in the toolbar.
  const hasTabs = useScreen() === 'narrow'
  if (!Controls && !hasTabs) return null
  return (
    <DialogTrigger>
      <Button className="button quiet view-menu">
        <SlidersHorizontal size={16} aria-hidden />
        View
      </Button>
      <DialogPopover className="popover view-sheet" placement="bottom end">
        <Dialog className="dialog">
          {({ close }) => (
            <>
              <Heading slot="title">View</Heading>
              {hasTabs && <ViewTabs onChoose={close} />}
              {Controls && <Controls inSheet />}
            </>
          )}
        </Dialog>
      </DialogPopover>
    </DialogTrigger>
  )
}
