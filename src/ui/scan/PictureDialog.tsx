/** @file How wide and fine saved pictures are. */
import { X } from 'lucide-react'
import { useState } from 'react'
import { Button, Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components'
import type { SheetSize } from '../../core/mosaic/figureSheet.ts'
import { Choice } from '../common/Choice.tsx'
import { IconButton } from '../common/IconButton.tsx'
import './export.css'
import { rememberedSheet, rememberSheet, scales, widths } from './sheetSize.ts'

export default function PictureDialog({ onClose }: { onClose: () => void }) {
  const [{ width, scale }, setSize] = useState(rememberedSheet)
  const choose = (size: SheetSize): void => {
    setSize(size)
    rememberSheet(size)
  }
  return (
    <ModalOverlay className="modal-overlay" isOpen isDismissable onOpenChange={(open) => !open && onClose()}>
      <Modal className="modal small-modal">
        <Dialog className="dialog">
          <div className="panel-head">
            <Heading slot="title">Size of pictures</Heading>
            <span className="spacer" />
            <IconButton slot="close" label="Close">
              <X size={16} />
            </IconButton>
          </div>
          <div className="row">
            <Choice
              label="Width"
              showLabel
              value={width}
              options={widths.map((id) => ({ id, text: `${id.toLocaleString('en')} pixels` }))}
              onChange={(next) => choose({ width: next, scale })}
            />
            <Choice
              label="Scale"
              showLabel
              value={scale}
              options={scales.map((id) => ({ id, text: `${id}×` }))}
              onChange={(next) => choose({ width, scale: next })}
            />
          </div>
          <p className="muted">
            Files are {(width * scale).toLocaleString('en')} pixels wide. All channels of a layer come on
            pages of the shape of A4, as many as are needed; 2× and 3× are for print.
          </p>
          <div className="row">
            <Button slot="close" className="button primary">
              Done
            </Button>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}
