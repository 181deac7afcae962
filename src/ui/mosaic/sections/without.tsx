/** @file What the network does if the channel is set to its mean, or made weaker or stronger. */
import { lazy } from 'react'
import type { LateSection } from './section.ts'

export const without: LateSection<true> = {
  id: 'without',
  folded: true,
  aside: true,
  title: 'Without this channel',
  find: () => true,
  Late: lazy(() => import('../../reasons/WithoutChannel.tsx')),
}
