/** @file What there is to know of the shown layer, in the channel's place while none is open. */
import { useDeferredValue } from 'react'
import { channelCount, type SupportedLayer } from '../../core/model/network.ts'
import type { LayerResult } from '../../core/scan/layerResult.ts'
import { formatPair, formatShape } from '../common/format.ts'
import { factsLine, layerFacts } from '../model/layerFacts.ts'
import { FieldInImage } from '../model/FieldInImage.tsx'
import { isWhole } from '../../state/coverage.ts'
import { useApp } from '../useApp.ts'

export function LayerSummary() {
  const name = useApp((state) => state.layer)
  const index = useApp(({ model, layer }) => model!.network.layers.findIndex((one) => one.name === layer))
  return (
    <section className="channel layer-summary" aria-label="Layer summary">
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

/** Follows the scan a little late: nobody waits for it. */
function Dead({ layer }: { layer: string }) {
  const result = useApp((state) => state.results.get(layer))
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

function countDead(result: LayerResult): number | null {
  if (result.scanned === 0) return null
  let dead = 0
  for (let channel = 0; channel < result.topK.channels; channel++) if (result.isDead(channel)) dead++
  return dead
}
