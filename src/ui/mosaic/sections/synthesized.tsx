/** @file Pictures that are made to excite the channel, beside its patches. */
import { lazy } from 'react'
import type { LateSection } from './section.ts'

export const synthesized: LateSection<true> = {
  id: 'synthesized',
  folded: true,
  aside: true,
  title: 'Synthesized picture',
  applies: ({ result, channel }) => !result.isDead(channel),
  find: () => true,
  Late: lazy(() => import('../../reasons/SynthesizedPicture.tsx')),
}
