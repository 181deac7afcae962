/** @file A row of channels that are near to the open one, as small mosaics with the number that says how near; each opens. */
import { nameIn } from '../../../core/notes/shownNote.ts'
import { inSentence } from '../../../core/shownText.ts'
import type { Companion } from '../../../state/scan/firesTogether.ts'
import { Name } from '../../common/Name.tsx'
import { useRowKeys } from '../../common/useRowKeys.ts'
import { useApp } from '../../useApp.ts'
import { ChannelMosaic } from '../ChannelMosaic.tsx'

/** CSS pixels: of a mosaic, and between two. */
const extent = 60
const gap = 6

/** How many of them fit into so many CSS pixels. */
export function companionsIn(width: number): number {
  return Math.max(3, Math.floor((width + gap) / (extent + gap)))
}

interface Props {
  title: string
  /** A text behind the title. */
  more: string
  /** What the numbers are. */
  measure: string
  /** Nearest first; null while they are looked for, which leaves their room. */
  companions: readonly Companion[] | null
  /** Whether the names of their layers are shown. */
  withLayers?: boolean
  format?: (value: number) => string
}

/** The row is one stop for Tab; arrow keys lead along it, and Enter opens the channel. */
export function CompanionRow({
  title,
  more,
  measure,
  companions,
  withLayers = false,
  format = (value) => value.toFixed(2),
}: Props) {
  const follow = useApp((state) => state.followChannel)
  const notes = useApp((state) => state.notes)
  const items = companions?.length ?? 0
  const { row, stop, onKeyDown, onFocus } = useRowKeys(items)

  if (items === 0 && companions) return null
  return (
    <div className="companions" data-layers={withLayers || undefined}>
      <h4>
        <b>{title}</b> {more}
      </h4>
      {/* The group only handles the keys of its buttons. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <div ref={row} role="group" aria-label={title} className="companion-row" onKeyDown={onKeyDown}>
        {companions?.map((companion, index) => (
          <button
            key={`${companion.layer}/${companion.channel}`}
            type="button"
            className="companion"
            aria-label={nameOf(companion, measure, withLayers, format)}
            title={[
              nameIn(notes, companion.layer, companion.channel),
              nameOf(companion, measure, withLayers, format),
            ]
              .filter(Boolean)
              .join('\n')}
            tabIndex={index === stop ? 0 : -1}
            onFocus={() => onFocus(index)}
            onClick={() => follow(companion.layer, companion.channel)}
          >
            <ChannelMosaic layer={companion.layer} channel={companion.channel} extent={extent} />
            {withLayers && (
              <span className="companion-layer">
                <Name>{companion.layer}</Name>
              </span>
            )}{' '}
            <span>
              <b>{companion.channel}</b> {format(companion.value)}
            </span>
          </button>
        ))}
      </div>
    </div>
  )
}

/** It holds what is seen, in the same order, for people who speak to their computer. */
function nameOf(
  { layer, channel, value }: Companion,
  measure: string,
  withLayer: boolean,
  format: (value: number) => string,
): string {
  return `Channel ${withLayer ? `${inSentence(layer)} ` : ''}${channel}, ${format(value)} ${measure}`
}
