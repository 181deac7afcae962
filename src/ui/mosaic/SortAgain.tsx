/** @file Says that the tiles are in an earlier order if a scan has moved on, and sorts them anew. */
import { Button } from 'react-aria-components'
import { oldOrderTime } from '../../state/selectors/shownOrder.ts'
import { useApp } from '../useApp.ts'
import './sort-again.css'

export function SortAgain() {
  const time = useApp(oldOrderTime)
  const sortAgain = useApp((state) => state.sortAgain)
  if (time === null) return null
  const clock = new Date(time).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })
  return (
    <Button className="button sort-again" onPress={sortAgain}>
      <span className="muted">order of {clock} ·</span> sort again
    </Button>
  )
}
