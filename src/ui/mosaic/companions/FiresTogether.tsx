/** @file The channels nearest to one: of its layer and of the others by the images on which they fire, and by their weights. */
import { useEffect, useState } from 'react'
import { kernelBehind } from '../../../core/model/kernelDirections.ts'
import { elementCount, type Network, type SupportedLayer } from '../../../core/model/network.ts'
import { weightsAlike } from '../../../state/model/weightsAlike.ts'
import { type Companion, type Companions, firesTogether, nearest } from '../../../state/scan/firesTogether.ts'
import { isUnderWay } from '../../../state/scan/scanPhase.ts'
import { modelOf, resultsShown } from '../../../state/selectors/shown.ts'
import { usePanelWidth } from '../../common/useScreen.ts'
import { untilCleanup } from '../../common/untilCleanup.ts'
import { useApp, useAppStore } from '../../useApp.ts'
import type { KnownChannel } from '../sections/section.ts'
import { CompanionRow, companionsIn } from './CompanionRow.tsx'
import './companions.css'

/** Channels are correlated again when a scan has so many times as many images. */
const growth = 1.25

/** `isKnown` says whether there are maxima of single images. */
export function FiresTogether({ isKnown, ...known }: KnownChannel & { isKnown: boolean }) {
  const count = companionsIn(usePanelWidth())
  const others = useApp((state) => resultsShown(state).size > 1)
  return (
    <>
      {isKnown ? (
        <Correlated {...known} count={count} hasOthers={others} />
      ) : (
        <p className="muted companions-note">
          A results file does not hold the maxima of single images. Scan the layer to see this.
        </p>
      )}
      <Alike layer={known.layer} channel={known.channel} count={count} />
    </>
  )
}

function Correlated({ count, hasOthers, ...known }: KnownChannel & { count: number; hasOthers: boolean }) {
  const found = useCompanions(known, count)
  if (found && found.own.length + found.others.length === 0)
    return <p className="muted companions-note">No channel fires on the same images.</p>
  return (
    <>
      <CompanionRow
        title="In this layer"
        more="correlation"
        measure="correlation"
        companions={found?.own ?? null}
      />
      {hasOthers && (
        <CompanionRow
          title="In other layers"
          more="correlation"
          measure="correlation"
          companions={found?.others ?? null}
          withLayers
        />
      )}
    </>
  )
}

/** Is null until they are known. */
function useCompanions({ layer, channel, result }: KnownChannel, count: number): Companions | null {
  const { getState } = useAppStore()
  const results = useApp(resultsShown)
  // While a scan runs, it is known to some images more or less.
  const scanned = useApp((state) => (isUnderWay(state.scan) ? step(result.scanned) : result.scanned))
  const [known, setKnown] = useState<{ key: string; found: Companions | null } | null>(null)
  const key = `${layer}/${channel}/${count}`
  useEffect(
    () =>
      untilCleanup(async (signal) => {
        const found = await firesTogether(results, layer, channel, count, signal)
        if (!signal.aborted) setKnown({ key, found })
      }, getState().report),
    [results, layer, channel, count, key, scanned, getState],
  )
  return known?.key === key ? known.found : null
}

/** Changes each time that a number has grown by a quarter. */
function step(images: number): number {
  return Math.floor(Math.log(images) / Math.log(growth))
}

/** Nothing is there for a layer without kernels. */
function Alike({ layer, channel, count }: { layer: string; channel: number; count: number }) {
  const { getState, services } = useAppStore()
  const model = useApp(modelOf)
  const chance = model && cosineByChance(model.network, layer)
  const hasKernels = chance !== null
  const [known, setKnown] = useState<{ key: string; found: readonly Companion[] } | null>(null)
  const key = `${layer}/${channel}/${count}`
  useEffect(() => {
    if (!model || !hasKernels) return
    return untilCleanup(async (signal) => {
      const isScanned = (): boolean => isUnderWay(getState().scan)
      const cosines = await weightsAlike(services.pool, model, layer, channel, isScanned)
      if (!signal.aborted) setKnown({ key, found: cosines ? nearest(layer, cosines, count, channel) : [] })
    }, getState().report)
  }, [model, hasKernels, layer, channel, count, key, services, getState])
  const found = known?.key === key ? known.found : null
  if (!hasKernels || found?.length === 0) return null
  return (
    <CompanionRow
      title="Weights alike"
      more={`cosine · ±${chance.toFixed(2)} by chance`}
      measure="cosine"
      companions={found}
    />
  )
}

/**
 * The standard deviation of the cosine of two kernels that are drawn by lot: 1/√n for n weights. Null if the layer's channels have
 * no kernels.
 */
function cosineByChance(network: Network, name: string): number | null {
  const behind = kernelBehind(
    network,
    network.layers.findIndex((layer) => layer.name === name),
  )
  if (!behind) return null
  const { weights } = network.layers[behind.layer] as SupportedLayer
  return Math.sqrt(behind.layout.channels / elementCount(weights[0]!.shape))
}
