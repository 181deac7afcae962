/** @file The sections of the channel's panel, from top to bottom. */
import { classes, classesLeftOut } from './classes.tsx'
import { numbers } from './numbers.tsx'
import { chosenPatch } from './patch.tsx'
import { pictures } from './pictures.tsx'
import { quantiles } from './quantiles.tsx'
import type { LateSection, Section } from './section.ts'
import { strength } from './strength.tsx'

export const sections: readonly (Section | LateSection)[] = [
  pictures,
  chosenPatch,
  strength,
  quantiles,
  classes,
  classesLeftOut,
  numbers,
]
