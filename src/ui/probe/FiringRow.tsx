/** @file The channels of one layer that fire in the picture, or those of all layers, rarest first. */
import { type KeyboardEvent, memo, useCallback, useEffect, useRef, useState } from 'react'
import { Button } from 'react-aria-components'
import type { FiringChannel } from '../../core/scan/firingChannels.ts'
import { inSentence } from '../../core/shownText.ts'
import { LayerName } from '../model/LayerName.tsx'
import { useApp } from '../useApp.ts'
import { FiringTile } from './FiringTile.tsx'
import { type LookedAt, useLookedAt } from './probingContext.ts'
import { useAllRanking } from './useAllRanking.ts'
import { useRanking } from './useRanking.ts'

/** How many lines of tiles come with each press of the button. */
const linesMore = 3

interface RowProps {
  /** The number of tiles in a line. */
  perLine: number
}

export const LayerRow = memo(function LayerRow({ index, perLine }: RowProps & { index: number }) {
  const { near, spot, onChannel, chosen, onChoose } = useLookedAt()
  const name = useApp((state) => state.model!.network.layers[index]!.name)
  const row = useRef<HTMLLIElement>(null)
  const [isNear, setNear] = useState(false)
  useEffect(() => {
    const observer = new IntersectionObserver(
      ([entry]) => {
        const now = entry!.isIntersecting
        if (now) near.add(index)
        else near.delete(index)
        setNear(now)
      },
      { rootMargin: '160px' },
    )
    observer.observe(row.current!)
    return () => {
      observer.disconnect()
      near.delete(index)
    }
  }, [near, index])
  const ranking = useRanking(index, isNear)
  const indexOf = useCallback(() => index, [index])
  return (
    <li ref={row} className="firing-row">
      <h3>
        <LayerName name={name} />
      </h3>
      {ranking ? (
        <Tiles
          label={name}
          ranking={ranking}
          perLine={perLine}
          indexOf={indexOf}
          onChannel={onChannel}
          chosen={chosen?.layer === index ? chosen : null}
          onChoose={onChoose}
        />
      ) : (
        <p className="firing-empty muted">
          {spot && isNear ? 'Its units see the whole picture: they lie at no spot.' : ''}
        </p>
      )}
    </li>
  )
})

export const AllRow = memo(function AllRow({ layers, perLine }: RowProps & { layers: readonly number[] }) {
  const { order, spot, onChannel, chosen, onChoose } = useLookedAt()
  // A camera's pictures are looked at in the layers that are near the screen.
  const isPart = layers.some((layer) => !order.maxima.has(layer))
  const network = useApp((state) => state.model!.network)
  const ranking = useAllRanking(layers, perLine * (1 + linesMore))
  const indexOf = useCallback(
    (one: FiringChannel) => network.layers.findIndex(({ name }) => name === one.layer),
    [network],
  )
  return (
    <li className="firing-row" data-all>
      <h3>{isPart ? 'Layers in view' : 'All layers'}</h3>
      {ranking ? (
        <Tiles
          label="all layers"
          ranking={ranking}
          perLine={perLine}
          withLayer
          indexOf={indexOf}
          onChannel={onChannel}
          chosen={chosen}
          onChoose={onChoose}
        />
      ) : (
        <p className="firing-empty muted">{spot ? 'A click holds the spot.' : ''}</p>
      )}
    </li>
  )
})

interface TilesProps extends RowProps {
  label: string
  ranking: readonly FiringChannel[]
  indexOf: (firing: FiringChannel) => number
  onChannel: LookedAt['onChannel']
  chosen: LookedAt['chosen']
  onChoose: LookedAt['onChoose']
  withLayer?: boolean
}

/** A spot that moves changes the context of all rows; tiles follow when their layer has been ranked again. */
const Tiles = memo(function Tiles({
  label,
  ranking,
  perLine,
  indexOf,
  onChannel,
  chosen,
  onChoose,
  withLayer = false,
}: TilesProps) {
  const [lines, setLines] = useState(1)
  const [stop, setStop] = useState(0)
  const list = useRef<HTMLDivElement>(null)
  const shown = ranking.slice(0, lines * perLine)
  const left = ranking.length - shown.length
  const onKeyDown = (event: KeyboardEvent): void => {
    const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: perLine, ArrowUp: -perLine }[event.key]
    if (by === undefined || event.altKey || event.ctrlKey || event.metaKey) return
    event.preventDefault()
    event.stopPropagation()
    const to = Math.min(Math.max(Math.min(stop, shown.length - 1) + by, 0), shown.length - 1)
    setStop(to)
    list.current?.querySelectorAll<HTMLElement>('.firing-tile')[to]?.focus()
  }
  return (
    <>
      {/* The group only handles the keys of its buttons, which are one stop for Tab. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <div
        ref={list}
        className="firing-tiles"
        role="group"
        aria-label={`Channels of ${inSentence(label)}, rarest value first`}
        onKeyDown={onKeyDown}
      >
        {shown.map((firing, i) => (
          <FiringTile
            key={`${firing.layer}/${firing.channel}`}
            firing={firing}
            index={indexOf(firing)}
            onChannel={onChannel}
            isChosen={
              chosen !== null && chosen.channel === firing.channel && chosen.layer === indexOf(firing)
            }
            onChoose={onChoose}
            isStop={i === Math.min(stop, shown.length - 1)}
            withLayer={withLayer}
          />
        ))}
      </div>
      {left > 0 && (
        <Button className="button quiet firing-more" onPress={() => setLines((now) => now + linesMore)}>
          {withLayer ? 'More' : `${left.toLocaleString('en')} more`}
          <span className="visually-hidden"> channels of {inSentence(label)}</span>
        </Button>
      )}
    </>
  )
})
