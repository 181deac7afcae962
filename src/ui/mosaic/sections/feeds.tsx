/** @file The channels of the layers behind that read the open one. It needs no scan, so it is there at once. */
import { lazy, Suspense } from 'react'
import type { OpenChannel, Section } from './section.ts'

const Late = lazy(() => import('../../reasons/Feeds.tsx'))

function Feeds(open: OpenChannel) {
  return (
    <Suspense>
      <Late {...open} />
    </Suspense>
  )
}

export const feeds: Section = { id: 'feeds', title: 'Feeds', folded: true, Component: Feeds }
