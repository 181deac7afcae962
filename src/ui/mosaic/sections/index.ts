/** @file The sections of the channel's page, from top to bottom (EXPLORER.md §2). `section.ts` says how to add one. */
import { attribution } from './attribution.tsx'
import { classes, classesLeftOut } from './classes.tsx'
import { colour } from './colour.tsx'
import { fedBy } from './fedBy.tsx'
import { feeds } from './feeds.tsx'
import { heat } from './heat.tsx'
import { notes } from './notes.tsx'
import { numbers } from './numbers.tsx'
import { chosenPatch } from './patch.tsx'
import { pictures } from './pictures.tsx'
import { proof } from './proof.tsx'
import type { LateSection, Section } from './section.ts'
import { strength } from './strength.tsx'
import { synthesized } from './synthesized.tsx'
import { together } from './together.tsx'
import { where } from './where.tsx'
import { without } from './without.tsx'

export const sections: readonly (Section | LateSection)[] = [
  pictures,
  chosenPatch,
  heat,
  strength,
  classes,
  classesLeftOut,
  where,
  together,
  fedBy,
  feeds,
  attribution,
  synthesized,
  colour,
  without,
  notes,
  numbers,
  proof,
]
