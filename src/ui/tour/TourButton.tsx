/** @file Starts the tour of the demo again. */
import { CircleQuestionMark } from 'lucide-react'
import { Button } from 'react-aria-components'
import { isDemoOpen } from '../../state/project.ts'
import { useApp } from '../useApp.ts'
import { useTour } from './useTour.ts'

export function TourButton() {
  const demo = useApp(isDemoOpen)
  const { button, show } = useTour()
  if (!demo) return null
  return (
    <Button ref={button} className="icon-button" aria-label="Guided tour" onPress={() => show(0)}>
      <CircleQuestionMark size={18} />
    </Button>
  )
}
