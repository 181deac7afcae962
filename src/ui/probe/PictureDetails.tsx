/** @file A picture, what the network answers to it, and beside it the channels that fire there. */
import { lazy, type ReactNode, type Ref, Suspense, useCallback, useEffect, useMemo, useState } from 'react'
import { Button } from 'react-aria-components'
import type { Pair } from '../../core/model/network.ts'
import type { Seen } from '../../state/probe/pictureProbe.ts'
import { untilCleanup } from '../common/untilCleanup.ts'
import { useApp, useAppStore } from '../useApp.ts'
import { ChannelOverPicture, type ShownMap } from './ChannelOverPicture.tsx'
import { FiringChannels } from './FiringChannels.tsx'
import { Outputs } from './Outputs.tsx'
import { type ChannelAt, type LookedAt, LookedAtContext, type Spot } from './probingContext.ts'
import { type Brush, ProbedPicture } from './ProbedPicture.tsx'
import type { Probing } from './useProbe.ts'
import { unitAtSpot } from './useRanking.ts'

const PictureAttribution = lazy(() => import('./PictureAttribution.tsx'))

interface Props {
  probing: Probing
  /** A sentence that says why the picture cannot be shown. */
  unshown?: string | null
  canvas: Ref<HTMLCanvasElement>
  /** The size of the picture that is shown; null until there is one. */
  size: LookedAt['size'] | null
  /** The number of the picture in the set; null if it is of none. */
  image: number | null
  /** Is null if nothing is drawn. */
  brush?: Brush | null
  /** Another picture comes all the time. */
  isLive?: boolean
  near: Set<number>
  /** Stands above the picture. */
  children?: ReactNode
  /** Stands below it. */
  facts?: ReactNode
}

export function PictureDetails({
  probing,
  unshown = null,
  canvas,
  size,
  image,
  brush = null,
  isLive = false,
  near,
  children,
  facts,
}: Props) {
  const { probe, seen, order, layers } = probing
  const problem = probing.problem ?? unshown
  const [spot, setSpot] = useState<Spot | null>(null)
  const [channel, setChannel] = useState<ChannelAt | null>(null)
  const onChannel = useCallback((next: ChannelAt | null) => setChannel(next), [])
  const [chosen, onChoose] = useState<ChannelAt | null>(null)
  const explained = isLive ? null : chosen
  const pointedMap = useMap(probing, channel)
  const explainedMap = useMap(probing, explained)
  const map = channel ? pointedMap : explainedMap
  const isBrush = brush !== null
  const unit = useChosenUnit(explained, isBrush ? null : spot, size)
  const lookedAt = useMemo(
    (): LookedAt | null =>
      seen &&
      order &&
      size && {
        probe,
        seen,
        order,
        size,
        spot: isBrush ? null : spot,
        onChannel,
        chosen: explained,
        onChoose: isLive ? null : onChoose,
        near,
      },
    [probe, seen, order, size, spot, isBrush, onChannel, explained, isLive, near],
  )
  return (
    <section className="probe-body" aria-label="Image details">
      <div className="probe-side">
        {children}
        <ProbedPicture canvas={canvas} size={size} spot={spot} onSpot={setSpot} brush={brush}>
          {map && size && (
            <ChannelOverPicture {...map} size={size} unit={map === explainedMap ? unit : null} />
          )}
        </ProbedPicture>
        {problem !== null && (
          <p className="probe-problem" role="alert">
            {problem}
          </p>
        )}
        {spot?.isPinned && !brush && (
          <p className="probe-spot" role="status">
            The list is about a spot.
            <Button className="button" onPress={() => setSpot(null)}>
              Whole picture
            </Button>
          </p>
        )}
        {explainedMap && (
          <Suspense>
            <PictureAttribution {...explainedMap} unit={unit} onClose={() => onChoose(null)} />
          </Suspense>
        )}
        {facts}
        {lookedAt && (
          <LookedAtContext value={lookedAt}>
            <Outputs image={image} />
          </LookedAtContext>
        )}
      </div>
      {lookedAt ? (
        <LookedAtContext value={lookedAt}>
          <FiringChannels layers={layers} />
        </LookedAtContext>
      ) : (
        <div className="firing" aria-busy={size !== null && problem === null} />
      )}
    </section>
  )
}

/** The unit of the chosen channel at the spot that is held; null if there is none, which stands for the strongest one. */
function useChosenUnit(
  chosen: ChannelAt | null,
  spot: Spot | null,
  size: LookedAt['size'] | null,
): Pair | null {
  const network = useApp((state) => state.model?.network)
  const preprocessing = useApp((state) => state.preprocessing)
  return useMemo(
    () =>
      network && chosen && spot?.isPinned && size
        ? unitAtSpot(network, chosen.layer, spot, { size }, preprocessing)
        : null,
    [network, chosen, spot, size, preprocessing],
  )
}

/** The map of a channel, in the picture that was seen last. */
function useMap({ probe, seen }: Probing, wanted: ChannelAt | null): (ShownMap & { seen: Seen }) | null {
  const { getState } = useAppStore()
  const network = useApp((state) => state.model?.network)
  const [map, setMap] = useState<(ShownMap & { seen: Seen }) | null>(null)
  useEffect(() => {
    if (!seen || !wanted) return
    return untilCleanup(async (signal) => {
      const found = await probe.map(seen, wanted.layer, wanted.channel)
      if (!signal.aborted && found) setMap({ ...wanted, map: found, seen })
    }, getState().report)
  }, [probe, seen, wanted, getState])
  const holds = map && wanted && network && map.layer === wanted.layer && map.channel === wanted.channel
  return holds ? map : null
}
