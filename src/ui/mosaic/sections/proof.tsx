/** @file What can be done with the chosen patch: its proof, and the way from its box to the unit. */
import { modelOf } from '../../../state/selectors/shown.ts'
import { useHasPicture } from '../../results/useNames.ts'
import { useApp } from '../../useApp.ts'
import { PatchProof } from '../PatchProof.tsx'
import type { OpenChannel, Section } from './section.ts'

function Proof({ patch }: OpenChannel) {
  const hasPicture = useHasPicture()
  const isRun = useApp((state) => modelOf(state) !== null)
  return patch && isRun && hasPicture(patch.image) ? <PatchProof patch={patch} /> : null
}

export const proof: Section = { id: 'proof', Component: Proof }
