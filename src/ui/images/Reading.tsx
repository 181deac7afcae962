/** @file Shows how far the reading of a source of images is, and has the button that ends it. */
import { Button } from 'react-aria-components'
import { inSentence } from '../../core/shownText.ts'
import { useApp } from '../useApp.ts'

/** Says which source is being read and how far it is; null if none is. */
export function useReading(): string | null {
  const reading = useApp((state) => state.readingImages)
  if (!reading) return null
  const found = reading.found > 0 ? ` ${reading.found.toLocaleString('en')} files` : ''
  return `Reading ${inSentence(reading.name)}…${found}${reading.folder === '' ? '' : `, now in ${inSentence(reading.folder)}`}`
}

export function StopReading() {
  const isReading = useApp((state) => state.readingImages !== null)
  const stopReading = useApp((state) => state.stopReading)
  if (!isReading) return null
  return (
    <Button className="button" onPress={stopReading}>
      Stop reading
    </Button>
  )
}
