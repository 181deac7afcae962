/** @file Which pixels of a patch excite its unit, by integrated gradients, and by hiding parts of it as the check beside it. */
import { useId, useState } from 'react'
import { Button } from 'react-aria-components'
import { correlate } from '../../core/correlate.ts'
import type { Box } from '../../core/model/receptiveField.ts'
import { attributionEnd, exciting, inhibiting } from '../../core/reasons/attributionColours.ts'
import { integrationSteps, smoothingOf, sumOf } from '../../core/reasons/attributionMap.ts'
import type { DeletionTest, Occlusion, PixelMap } from '../../engine/reasons/attribution.ts'
import type { AttributionPlace } from '../../state/appState.ts'
import type { MeanInput } from '../../state/reasons/meanInput.ts'
import type { FoundAttribution } from '../../state/reasons/patchAttributions.ts'
import { formatActivation, formatExtent } from '../common/format.ts'
import { OpacitySlider } from '../common/OpacitySlider.tsx'
import { remember, remembered } from '../common/remembered.ts'
import { usePanelWidth } from '../common/useScreen.ts'
import { PatchPixels, signed } from './PatchPixels.tsx'
import { channelFile } from './pictureFile.ts'
import { useFoundOfPatch } from './useAttribution.ts'
import { useHeldHeight } from './useHeldHeight.ts'
import './attribution.css'

interface Props {
  place: AttributionPlace
  /** A part of the unit's box that is framed. */
  seat: Box | undefined
}

/** CSS pixels. */
const [mostExtent, gap] = [240, 12]

const opacityKey = 'urpatch-attribution-opacity'

export default function PatchAttribution({ place, seat }: Props) {
  const { image, box, ...unit } = place
  const key = JSON.stringify([typeof image === 'number' ? image : `seen ${image.id}`, unit])
  const { found, problem } = useFoundOfPatch<FoundAttribution>('attribution', place)
  // The next patch is not checked unless somebody asks again: it may take a while.
  const [checked, setChecked] = useState<string | null>(null)
  const isChecked = checked === key
  const check = useFoundOfPatch<Occlusion>('occlusion', place, isChecked)
  const [opacity, setOpacity] = useState(() => Number(remembered(opacityKey) ?? 0.8))
  const hint = useId()
  const width = usePanelWidth()
  const extent = Math.min(mostExtent, Math.floor((width - gap) / 2))
  const file = channelFile(place.layer, place.channel)
  const shown = { image, box, seat, opacity, extent }
  const findings = useHeldHeight(problem === null && !found?.test)

  return (
    <div className="attribution">
      <div className="attribution-maps" style={{ gridTemplateColumns: `repeat(2, ${extent}px)` }}>
        <figure>
          <figcaption>
            {found?.method === 'gradient' ? 'One gradient, until more are there' : 'Integrated gradients'}
          </figcaption>
          <PatchPixels
            {...shown}
            map={found?.map ?? null}
            end={found ? attributionEnd(found.map.values) : 0}
            label="Integrated gradients"
            file={`${file}-attribution`}
          />
        </figure>
        {isChecked && check.problem === null ? (
          <figure>
            <figcaption>{hiddenText(check.found)}</figcaption>
            <PatchPixels
              {...shown}
              map={check.found}
              end={check.found ? attributionEnd(check.found.values) : 0}
              label="Hidden squares"
              file={`${file}-hidden-squares`}
            />
          </figure>
        ) : (
          <div className="attribution-check">
            <Button className="button" onPress={() => setChecked(key)} aria-describedby={hint}>
              Check by hiding parts
            </Button>
            <p id={hint} className="muted">
              The network runs again for each square of the patch that becomes the mean: exact, but slower.
            </p>
          </div>
        )}
      </div>
      <Scale opacity={opacity} onChange={setOpacity} map={found?.map ?? null} />
      <div ref={findings} role="status" className="attribution-findings">
        {(problem ?? check.problem) !== null && (
          <p className="attribution-problem">{problem ?? check.problem}</p>
        )}
        {found && <Findings found={found} occlusion={isChecked ? check.found : null} />}
        {!found && problem === null && <p className="muted">The network runs forwards and backwards…</p>}
      </div>
    </div>
  )
}

function hiddenText(found: Occlusion | null): string {
  if (!found) return 'Squares are being hidden…'
  const { side, done, of } = found
  return done < of ? `${done} of ${of} squares hidden` : `Hidden squares of ${side}×${side}`
}

interface ScaleProps {
  opacity: number
  onChange: (opacity: number) => void
  map: PixelMap | null
}

/** What the colours mean, and how much of the patch they hide. */
function Scale({ opacity, onChange, map }: ScaleProps) {
  const end = map ? attributionEnd(map.values) : 0
  const shortly = Number(end.toPrecision(2)).toString()
  const rgb = (color: readonly number[]): string => `rgb(${color.join()})`
  return (
    <div className="attribution-scale">
      <span>inhibits {end > 0 && `−${shortly}`}</span>
      <span
        className="attribution-gradient"
        style={{
          backgroundImage: `linear-gradient(to right, ${rgb(inhibiting)}, transparent, ${rgb(exciting)})`,
        }}
        aria-hidden
      />
      <span>{end > 0 && `+${shortly}`} excites</span>
      <span className="spacer" />
      <OpacitySlider
        name="Attribution opacity"
        opacity={opacity}
        onChange={(value) => {
          remember(opacityKey, String(value))
          onChange(value)
        }}
      />
    </div>
  )
}

function Findings({ found, occlusion }: { found: FoundAttribution; occlusion: Occlusion | null }) {
  const { map, mean, method, test } = found
  const { activation, atMean, elsewhere, values } = map
  if (!Number.isFinite(activation) || !Number.isFinite(atMean))
    return <p>The activation is not finite, so there is nothing to attribute.</p>
  const [inside, whole] = [sumOf(values), activation - atMean]
  const total = inside + elsewhere
  return (
    <>
      <dl className="facts">
        <dt>This patch</dt>
        <dd>{formatActivation(activation)}</dd>
        <dt title="The activation of a picture that is the mean everywhere">The mean</dt>
        <dd>{formatActivation(atMean)}</dd>
        {method === 'integrated' && (
          <>
            <dt title="Contributions of all pixels together; with infinitely many steps, exactly the difference of both activations">
              Pixels together
            </dt>
            <dd>
              {signed(total)} of {signed(whole)}
            </dd>
          </>
        )}
        {Math.abs(elsewhere) > 1e-3 * Math.abs(whole) && (
          <>
            <dt title="Through statistics of the whole image, on which this layer depends">
              Of them outside of the box
            </dt>
            <dd>{signed(elsewhere)}</dd>
          </>
        )}
      </dl>
      {test && <Verdict test={test} map={map} />}
      {occlusion && occlusion.done === occlusion.of && method === 'integrated' && (
        <p>
          {agreement(correlate(values, occlusion.values))} A hidden square costs up to{' '}
          {formatActivation(attributionEnd(occlusion.values))}, which is the full colour there.
        </p>
      )}
      <p className="muted">{methodText(mean, map)}</p>
    </>
  )
}

/** The difference from which on one order counts as better than the other. */
const clearly = 0.01

function Verdict({ test: { attribution, centreFirst }, map }: { test: DeletionTest; map: PixelMap }) {
  if (attribution === null || centreFirst === null)
    return <p>The mean excites this unit as much as the patch does: there is nothing to attribute.</p>
  // The sign and the unit stay with the number at the end of a line.
  const left = (share: number): string => `${Math.round(100 * share)}\u00A0%`.replace('-', '−')
  const both = `${left(attribution)} of the activation is left on average, ${left(centreFirst)} if pixels are deleted from the centre outwards`
  if (attribution < centreFirst - clearly)
    return <p>Tested by deleting pixels, those that excite most first: {both}.</p>
  return (
    <p>
      These colours say no more than that the middle of the patch counts: {both}. That is common in fields as
      small as {formatExtent([map.rows, map.columns])} pixels.
    </p>
  )
}

function agreement(correlation: number | null): string {
  if (correlation === null) return 'One of both maps is the same everywhere.'
  return `Both maps agree with a correlation of ${correlation.toFixed(2)}.`
}

function methodText({ images }: MeanInput, { rows, columns }: PixelMap): string {
  const baseline =
    images > 0
      ? `the mean colour of ${images} of the images`
      : 'mid-grey, as none of the sampled images can be read'
  const smoothing = smoothingOf(rows, columns).toLocaleString('en', { maximumFractionDigits: 1 })
  return `Compared with ${baseline}, in ${integrationSteps} steps; smoothed over ${smoothing} ${smoothing === '1' ? 'pixel' : 'pixels'}. Beyond the box every pixel counts exactly 0.`
}
