/** @file The frame of a page or dialog that lies over everything else. Esc and a click outside of it close it. */
import type { ReactNode } from 'react'
import { Dialog, Modal, ModalOverlay } from 'react-aria-components'

interface ModalPageProps {
  onClose: () => void
  /** An additional class of the window. */
  className?: string
  /** An additional class of the dialog in the window. */
  dialogClassName?: string
  children: ReactNode
}

/** The page is open as long as it is rendered. */
export function ModalPage({ onClose, className = '', dialogClassName = '', children }: ModalPageProps) {
  return (
    <ModalOverlay
      className="modal-overlay"
      isOpen
      isDismissable
      onOpenChange={(open) => {
        if (!open) onClose()
      }}
    >
      <Modal className={`modal ${className}`.trim()}>
        <Dialog className={`dialog ${dialogClassName}`.trim()}>{children}</Dialog>
      </Modal>
    </ModalOverlay>
  )
}
