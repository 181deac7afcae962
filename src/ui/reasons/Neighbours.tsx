/** @file Channels of a circuit as two rows, those that excite and those that inhibit: their mosaics, their kernels, a number. */
import { memo, useMemo } from 'react'
import { nameIn } from '../../core/notes/shownNote.ts'
import { kernelPixels } from '../../core/reasons/kernelPixels.ts'
import type { Neighbour } from '../../core/reasons/strongest.ts'
import { inSentence } from '../../core/shownText.ts'
import { useInTurn } from '../common/useInTurn.ts'
import { useRowKeys } from '../common/useRowKeys.ts'
import { usePanelWidth } from '../common/useScreen.ts'
import { ChannelMosaic } from '../mosaic/ChannelMosaic.tsx'
import { useApp } from '../useApp.ts'
import type { NamedChannel, Shown } from './carriers.ts'
import { KernelPicture } from './KernelPicture.tsx'
import { ScanOffer } from './ScanOffer.tsx'

/** A channel with what it is sorted by. */
export interface MeasuredNeighbour extends Neighbour {
  /** Above 0 it excites, below 0 it inhibits. */
  readonly sign: number
  /** The number below it, and what it is. */
  readonly value: number
  readonly measure: string
}

/** CSS pixels between two channels, and how wide one is at least and at most. */
const gap = 6
const [narrowest, widest] = [40, 64]
/** How many stand in a row, if there is room. */
const perRow = 6

interface Props {
  /** Sorted. */
  neighbours: readonly MeasuredNeighbour[]
  /** The end of the scale of all kernels. */
  largest: number
  titles: { readonly excites: string; readonly inhibits: string }
  /** Whether the names of layers are shown. */
  withLayers?: boolean
  /** Where a channel can be looked at; null: nowhere. */
  shownOf: (neighbour: Neighbour) => Shown | null
  /** What it is called, if it is a channel of the picture. */
  nameOf?: (neighbour: Neighbour) => string | null
}

export const Neighbours = memo(function Neighbours({
  neighbours,
  largest,
  titles,
  withLayers = false,
  shownOf,
  nameOf = () => null,
}: Props) {
  const width = usePanelWidth()
  const extent = Math.max(narrowest, Math.min(widest, Math.floor((width + gap) / perRow) - gap))
  const count = Math.max(perRow, Math.floor((width + gap) / (extent + gap)))
  const rows = ([1, -1] as const).map((sign) => {
    const all = neighbours.filter((one) => Math.sign(one.sign) === sign)
    const tiles = all.slice(0, count).map((one) => tileOf(one, shownOf(one), nameOf(one)))
    return { sign, all: all.length, tiles }
  })
  return (
    <>
      {rows.map(({ sign, all, tiles }) => (
        <Row
          key={sign}
          title={sign > 0 ? titles.excites : titles.inhibits}
          all={all}
          tiles={tiles}
          extent={extent}
          largest={largest}
          withLayers={withLayers}
        />
      ))}
      <ScanOffer tiles={rows.flatMap(({ tiles }) => tiles)} />
    </>
  )
})

/** A channel that is on the page. */
export interface NeighbourTile extends MeasuredNeighbour {
  readonly shown: Shown | null
  readonly name: string | null
}

/** A channel of the picture is not scanned for its mosaic. */
function tileOf(one: MeasuredNeighbour, shown: Shown | null, name: string | null): NeighbourTile {
  return { ...one, name, shown: name === null || shown?.isScanned ? shown : null }
}

interface RowProps {
  title: string
  /** How many there are. */
  all: number
  tiles: readonly NeighbourTile[]
  extent: number
  largest: number
  withLayers: boolean
}

/** The row is one stop for Tab; arrow keys lead along it, and Enter opens the channel. */
function Row({ title, all, tiles, extent, largest, withLayers }: RowProps) {
  const items = tiles.length
  const { row, stop, onKeyDown, onFocus } = useRowKeys(items)
  return (
    <div className="neighbours">
      <h4>
        <b>{title}</b>{' '}
        {all === 0 ? 'none' : items < all ? `the strongest ${items} of ${all.toLocaleString('en')}` : all}
      </h4>
      {items > 0 && (
        // The group only handles the keys of its buttons.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
        <div ref={row} role="group" aria-label={title} className="neighbour-row" onKeyDown={onKeyDown}>
          {tiles.map((one, index) => (
            <Tile
              key={`${one.layer}/${one.channel}`}
              neighbour={one}
              extent={extent}
              largest={largest}
              withLayer={withLayers}
              isStop={index === stop}
              onFocus={() => onFocus(index)}
            />
          ))}
        </div>
      )}
    </div>
  )
}

interface TileProps {
  neighbour: NeighbourTile
  extent: number
  largest: number
  withLayer: boolean
  isStop: boolean
  onFocus: () => void
}

function Tile({ neighbour, extent, largest, withLayer, isStop, onFocus }: TileProps) {
  const follow = useApp((state) => state.followChannel)
  const notes = useApp((state) => state.notes)
  const { shown, channel, weights, rows, columns, value, measure, name, rank, norm } = neighbour
  const pixels = useMemo(() => kernelPixels(weights, largest), [weights, largest])
  const number = shown?.channel ?? channel
  const called = shown ? nameIn(notes, shown.layer, shown.channel) : ''
  const label = [
    name ?? `Channel ${withLayer && shown ? `${inSentence(shown.layer)} ` : ''}${number}`,
    called,
    `${formatTerm(value, measure)} ${measure}`,
    `L2 norm ${norm.toPrecision(3)}, number ${rank} by it`,
    shown && !shown.isScanned ? `${inSentence(shown.layer)} has not been scanned` : '',
  ]
    .filter(Boolean)
    .join(', ')
  return (
    <button
      type="button"
      className="neighbour"
      style={{ width: extent }}
      aria-label={label}
      aria-disabled={shown === null || undefined}
      title={label}
      tabIndex={isStop ? 0 : -1}
      onFocus={onFocus}
      onClick={() => {
        if (shown) follow(shown.layer, shown.channel)
      }}
    >
      {shown?.isScanned && <Mosaic {...shown} extent={extent} />}
      <span className="neighbour-kernel" style={{ minHeight: extent }}>
        <KernelPicture rows={rows} columns={columns} pixels={pixels} extent={extent} />
      </span>
      {withLayer && shown && <span className="neighbour-layer">{shown.layer}</span>}
      <span className="neighbour-text">
        <b>{name ?? number}</b> <span>{formatTerm(value, measure)}</span>
      </span>
    </button>
  )
}

const isDue = (): boolean => true

/** It comes in a turn of its own: browsers take a millisecond for the canvas of a mosaic, and a click brings 24 of them. */
function Mosaic({ layer, channel, extent }: NamedChannel & { extent: number }) {
  const isHere = useInTurn(isDue)
  return (
    <span className="neighbour-mosaic" style={{ minHeight: extent }}>
      {isHere && <ChannelMosaic layer={layer} channel={channel} extent={extent} />}
    </span>
  )
}

function formatTerm(value: number, measure: string): string {
  const text = value.toPrecision(3)
  return value > 0 && measure !== normMeasure ? `+${text}` : text.replace('-', '−')
}

/** What the numbers are, if channels are sorted by their weights. */
export const normMeasure = 'L2 norm'
