/** @file How many kept patches look like the chosen one, and these patches if they are asked for. */
import { ChevronRight } from 'lucide-react'
import { useId, useState } from 'react'
import type { FoundEntry } from '../../core/scan/foundEntry.ts'
import { usePanelWidth } from '../common/useScreen.ts'
import { PatchStrip } from './statistics/PatchStrip.tsx'
import './alikePatches.css'

const mostColumns = 10

interface Props {
  layer: string
  channel: number
  /** At least one, best first. */
  entries: readonly FoundEntry[]
}

export function AlikePatches({ layer, channel, entries }: Props) {
  const width = usePanelWidth()
  const [isOpen, setOpen] = useState(false)
  const id = useId()
  const columns = Math.min(mostColumns, entries.length)
  return (
    <div className="alike">
      <button
        type="button"
        className="disclosure"
        aria-expanded={isOpen}
        aria-controls={id}
        title="Kept patches of this channel whose pixels, reduced to 8×8, differ by less than 6 of 255 in the mean"
        onClick={() => setOpen(!isOpen)}
      >
        +{entries.length} alike
        <ChevronRight size={14} aria-hidden />
      </button>
      <div id={id}>
        {isOpen && (
          <PatchStrip
            name={`${layer}/${channel}/alike`}
            layer={layer}
            entries={entries}
            columns={columns}
            width={Math.floor((width * columns) / mostColumns)}
            label="Patches that look like the chosen one, best first"
          />
        )}
      </div>
    </div>
  )
}
