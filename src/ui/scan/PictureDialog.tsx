/** @file The dialog that sets the width and the scale of saved pictures. */
import { useState } from 'react'
import { Button } from 'react-aria-components'
import type { SheetSize } from '../../core/mosaic/figureSheet.ts'
import { Choice } from '../common/Choice.tsx'
import { ModalHead } from '../common/ModalHead.tsx'
import { ModalPage } from '../common/ModalPage.tsx'
import './export.css'
import { rememberedSheet, rememberSheet, scales, widths } from './sheetSize.ts'

export default function PictureDialog({ onClose }: { onClose: () => void }) {
  const [{ width, scale }, setSize] = useState(rememberedSheet)
  const choose = (size: SheetSize): void => {
    setSize(size)
    rememberSheet(size)
  }
  return (
    <ModalPage onClose={onClose} className="small-modal">
      <ModalHead title="Size of pictures" />
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
        Files are {(width * scale).toLocaleString('en')} pixels wide. All channels of a layer come on pages of
        the shape of A4, as many as are needed; 2× and 3× are for print.
      </p>
      <div className="row">
        <Button slot="close" className="button primary">
          Done
        </Button>
      </div>
    </ModalPage>
  )
}
