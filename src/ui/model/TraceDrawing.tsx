/** @file The drawing of an ur-patch: a sheet for each map from the image to the unit, with the region that is seen. */
import type { MouseEvent } from 'react'
import type { Network, Pair, SupportedLayer } from '../../core/model/network.ts'
import type { Box } from '../../core/model/receptiveField.ts'
import { inSentence } from '../../core/shownText.ts'
import { formatExtent, formatShape } from '../common/format.ts'
import { drawTrace, type Point, positionOn, seatOn } from './traceGeometry.ts'
import { regionSize, type TraceGroup } from './traceGroups.ts'

interface Props {
  network: Network
  groups: readonly TraceGroup[]
  /** A sentence that says what the drawing shows. */
  label: string
  /** The part of the input that the unit stands for, if it sees all of it. */
  seat: Box | null
  /** The address of the picture on the input's sheet. */
  picture: string | null
  /** Called when the user has clicked on one of the maps, with the position as parts of its rows and columns, 0…1. */
  onPoint: ((position: Pair) => void) | null
}

export function TraceDrawing({ network, groups, label, seat, picture, onPoint }: Props) {
  const [rows, columns] = network.inputShape
  const { width, height, pitch, sheets, above, below } = drawTrace(groups, [rows, columns])
  const point = (event: MouseEvent<SVGSVGElement>): void => {
    const { left, top } = event.currentTarget.getBoundingClientRect()
    const at: Point = [event.clientX - left, event.clientY - top]
    // The sheets in front are drawn last, so the search begins with the last one.
    const position = sheets
      .toReversed()
      .reduce<Pair | null>((found, sheet) => found ?? positionOn(sheet, at), null)
    if (position) onPoint?.(position)
  }
  return (
    // A long drawing scrolls. To scroll by keyboard, it must be able to have the focus.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="trace-scroll" tabIndex={0} role="group" aria-label="Drawing of the receptive field">
      {/* For the keyboard there are the fields above. */}
      {/* oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions */}
      <svg
        className="trace"
        width={width}
        height={height}
        role="img"
        aria-label={label}
        data-pointed={onPoint !== null || undefined}
        onClick={point}
      >
        {sheets.map(({ corners, seen, outline, hangs, matrix, centre }, i) => {
          const group = groups[i]!
          return (
            <g key={group.layers[0]}>
              <title>{group.layers.map((layer) => inSentence(network.layers[layer]!.name)).join(', ')}</title>
              <polygon className="trace-sheet" points={points(corners)} />
              {i === 0 && picture && (
                <image href={picture} width={1} height={1} preserveAspectRatio="none" transform={matrix} />
              )}
              {sheets[i - 1]?.outline.map(([fromX, fromY], corner) => {
                const [x, y] = outline[corner]!
                return (
                  // oxlint-disable-next-line react/no-array-index-key -- a corner is its number
                  <line key={corner} className="trace-line" x1={fromX} y1={fromY} x2={x} y2={y} />
                )
              })}
              {seen && (
                <polygon
                  className={i === 0 && picture ? 'trace-framed' : 'trace-seen'}
                  points={points(seen)}
                />
              )}
              {i === 0 && seat && <Seat corners={seatOn({ corners }, seat, [rows, columns])} />}
              {hangs && <polygon className="trace-hanging" points={points(outline)} />}
              <text className="trace-size" x={centre} y={above}>
                {group.region.whole ? 'whole' : formatExtent(regionSize(group.region))}
              </text>
              <Caption
                network={network}
                group={group}
                isLast={i === sheets.length - 1}
                x={centre}
                y={below}
                letters={Math.floor(pitch / 7.4)}
              />
            </g>
          )
        })}
      </svg>
    </div>
  )
}

function Seat({ corners }: { corners: readonly Point[] }) {
  return (
    <g className="trace-seat">
      <polygon className="trace-seat-halo" points={points(corners)} />
      <polygon points={points(corners)} />
    </g>
  )
}

interface CaptionProps {
  network: Network
  group: TraceGroup
  /** Whether this is the group of the traced unit; it is named after that unit's layer, which is its last one. */
  isLast: boolean
  x: number
  y: number
  letters: number
}

function Caption({ network, group: { layers, joins }, isLast, x, y, letters }: CaptionProps) {
  const named = network.layers[isLast ? layers.at(-1)! : layers[0]!] as SupportedLayer
  const others = layers.slice(1)
  const lines = [
    endOf(named.name, letters),
    formatShape(named.shape),
    joins > 1 ? `joins ${joins} branches` : '',
    others.length > 0 ? `+ ${others.length} of the same` : '',
  ].filter(Boolean)
  return (
    <text className="trace-caption" x={x} y={y}>
      {lines.map((line, i) => (
        <tspan key={line} className={i === 0 ? 'trace-name' : undefined} x={x} dy={i === 0 ? 0 : 15}>
          {line}
        </tspan>
      ))}
    </text>
  )
}

/** Shortens a name to so many letters. Its end is kept, because that tells layers apart. */
function endOf(name: string, letters: number): string {
  return name.length <= letters ? name : `…${name.slice(1 - letters)}`
}

function points(corners: readonly Point[]): string {
  return corners.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ')
}
