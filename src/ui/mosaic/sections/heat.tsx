/** @file The heat-map of the chosen patch's image: whether it is shown, and how. */
import { HeatRow } from '../heat/HeatRow.tsx'
import type { Section } from './section.ts'

export const heat: Section = { id: 'heat', Component: HeatRow }
