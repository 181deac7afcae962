/** @file The activations of the top patches without colour, without detail and with their blocks at other places. */
import { useEffect } from 'react'
import { Button } from 'react-aria-components'
import type { ColourOrShape as Found } from '../../../state/scan/colourOrShape.ts'
import { isColourCurrent, keptColour } from '../../../state/scan/keptColour.ts'
import { modelOf } from '../../../state/selectors/shown.ts'
import { formatRatio } from '../../common/format.ts'
import { useApp } from '../../useApp.ts'
import { useMeasuring } from '../useMeasuring.ts'
import type { KnownChannel } from './section.ts'
import './colourOrShape.css'

export default function ColourOrShape({ layer, channel, result }: KnownChannel) {
  const k = useApp((state) => state.k)
  const canRun = useApp((state) => modelOf(state) !== null && state.images !== null)
  const { progress, measure, stop } = useMeasuring()
  useEffect(() => stop, [layer, channel, result, k, stop])
  // It renders again when one was measured, here or in a table.
  useApp((state) => state.askedMeasured)
  const found = keptColour(result, channel, k)
  const isEarlier = found !== undefined && !isColourCurrent(result, channel, k)

  return (
    <>
      <p className="muted">
        The mean of activation ÷ original over the top patches, run again in grey, blurred by a sixteenth of
        their shorter side, and with their 4×4 blocks shuffled.
      </p>
      {found !== undefined && (
        <div role="status">
          {found === null ? 'No patch has an activation above 0.' : <Means found={found} />}
        </div>
      )}
      {isEarlier && <p className="muted">Since then, other patches have come to the top.</p>}
      {(found === undefined || isEarlier) &&
        (canRun ? (
          <Button
            className="button"
            aria-disabled={progress !== null}
            onPress={() => measure('colour', [{ layer, channel }])}
          >
            {progress ? 'The network runs…' : isEarlier ? 'Measure again' : 'Measure'}
          </Button>
        ) : (
          <p className="muted">It is measured once the model and the images are open.</p>
        ))}
    </>
  )
}

function Means({ found: { grey, blurred, shuffled } }: { found: Found }) {
  return (
    <dl className="colour-or-shape">
      <Mean name="In grey" value={grey} />
      <Mean name="Blurred" value={blurred} />
      <Mean name="Shuffled" value={shuffled} />
    </dl>
  )
}

function Mean({ name, value }: { name: string; value: number | null }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <span
          className="colour-or-shape-bar"
          style={{ width: `${60 * Math.min(1, Math.max(0, value ?? 0))}%` }}
        />
        {value === null ? 'too few pixels' : formatRatio(value)}
      </dd>
    </div>
  )
}
