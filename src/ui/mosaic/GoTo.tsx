/** @file A field that leads to a channel by its number, of another layer too. The key / opens it. */
import { Search } from 'lucide-react'
import { type FormEvent, useEffect, useState } from 'react'
import {
  Button,
  Dialog,
  DialogTrigger,
  FieldError,
  Form,
  Input,
  Label,
  TextField,
} from 'react-aria-components'
import { channelCount } from '../../core/model/network.ts'
import { scannableLayers } from '../../core/model/scannable.ts'
import { findTarget } from '../../core/mosaic/goTo.ts'
import { DialogPopover } from '../common/DialogPopover.tsx'
import { named } from '../common/named.ts'
import { useAppStore } from '../useApp.ts'
import './goTo.css'

export function GoTo() {
  const [isOpen, setOpen] = useState(false)
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key !== '/' || event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey)
        return
      const { target } = event
      if (target instanceof Element && target.closest('input, textarea, select, [role=dialog]')) return
      event.preventDefault()
      setOpen(true)
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [])
  return (
    <DialogTrigger isOpen={isOpen} onOpenChange={setOpen}>
      <Button className="button quiet" aria-keyshortcuts="/" {...named('A channel by its number: key /')}>
        <Search size={16} aria-hidden />
        <span className="toolbar-word">Go to</span>
      </Button>
      <DialogPopover placement="bottom end">
        <Dialog className="dialog go-to" aria-label="Go to a channel">
          <GoToForm close={() => setOpen(false)} />
        </Dialog>
      </DialogPopover>
    </DialogTrigger>
  )
}

function GoToForm({ close }: { close: () => void }) {
  const { getState } = useAppStore()
  const [text, setText] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const go = (event: FormEvent): void => {
    event.preventDefault()
    const { model, layer, showLayer, showChannel } = getState()
    const layers = scannableLayers(model!.network).flatMap((one) =>
      one.op === null ? [] : [{ name: one.name, channels: channelCount(one.shape) }],
    )
    const target = findTarget(text, layers, layer)
    if (typeof target === 'string') return setProblem(target)
    showLayer(target.layer)
    if (target.channel !== null) showChannel(target.channel)
    close()
  }
  return (
    <Form onSubmit={go}>
      <TextField
        // The user has opened it to write in it.
        // oxlint-disable-next-line jsx-a11y/no-autofocus
        autoFocus
        className="go-to-field"
        value={text}
        isInvalid={problem !== null}
        onChange={(value) => {
          setText(value)
          setProblem(null)
        }}
      >
        <Label>Channel</Label>
        <Input className="number-input" placeholder="17, or conv2d_8 40" />
        <FieldError className="go-to-problem">{problem}</FieldError>
      </TextField>
    </Form>
  )
}
