/** @file The channels of the layer before that make the open one. It needs no scan, so it is there at once. */
import { lazy, Suspense } from 'react'
import type { OpenChannel, Section } from './section.ts'

const Late = lazy(() => import('../../reasons/FedBy.tsx'))

function FedBy(open: OpenChannel) {
  return (
    <Suspense>
      <Late {...open} />
    </Suspense>
  )
}

export const fedBy: Section = { id: 'fed-by', title: 'Fed by', folded: true, Component: FedBy }
