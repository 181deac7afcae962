/** @file What people wrote about the channel, besides its name in the head. */
import { lazy, Suspense } from 'react'
import type { OpenChannel, Section } from './section.ts'

const NotesSection = lazy(() => import('../../notes/NotesSection.tsx'))

function Notes({ layer, channel }: OpenChannel) {
  return (
    <Suspense>
      <NotesSection layer={layer} channel={channel} />
    </Suspense>
  )
}

export const notes: Section = { id: 'notes', title: 'Notes', folded: true, aside: true, Component: Notes }
