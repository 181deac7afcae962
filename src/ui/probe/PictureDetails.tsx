/** @file A picture, what the network answers to it, and beside it the channels that fire there. */
import { type ReactNode, type Ref, useCallback, useEffect, useMemo, useState } from 'react'
import { Button } from 'react-aria-components'
import { untilCleanup } from '../common/untilCleanup.ts'
import { useApp, useAppStore } from '../useApp.ts'
import { ChannelOverPicture, type ShownMap } from './ChannelOverPicture.tsx'
import { FiringChannels } from './FiringChannels.tsx'
import { Outputs } from './Outputs.tsx'
import { type ChannelAt, type LookedAt, LookedAtContext, type Spot } from './probingContext.ts'
import { type Brush, ProbedPicture } from './ProbedPicture.tsx'
import type { Probing } from './useProbe.ts'

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
  near,
  children,
  facts,
}: Props) {
  const { probe, seen, order, layers } = probing
  const problem = probing.problem ?? unshown
  const [spot, setSpot] = useState<Spot | null>(null)
  const [channel, setChannel] = useState<ChannelAt | null>(null)
  const onChannel = useCallback((next: ChannelAt | null) => setChannel(next), [])
  const map = useMap(probing, channel)
  const isBrush = brush !== null
  const lookedAt = useMemo(
    (): LookedAt | null =>
      seen && order && size && { probe, seen, order, size, spot: isBrush ? null : spot, onChannel, near },
    [probe, seen, order, size, spot, isBrush, onChannel, near],
  )
  return (
    <section className="probe-body" aria-label="Image details">
      <div className="probe-side">
        {children}
        <ProbedPicture canvas={canvas} size={size} spot={spot} onSpot={setSpot} brush={brush}>
          {map && size && <ChannelOverPicture {...map} size={size} />}
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

/** The map of the channel that is pointed at, in the picture that was seen last. */
function useMap({ probe, seen }: Probing, wanted: ChannelAt | null): ShownMap | null {
  const { getState } = useAppStore()
  const network = useApp((state) => state.model?.network)
  const [map, setMap] = useState<ShownMap | null>(null)
  useEffect(() => {
    if (!seen || !wanted) return
    return untilCleanup(async (signal) => {
      const found = await probe.map(seen, wanted.layer, wanted.channel)
      if (!signal.aborted && found) setMap({ ...wanted, map: found })
    }, getState().report)
  }, [probe, seen, wanted, getState])
  const holds = map && wanted && network && map.layer === wanted.layer && map.channel === wanted.channel
  return holds ? map : null
}
