/** @file What the network does without the open channel: on the shown image, over images, and beside the others of its layer. */
import { useEffect, useState } from 'react'
import type { Replacement } from '../../state/appState.ts'
import { outputOf } from '../../state/reasons/judging.ts'
import { modelOf } from '../../state/selectors/shown.ts'
import { useApp } from '../useApp.ts'
import type { KnownChannel } from '../mosaic/sections/section.ts'
import { LossRow } from './LossRow.tsx'
import { OnImage } from './OnImage.tsx'
import { OverImages } from './OverImages.tsx'
import { ReplacementChoice } from './ReplacementChoice.tsx'
import { useMean } from './useMean.ts'
import './without.css'

export default function WithoutChannel({ layer, channel, result }: KnownChannel) {
  const model = useApp(modelOf)
  const images = useApp((state) => state.images)
  const [isMean, setMean] = useState(true)
  const [factor, setFactor] = useState(0)
  const index = model?.network.layers.findIndex(({ name }) => name === layer) ?? -1
  const output = model && index >= 0 ? outputOf(model, index) : null
  const canRun = images !== null && output !== null
  const mean = useMean(layer, channel, canRun)
  useForgetting(canRun)
  if (!model || !images)
    return (
      <>
        <LossRow layer={layer} channel={channel} result={result} replacement="mean" canRun={false} />
        <p className="muted">More is computed once the model and the images are open.</p>
      </>
    )
  if (output === null)
    return (
      <p className="muted">
        Nothing in the network depends on this layer, so nothing changes without one of its channels.
      </p>
    )
  const replacement: Replacement = isMean ? 'mean' : factor
  return (
    <div className="without">
      <ReplacementChoice
        isMean={isMean}
        factor={factor}
        mean={mean}
        onMean={() => setMean(true)}
        onFactor={(value) => {
          setMean(false)
          setFactor(value)
        }}
      />
      <OnImage layer={layer} channel={channel} output={output} isMean={isMean} factor={factor} mean={mean} />
      <OverImages
        key={`${layer}/${channel}`}
        layer={layer}
        channel={channel}
        output={output}
        replacement={replacement}
      />
      <LossRow
        layer={layer}
        channel={channel}
        result={result}
        replacement={isMean ? 'mean' : 'zero'}
        canRun
      />
    </div>
  )
}

/** What engines keep is free again when the section closes. */
function useForgetting(isOpen: boolean): void {
  const forget = useApp((state) => state.forgetAblations)
  useEffect(() => (isOpen ? forget : undefined), [isOpen, forget])
}
