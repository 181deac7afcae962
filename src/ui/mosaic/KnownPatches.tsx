/** @file Those images of a bar or a class whose patches are known, after a click on it. */
import { X } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { knownEntries, type PatchFilter, passes } from '../../core/mosaic/knownPatches.ts'
import type { ReadableResult } from '../../core/scan/statistics/statistic.ts'
import { tableOf } from '../../state/selectors/shown.ts'
import { IconButton } from '../common/IconButton.tsx'
import { useApp } from '../useApp.ts'
import { PatchStrip } from './statistics/PatchStrip.tsx'

/** The most patches that are drawn. */
const mostPatches = 32
const columns = 8

interface Props {
  layer: string
  result: ReadableResult
  channel: number
  filter: PatchFilter
  /** `siamese-cat`, or `from 2 to 2.25`. */
  what: string
  /** The number of its images, known or not. */
  count: number
  /** CSS pixels. */
  width: number
}

export function KnownPatches({ layer, result, channel, filter, what, count, width }: Props) {
  const k = useApp((state) => state.k)
  const { classOf } = useApp(tableOf)!
  const showAmong = useApp((state) => state.showAmong)
  const found = knownEntries(result, channel, k).filter((entry) => passes(filter, entry, classOf))
  const shown = found.slice(0, mostPatches)
  const part = useRef<HTMLDivElement>(null)
  useEffect(() => {
    // Below a long list it would come unseen. Nothing is returned, as new browsers answer with a promise.
    part.current?.scrollIntoView({ block: 'nearest' })
  }, [what])
  const images = `${count.toLocaleString('en')} ${count === 1 ? 'image' : 'images'}`
  return (
    <div ref={part} className="statistics-part" role="group" aria-label={`Images ${what}`}>
      <div className="statistics-among">
        <span title="The best, the lowest and a sample of the images are known by their patches; of the others only numbers are kept.">
          <b>{shown.length === 0 ? 'None' : shown.length.toLocaleString('en')}</b> of {images} {what}
        </span>
        <IconButton label={`No longer only ${what}`} onPress={() => showAmong(null)}>
          <X size={14} />
        </IconButton>
      </div>
      {shown.length > 0 && (
        <PatchStrip
          name={`${layer}/${channel}/among`}
          layer={layer}
          entries={shown}
          columns={columns}
          width={width}
          label={`Patches of images ${what}, highest first`}
        />
      )}
    </div>
  )
}
