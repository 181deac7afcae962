/**
 * @file One channel: its name, the way to the next one, and the sections with all that is known of it; in the panel, as a
 * page on narrow screens, or over the full width of the workbench.
 */
import { ChevronLeft, ChevronRight, Link2, Maximize2, Minimize2, X } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { inSentence } from '../../core/shownText.ts'
import { channelCount } from '../../core/model/network.ts'
import type { AppState } from '../../state/appState.ts'
import { copiedText, linkTo } from '../../state/selectors/links.ts'
import { modelOf } from '../../state/selectors/shown.ts'
import { IconButton } from '../common/IconButton.tsx'
import { PanelWidth, useLargestPicture, usePageWidth, useScreen } from '../common/useScreen.ts'
import { LayerName } from '../model/LayerName.tsx'
import { ChannelName } from '../notes/ChannelName.tsx'
import { TourStop } from '../tour/TourStop.tsx'
import { useApp, useAppStore } from '../useApp.ts'
import { sections } from './sections/index.ts'
import { pictureGap } from './sections/pictures.tsx'
import { FollowChannel, Sections } from './sections/Sections.tsx'
import type { OpenChannel } from './sections/section.ts'
import { useChosenPatch } from './useChosenPatch.ts'
import { useShownChannels } from './useShownChannels.ts'

export function ChannelPanel() {
  const store = useAppStore()
  const layer = useApp((state) => state.layer)!
  const channel = useApp((state) => state.channel)!
  const channels = useShownChannels()
  const showChannel = useApp((state) => state.showChannel)
  const showFull = useApp((state) => state.showFull)
  const isWide = useScreen() !== 'narrow'
  const isFull = useApp((state) => state.full) && isWide
  const label = useApp(outputLabel)
  const chosen = useChosenPatch()
  const { patches, rank } = chosen

  const step = (by: number): void => {
    const next = channels[channels.indexOf(channel) + by]
    if (next !== undefined) showChannel(next)
  }
  const at = channels.indexOf(channel)
  useArrowKeys({
    ArrowLeft: () => step(-1),
    ArrowRight: () => step(1),
    ArrowUp: () => store.getState().showPatch(Math.max(0, rank - 1)),
    ArrowDown: () => store.getState().showPatch(Math.min(patches.length - 1, rank + 1)),
    Enter: () => showFull(isWide),
    Escape: () => (isFull ? showFull(false) : showChannel(null)),
  })

  const swipe = useSwipe(step)

  const copyLink = (): void => {
    navigator.clipboard
      .writeText(linkTo(store.getState(), location.href))
      .then(() => store.getState().notify('info', copiedText(store.getState())), store.getState().report)
  }

  return (
    <section className="channel" aria-label="Channel details" data-full={isFull || undefined} {...swipe}>
      <div className="panel-head">
        <div className="channel-title">
          <h2>Channel {channel}</h2>
          {label !== null && (
            <span className="channel-output" title={`${inSentence(label)}: as the model calls this output`}>
              {label}
            </span>
          )}
          <span className="muted channel-layer" title={layer}>
            <LayerName name={layer} />
          </span>
        </div>
        <IconButton label="Copy link" hint="To this channel" onPress={copyLink}>
          <Link2 size={16} />
        </IconButton>
        <IconButton label="Previous channel" hint="Key ←" isUnavailable={at <= 0} onPress={() => step(-1)}>
          <ChevronLeft size={18} />
        </IconButton>
        <IconButton
          label="Next channel"
          hint="Key →"
          isUnavailable={at < 0 || at >= channels.length - 1}
          onPress={() => step(1)}
        >
          <ChevronRight size={18} />
        </IconButton>
        {isWide && (
          <IconButton
            label={isFull ? 'Beside the mosaics' : 'Full width'}
            hint={isFull ? 'Key Esc' : 'Key Enter'}
            onPress={() => showFull(!isFull)}
          >
            {isFull ? <Minimize2 size={16} /> : <Maximize2 size={16} />}
          </IconButton>
        )}
        <IconButton
          label="Close"
          hint={isFull ? 'Also the panel' : 'Key Esc'}
          onPress={() => showChannel(null)}
        >
          <X size={18} />
        </IconButton>
      </div>
      <ChannelName layer={layer} channel={channel} />
      <TourStop anchor="channel" />
      <TourStop anchor="patch" />
      <FollowChannel>
        {isFull ? (
          <Columns open={{ layer, channel, ...chosen }} />
        ) : (
          <Sections sections={sections} open={{ layer, channel, ...chosen }} />
        )}
      </FollowChannel>
    </section>
  )
}

const main = sections.filter(({ aside }) => !aside)
const aside = sections.filter((section) => section.aside)

/** CSS pixels: the margins of the page with its scroll bar, and the room between the columns. */
const margins = 48
const columnGap = 32
/** The largest share of the wide column, and the widest that the narrow one becomes. */
const wideShare = 0.66
const widestAside = 640

/** The sections on the full page: in a wide column and a narrow one. */
function Columns({ open }: { open: OpenChannel }) {
  const room = usePageWidth() - margins - columnGap
  const ofMain = Math.min(Math.floor(room * wideShare), 2 * useLargestPicture() + pictureGap)
  const ofAside = Math.min(room - ofMain, widestAside)
  return (
    <div className="channel-columns" style={{ gap: columnGap }}>
      {([main, aside] as const).map((list) => {
        const width = list === main ? ofMain : ofAside
        return (
          <div key={list === main ? 'main' : 'aside'} className="channel-column" style={{ width }}>
            <PanelWidth value={width}>
              <Sections sections={list} open={open} />
            </PanelWidth>
          </div>
        )
      })}
    </div>
  )
}

/** The name of what the shown channel of the last layer stands for, if the model's files have it, as Teachable Machine's do. */
function outputLabel(state: AppState): string | null {
  const { layer, channel } = state
  const model = modelOf(state)
  const last = model?.network.layers.at(-1)
  if (!model?.labels || channel === null || !last || last.op === null || last.name !== layer) return null
  return model.labels.length === channelCount(last.shape) ? model.labels[channel]! : null
}

/** How many CSS pixels a finger has to move to the side, and may move up or down meanwhile. */
const swipeAcross = 60
const swipeAlong = 50

/** A swipe to the left leads to the next channel, one to the right to the channel before. */
function useSwipe(
  step: (by: number) => void,
): Pick<React.HTMLAttributes<HTMLElement>, 'onTouchStart' | 'onTouchEnd'> {
  const from = useRef<readonly [number, number] | null>(null)
  return {
    onTouchStart({ touches }) {
      const touch = touches[0]
      from.current = touch && touches.length === 1 ? [touch.clientX, touch.clientY] : null
    },
    onTouchEnd({ changedTouches }) {
      const touch = changedTouches[0]
      if (!touch || !from.current) return
      const [x, y] = from.current
      from.current = null
      const across = touch.clientX - x
      if (Math.abs(across) > swipeAcross && Math.abs(touch.clientY - y) < swipeAlong)
        step(across < 0 ? 1 : -1)
    },
  }
}

/** Does what belongs to a key, unless something has the focus that uses the keys itself. */
function useArrowKeys(actions: Readonly<Record<string, () => void>>): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      const action = actions[event.key]
      if (!action || event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return
      const target = event.target as HTMLElement
      if (event.key === 'Enter' && target.closest('button, a')) return
      if (
        target.closest('input, select, textarea, [role=grid], [role=listbox], [role=menu], [role=dialog]')
      ) {
        if (event.key !== 'Escape' || target.closest('[role=menu], [role=dialog], [role=listbox]')) return
      }
      event.preventDefault()
      action()
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  })
}
