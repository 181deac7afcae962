/** @file The frame of a page or dialog that lies over everything else: Escape and a click beside it close it. */
import type { ReactNode } from 'react'
import { Dialog, Modal, ModalOverlay } from 'react-aria-components'

interface ModalPageProps {
  onClose: () => void
  /** A class of the window, beside `modal`. */
  className?: string
  /** A class of its contents, beside `dialog`. */
  dialogClassName?: string
  children: ReactNode
}

/** It is open as long as it is rendered. */
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
