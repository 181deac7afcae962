/** @file Describes the shown layer in the channel's column while no channel is open. */
import { useDeferredValue } from 'react'
import { channelCount, type SupportedLayer } from '../../core/model/network.ts'
import type { OpenResults } from '../../state/results/openResults.ts'
import type { ReadableResult } from '../../core/scan/statistics/statistic.ts'
import { aloneOf, fieldOf, inputShapeOf, modelOf, resultOf } from '../../state/selectors/shown.ts'
import { formatExtent, formatPair, formatShape } from '../common/format.ts'
import { factsLine, layerFacts } from '../model/layerFacts.ts'
import { FieldInImage } from '../model/FieldInImage.tsx'
import { isWhole } from '../../state/scan/coverage.ts'
import { useApp } from '../useApp.ts'

export function LayerSummary() {
  const name = useApp((state) => state.layer)
  const index = useApp(
    (state) => modelOf(state)?.network.layers.findIndex((one) => one.name === state.layer) ?? -1,
  )
  const recorded = useApp(aloneOf)?.layers.find((one) => one.name === name)
  return (
    <section className="channel layer-summary" aria-label="Layer summary">
      {recorded && <RecordedSummary key={name} layer={recorded} />}
      {name !== null && index >= 0 && <Summary key={name} name={name} index={index} />}
    </section>
  )
}

function Summary({ name, index }: { name: string; index: number }) {
  const model = useApp((state) => state.model)!
  const layer = model.network.layers[index] as SupportedLayer
  const field = model.fields[index]
  const facts = layerFacts(model, index)
  return (
    <>
      <div className="panel-head">
        <h2 title={name}>{name}</h2>
      </div>
      <FieldInImage input={model.network.inputShape} field={field} />
      <dl className="facts">
        <dt>Type</dt>
        <dd>{factsLine({ ...facts, shape: '' })}</dd>
        <dt>Makes</dt>
        <dd>{formatShape(layer.shape)}</dd>
        <dt>Receptive field</dt>
        <dd>
          {field && !field.whole ? `${facts.field}, step ${formatPair(field.stride)}` : 'the whole image'}
        </dd>
        {field?.seat && (
          <>
            <dt>Seat</dt>
            <dd>
              {formatExtent(field.seat.size)}, step {formatPair(field.seat.stride)}: the part of the image
              that a unit stands for, at which its patch is cut
            </dd>
          </>
        )}
        <dt>Channels</dt>
        <dd>
          {channelCount(layer.shape).toLocaleString('en')}
          <Dead layer={name} />
        </dd>
        {facts.parameters > 0 && (
          <>
            <dt>Parameters</dt>
            <dd>{facts.parameters.toLocaleString('en')}</dd>
          </>
        )}
      </dl>
      <p className="muted">Click a mosaic to look into its channel.</p>
    </>
  )
}

function RecordedSummary({ layer: { name, shape, scanned } }: { layer: OpenResults['layers'][number] }) {
  const field = useApp((state) => fieldOf(state, name))
  const input = useApp(inputShapeOf)
  return (
    <>
      <div className="panel-head">
        <h2 title={name}>{name}</h2>
      </div>
      {input && <FieldInImage input={input} field={field} />}
      <dl className="facts">
        <dt>Makes</dt>
        <dd>{formatShape(shape)}</dd>
        {field && (
          <>
            <dt>Receptive field</dt>
            <dd>{field.whole ? 'the whole image' : formatExtent(field.size)}</dd>
          </>
        )}
        {field?.seat && (
          <>
            <dt>Seat</dt>
            <dd>
              {formatExtent(field.seat.size)}: the part of the image that a unit stands for, at which its
              patch is cut
            </dd>
          </>
        )}
        <dt>Channels</dt>
        <dd>
          {channelCount(shape).toLocaleString('en')}
          <Dead layer={name} />
        </dd>
        <dt>Images</dt>
        <dd>{scanned.toLocaleString('en')}</dd>
      </dl>
      <p className="muted">Click a mosaic to look into its channel.</p>
    </>
  )
}

/** Follows the scan a little late, as it is not urgent. */
function Dead({ layer }: { layer: string }) {
  const result = useApp((state) => resultOf(state, layer))
  // Grows while the scan runs.
  const revision = useApp((state) => state.revision)
  const soFar = useApp((state) => !isWhole(state, layer))
  const dead = useDeferredValue(result && revision >= 0 ? countDead(result) : null, null)
  if (dead === null) return null
  return (
    <span className="muted">
      , {dead === 0 ? 'none' : dead.toLocaleString('en')} of them dead{soFar && ' so far'}
    </span>
  )
}

function countDead(result: ReadableResult): number | null {
  if (result.scanned === 0) return null
  let dead = 0
  for (let channel = 0; channel < result.channels; channel++) if (result.isDead(channel)) dead++
  return dead
}
