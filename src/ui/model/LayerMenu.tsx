/** @file A button that names the shown layer and opens the list of layers, if there is no room for it on the page. */
import { ChevronDown, Menu } from 'lucide-react'
import { Button, Dialog, DialogTrigger, Modal, ModalOverlay } from 'react-aria-components'
import { useApp } from '../useApp.ts'
import { LayerPanel } from './LayerPanel.tsx'
import { layerLine } from './layerFacts.ts'

export function LayerMenu() {
  const name = useApp((state) => state.layer)
  const line = useApp((state) => layerLine(state, state.layer))
  return (
    <DialogTrigger>
      <Button className="button quiet layer-menu">
        <Menu size={16} aria-hidden />
        <span className="layer-menu-text">
          <span className="visually-hidden">Layers: </span>
          <b title={name ?? undefined}>{name ?? 'Layers'}</b>
          <span className="muted">{line}</span>
        </span>
        <ChevronDown size={14} aria-hidden />
      </Button>
      <ModalOverlay className="modal-overlay drawer-overlay" isDismissable>
        <Modal className="drawer">
          <Dialog className="drawer-dialog" aria-label="Layers">
            {({ close }) => <LayerPanel onChoose={close} />}
          </Dialog>
        </Modal>
      </ModalOverlay>
    </DialogTrigger>
  )
}
