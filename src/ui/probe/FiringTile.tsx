/** @file A channel that fires in the picture: its mosaic, and how rare its value is. */
import { ScanSearch } from 'lucide-react'
import { memo, type ReactNode } from 'react'
import type { FiringChannel } from '../../core/scan/firingChannels.ts'
import { inSentence } from '../../core/shownText.ts'
import { nameOfChannel } from '../../state/selectors/notes.ts'
import { ChannelMosaic } from '../mosaic/ChannelMosaic.tsx'
import { Name } from '../common/Name.tsx'
import { useApp } from '../useApp.ts'
import { detailText, firingText, rankText } from './percentileText.ts'
import type { LookedAt } from './probingContext.ts'

/** CSS pixels. */
export const tileExtent = 76

interface Props {
  firing: FiringChannel
  /** Index of its layer. */
  index: number
  onChannel: LookedAt['onChannel']
  /** Its pixels are explained. */
  isChosen: boolean
  onChoose: LookedAt['onChoose']
  isStop: boolean
  /** Whether the layer stands beside the number. */
  withLayer: boolean
}

export const FiringTile = memo(function FiringTile({
  firing,
  index,
  onChannel,
  isChosen,
  onChoose,
  isStop,
  withLayer,
}: Props) {
  const { layer, channel } = firing
  const follow = useApp((state) => state.followChannel)
  const name = useApp((state) => nameOfChannel(state, layer, channel))
  const shown = { layer: index, channel }
  const tile = (
    <button
      type="button"
      className="firing-tile"
      title={[name, firingText(firing)].filter(Boolean).join('\n')}
      tabIndex={isStop ? 0 : -1}
      onPointerEnter={() => onChannel(shown)}
      onPointerLeave={() => onChannel(null)}
      onFocus={() => onChannel(shown)}
      onBlur={() => onChannel(null)}
      onClick={() => follow(layer, channel)}
    >
      <span className="firing-mosaic" aria-hidden>
        <ChannelMosaic layer={layer} channel={channel} extent={tileExtent} />
      </span>
      <span className="firing-bar" aria-hidden>
        <span style={{ width: `${100 * (firing.percentile?.from ?? firing.share)}%` }} />
      </span>
      {/* All of it is the button's name; what does not fit below the mosaic is for screen readers. */}
      <span className="firing-caption">
        <b>
          <Unseen>Channel </Unseen>
          {channel}
        </b>
        {name && <Unseen>, {name},</Unseen>}
        <Unseen> of </Unseen>
        <span className={withLayer ? 'firing-layer muted' : 'visually-hidden'}>
          <Name>{layer}</Name>
        </span>
        <Unseen>: </Unseen>
        <span className="firing-rank muted">{rankText(firing)}</span>
        <Unseen>, {detailText(firing)}</Unseen>
      </span>
    </button>
  )
  return (
    <div className="firing-cell">
      {tile}
      {onChoose && (
        <button
          type="button"
          className="firing-why"
          title="Which pixels excite it"
          aria-label={`Attribution of channel ${channel} of ${inSentence(layer)}`}
          aria-pressed={isChosen}
          tabIndex={isStop ? 0 : -1}
          onClick={() => onChoose(isChosen ? null : shown)}
        >
          <ScanSearch size={14} aria-hidden />
        </button>
      )}
    </div>
  )
})

function Unseen({ children }: { children: ReactNode }) {
  return <span className="visually-hidden">{children}</span>
}
