/** @file The controls of the shown view in a sheet behind a button, if there is no room for them on the page. */
import { SlidersHorizontal } from 'lucide-react'
import { Button, Dialog, DialogTrigger, Heading } from 'react-aria-components'
import { DialogPopover } from '../common/DialogPopover.tsx'
import { useView } from './views/useView.ts'

export function ViewMenu() {
  const { Controls } = useView()
  if (!Controls) return null
  return (
    <DialogTrigger>
      <Button className="button quiet view-menu">
        <SlidersHorizontal size={16} aria-hidden />
        View
      </Button>
      <DialogPopover className="popover view-sheet" placement="bottom end">
        <Dialog className="dialog">
          <Heading slot="title">View</Heading>
          <Controls inSheet />
        </Dialog>
      </DialogPopover>
    </DialogTrigger>
  )
}
