/** @file Whether the channel answers to colour or to shape, measured when it is asked for. */
import { lazy } from 'react'
import type { LateSection } from './section.ts'

export const colour: LateSection<true> = {
  id: 'colour',
  folded: true,
  title: 'Colour or shape',
  applies: ({ result, channel }) => !result.isDead(channel) && (result.highest(channel) ?? 0) > 0,
  find: () => true,
  Late: lazy(() => import('./ColourOrShape.tsx')),
}
