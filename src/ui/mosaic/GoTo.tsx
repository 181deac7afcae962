/**
 * @file A field that leads to a channel by its number, of another layer too, or by what is written about it. The keys / and
 * ⌘K (or Ctrl K) open it.
 */
import { Search } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Button, Dialog, DialogTrigger } from 'react-aria-components'
import { DialogPopover } from '../common/DialogPopover.tsx'
import { named } from '../common/named.ts'
import { GoToForm } from './GoToForm.tsx'
import './goTo.css'

export function GoTo() {
  const [isOpen, setOpen] = useState(false)
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      const isCommand = event.ctrlKey || event.metaKey
      if (event.key !== (isCommand ? 'k' : '/') || event.defaultPrevented || event.altKey) return
      const { target } = event
      const isTaken = isCommand ? '[role=dialog]' : 'input, textarea, select, [role=dialog]'
      if (target instanceof Element && target.closest(isTaken)) return
      event.preventDefault()
      setOpen(true)
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [])
  return (
    <DialogTrigger isOpen={isOpen} onOpenChange={setOpen}>
      <Button
        className="button quiet"
        aria-keyshortcuts="/ Meta+K Control+K"
        {...named('A channel by its number or name: key / or ⌘K')}
      >
        <Search size={16} aria-hidden />
        <span className="toolbar-word">Go to</span>
      </Button>
      <DialogPopover placement="bottom end">
        <Dialog className="dialog go-to" aria-label="Go to a channel">
          {/* It is not loaded now: what is typed right after the key is for its field. */}
          <GoToForm close={() => setOpen(false)} />
        </Dialog>
      </DialogPopover>
    </DialogTrigger>
  )
}
