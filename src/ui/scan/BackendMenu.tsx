/** @file What runs the network, why, and the choice of another. */
import { ChevronDown, Cpu } from 'lucide-react'
import {
  Button,
  Dialog,
  DialogTrigger,
  Heading,
  Label,
  Popover,
  Radio,
  RadioGroup,
} from 'react-aria-components'
import type { BackendChoice } from '../../engine/backend.ts'
import { useApp } from '../useApp.ts'

const names = { webgl: 'WebGL', wasm: 'WASM' } as const

export function BackendMenu() {
  const backend = useApp((state) => state.backend)
  const choice = useApp((state) => state.backendChoice)
  const workers = useApp((state) => state.workers)
  const setBackend = useApp((state) => state.setBackend)
  if (!backend) return null
  return (
    <DialogTrigger>
      <Button
        className="button quiet"
        aria-label={`Backend: ${names[backend.name]}${workers > 1 ? ` ×${workers}` : ''}`}
      >
        <Cpu size={16} aria-hidden />
        <span className="wide-only">
          {names[backend.name]}
          {workers > 1 && ` ×${workers}`}
        </span>
        <ChevronDown size={14} aria-hidden />
      </Button>
      <Popover className="popover">
        <Dialog className="dialog">
          <Heading slot="title">
            {names[backend.name]}
            {workers > 1 && `, ${workers} workers side by side`}
          </Heading>
          <p>{backend.reason}</p>
          <RadioGroup
            className="radio-group"
            value={choice}
            onChange={(value) => void setBackend(value as BackendChoice)}
          >
            <Label>Backend</Label>
            <Radio value="auto">Automatic: WebGL on a graphics card, else WASM</Radio>
            <Radio value="webgl">WebGL{backend.renderer && ` (${backend.renderer})`}</Radio>
            <Radio value="wasm">WASM, one worker for each processor core</Radio>
          </RadioGroup>
          <p className="muted">Changing it opens the model again and forgets the results.</p>
        </Dialog>
      </Popover>
    </DialogTrigger>
  )
}
