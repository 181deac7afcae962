/** @file Shows which backend runs the network and why, and lets the user choose another. */
import { ChevronDown, Cpu } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Button, Dialog, DialogTrigger, Heading, Label, Radio, RadioGroup } from 'react-aria-components'
import { type BackendChoice, nameOf, referenceKernels } from '../../core/backendNames.ts'
import { hardwareAdapter } from '../../state/model/webgpuAdapter.ts'
import { DialogPopover } from '../common/DialogPopover.tsx'
import { useApp } from '../useApp.ts'
import { SelfTestNote } from './SelfTestNote.tsx'

export function BackendMenu() {
  const backend = useApp((state) => state.backend)
  const choice = useApp((state) => state.backendChoice)
  const workers = useApp((state) => state.workers)
  const selfTest = useApp((state) => state.selfTest)
  const setBackend = useApp((state) => state.setBackend)
  if (!backend) return null
  return (
    <DialogTrigger>
      <Button
        className="button quiet"
        aria-label={`Backend: ${nameOf(backend)}${workers > 1 ? ` ×${workers}` : ''}`}
      >
        <Cpu size={16} aria-hidden />
        <span className="wide-only">
          {nameOf(backend)}
          {workers > 1 && ` ×${workers}`}
        </span>
        <ChevronDown size={14} aria-hidden />
      </Button>
      <DialogPopover>
        <Dialog className="dialog">
          <Heading slot="title">
            {nameOf(backend)}
            {workers > 1 && `, ${workers} workers side by side`}
          </Heading>
          <p>{backend.reason}</p>
          {selfTest && <SelfTestNote test={selfTest} backend={backend} />}
          <RadioGroup
            className="radio-group"
            value={choice}
            onChange={(value) => void setBackend(value as BackendChoice)}
          >
            <Label>Backend</Label>
            <Radio value="auto">Automatic: WebGL on a graphics card, else WASM</Radio>
            <Radio value="webgl">WebGL{backend.renderer && ` (${backend.renderer})`}</Radio>
            <Radio value="wasm">WASM, one worker for each processor core</Radio>
            <Radio value="tfjs-wasm">
              WASM reference: {referenceKernels}, which all others are compared with; several times slower
            </Radio>
            <WebgpuRadio isChosen={choice === 'webgpu'} />
          </RadioGroup>
          <p className="muted">Changing it opens the model again and puts the results aside.</p>
        </Dialog>
      </DialogPopover>
    </DialogTrigger>
  )
}

/** Offers WebGPU if there is a graphics card for it, and shows it if it has been chosen in another way. */
function WebgpuRadio({ isChosen }: { isChosen: boolean }) {
  const [card, setCard] = useState<string | null>(null)
  useEffect(() => {
    let isOpen = true
    void hardwareAdapter().then((name) => isOpen && setCard(name))
    return () => {
      isOpen = false
    }
  }, [])
  if (card === null && !isChosen) return null
  return (
    <Radio value="webgpu">
      WebGPU, experimental{card !== null && ` (${card})`}: used if it computes what the reference computes
    </Radio>
  )
}
