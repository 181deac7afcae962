/** @file The ranges of measures that are set, each as a button that takes it away. */
import { X } from 'lucide-react'
import { Button } from 'react-aria-components'
import { measures } from '../../../core/scan/measures/index.ts'
import { useApp } from '../../useApp.ts'
import { rangeText } from './columns.ts'
import './setRanges.css'
import { useRange } from './useRange.ts'

/** `without` are ids of measures that are shown in another way. */
export function SetRanges({ without = [] }: { without?: readonly string[] }) {
  const ranges = useApp(({ finding }) => finding.ranges)
  return measures
    .filter(({ id }) => ranges[id] && !without.includes(id))
    .map((measure) => <SetRange key={measure.id} measure={measure} />)
}

function SetRange({ measure }: { measure: (typeof measures)[number] }) {
  const [range, setRange] = useRange(measure.id)
  if (!range) return null
  const text = rangeText(measure, range)
  return (
    <Button
      className="button quiet filter-chip"
      aria-label={`Take away the filter ${text}`}
      onPress={() => setRange(undefined)}
    >
      {text} <X size={12} aria-hidden />
    </Button>
  )
}
