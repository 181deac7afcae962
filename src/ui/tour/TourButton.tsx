/** @file The button that starts the tour of the demo again. */
import { CircleQuestionMark } from 'lucide-react'
import { isDemoOpen } from '../../state/selectors/openProject.ts'
import { IconButton } from '../common/IconButton.tsx'
import { useApp } from '../useApp.ts'
import { useTour } from './useTour.ts'

export function TourButton() {
  const demo = useApp(isDemoOpen)
  const { button, show } = useTour()
  if (!demo) return null
  return (
    <IconButton ref={button} label="Guided tour" hint="Through the demo" onPress={() => show(0)}>
      <CircleQuestionMark size={18} />
    </IconButton>
  )
}
