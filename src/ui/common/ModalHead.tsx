/** @file The head of a page or dialog: its title, what stands beside it, and the button that closes it. */
import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { Heading } from 'react-aria-components'
import { IconButton } from './IconButton.tsx'

export function ModalHead({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="panel-head">
      <Heading slot="title">
        <bdi>{title}</bdi>
      </Heading>
      {children}
      <span className="spacer" />
      <IconButton slot="close" label="Close">
        <X size={16} />
      </IconButton>
    </div>
  )
}
