/** @file The banner above the mosaics while several models are open, which are scanned one after the other. */
import { Layers } from 'lucide-react'
import { Button } from 'react-aria-components'
import { useApp } from '../useApp.ts'
import { SeriesText } from './SeriesText.tsx'
import '../common/banner.css'

export function SeriesBanner() {
  const isThere = useApp((state) => state.series !== null)
  const showPage = useApp((state) => state.showPage)
  const closeSeries = useApp((state) => state.closeSeries)
  if (!isThere) return null
  return (
    <section className="banner" aria-label="Models in a row">
      <Layers size={16} aria-hidden />
      <SeriesText />
      <div className="row">
        <Button className="button" onPress={() => showPage('compare')}>
          Compare
        </Button>
        <Button className="button quiet" onPress={closeSeries}>
          Only the open one
        </Button>
      </div>
    </section>
  )
}
