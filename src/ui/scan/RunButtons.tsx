/** @file Run, or Pause, Resume and Stop while a scan is under way. */
import { Pause, Play, Square } from 'lucide-react'
import { Button } from 'react-aria-components'
import { isUnderWay } from '../../state/scanPhase.ts'
import { useApp } from '../useApp.ts'

export function RunButtons() {
  const status = useApp((state) => state.scan.status)
  const underWay = useApp((state) => isUnderWay(state.scan))
  const run = useApp((state) => state.run)
  const pause = useApp((state) => state.pause)
  const resume = useApp((state) => state.resume)
  const stop = useApp((state) => state.stop)
  const opening = useApp((state) => state.openingModel !== null)
  if (!underWay)
    return (
      <Button className="button primary" isDisabled={opening} onPress={() => void run()}>
        <Play size={16} aria-hidden /> Run
      </Button>
    )
  return (
    <>
      {status === 'paused' ? (
        <Button className="button primary" onPress={resume}>
          <Play size={16} aria-hidden /> Resume
        </Button>
      ) : (
        <Button className="button" onPress={pause}>
          <Pause size={16} aria-hidden /> Pause
        </Button>
      )}
      <Button className="button" onPress={stop}>
        <Square size={14} aria-hidden /> Stop
      </Button>
    </>
  )
}
