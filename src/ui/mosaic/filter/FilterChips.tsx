/** @file The filters that are used most, at hand above the mosaics; all of them are in the menu *Filter*. */
import { PenLine } from 'lucide-react'
import { ToggleButton } from 'react-aria-components'
import { useApp } from '../../useApp.ts'
import { ClassChoice } from '../ClassChoice.tsx'
import MeasureRanges from './MeasureRanges.tsx'
import './filterChips.css'

export default function FilterChips({ layer }: { layer: string }) {
  const noted = useApp((state) => state.noted)
  const setView = useApp((state) => state.setView)
  return (
    <div className="filter-chips" role="group" aria-label="Filter">
      <ClassChoice label="Class" showLabel={false} any="Any class" />
      <MeasureRanges key={layer} layer={layer} />
      <ToggleButton
        className="button quiet filter-chip"
        aria-label="Only named"
        isSelected={noted === 'named'}
        onChange={(isWanted) => setView({ noted: isWanted ? 'named' : null })}
      >
        <PenLine size={12} aria-hidden /> Named
      </ToggleButton>
    </div>
  )
}
