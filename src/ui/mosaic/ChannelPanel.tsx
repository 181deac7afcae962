/** @file One channel: its large mosaic, and the chosen patch in its image with all that is known of it. */
import { ChevronLeft, ChevronRight, Link2, X } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { channelCount } from '../../core/model/network.ts'
import type { AppState } from '../../state/appState.ts'
import { copiedText, linkTo } from '../../state/selectors/links.ts'
import type { Patch } from '../../state/mosaic/patches.ts'
import { isWhole } from '../../state/scan/coverage.ts'
import { isUnderWay } from '../../state/scan/scanPhase.ts'
import { inputShapeOf, modelOf, resultOf } from '../../state/selectors/shown.ts'
import { formatActivation, formatExtent } from '../common/format.ts'
import { IconButton } from '../common/IconButton.tsx'
import { usePanelWidth } from '../common/useScreen.ts'
import { LayerName } from '../model/LayerName.tsx'
import { NoPicture } from '../results/NoPicture.tsx'
import { useHasPicture, useNames } from '../results/useNames.ts'
import { TourStop } from '../tour/TourStop.tsx'
import { useApp, useAppStore } from '../useApp.ts'
import { ChannelStatistics } from './sections/Sections.tsx'
import { LargeMosaic } from './LargeMosaic.tsx'
import { PatchInImage } from './PatchInImage.tsx'
import { PatchProof } from './PatchProof.tsx'
import { useChosenPatch } from './useChosenPatch.ts'
import { useShownChannels } from './useShownChannels.ts'

/** CSS pixels between the large mosaic and the image beside it. */
const gap = 8

export function ChannelPanel() {
  const store = useAppStore()
  const layer = useApp((state) => state.layer)!
  const channel = useApp((state) => state.channel)!
  const channels = useShownChannels()
  const showChannel = useApp((state) => state.showChannel)
  const label = useApp(outputLabel)
  const { patches, rank, patch } = useChosenPatch()
  const hasPicture = useHasPicture()
  const extent = Math.floor((usePanelWidth() - gap) / 2)

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
    Escape: () => showChannel(null),
  })

  const swipe = useSwipe(step)

  const copyLink = (): void => {
    navigator.clipboard
      .writeText(linkTo(store.getState(), location.href))
      .then(() => store.getState().notify('info', copiedText(store.getState())), store.getState().report)
  }

  return (
    <section className="channel" aria-label="Channel details" {...swipe}>
      <div className="panel-head">
        <h2>Channel {channel}</h2>
        {label !== null && (
          <span className="channel-output" title={`${label}: as the model calls this output`}>
            {label}
          </span>
        )}
        <span className="muted channel-layer" title={layer}>
          <LayerName name={layer} />
        </span>
        <span className="spacer" />
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
        <IconButton label="Close" hint="Key Esc" onPress={() => showChannel(null)}>
          <X size={18} />
        </IconButton>
      </div>
      <TourStop anchor="channel" />
      <TourStop anchor="patch" />
      <div className="channel-pictures">
        <LargeMosaic layer={layer} channel={channel} patches={patches} rank={rank} extent={extent} />
        {patch && hasPicture(patch.image) && <PatchInImage patch={patch} extent={extent} />}
        {patch && !hasPicture(patch.image) && <NoPicture extent={extent} />}
      </div>
      {patch ? <PatchCaption patch={patch} rank={rank} count={patches.length} /> : <NoPatch />}
      <ChannelStatistics numbers={patch && <PatchNumbers patch={patch} />} />
    </section>
  )
}

/** What the shown channel stands for, where the file tells: of the last layer, as Teachable Machine's metadata does. */
function outputLabel(state: AppState): string | null {
  const { layer, channel } = state
  const model = modelOf(state)
  const last = model?.network.layers.at(-1)
  if (!model?.labels || channel === null || !last || last.op === null || last.name !== layer) return null
  return model.labels.length === channelCount(last.shape) ? model.labels[channel]! : null
}

/** Which image it is and how strongly it excites, and what can be done with it. */
function PatchCaption({ patch, rank, count }: { patch: Patch; rank: number; count: number }) {
  const { pathOf, classOf } = useNames()
  const isOpen = useHasPicture()(patch.image)
  const isRun = useApp((state) => modelOf(state) !== null)
  const path = pathOf(patch.image)
  const className = classOf(patch.image)
  return (
    <>
      <div className="patch-caption">
        <p>
          <b>{formatActivation(patch.activation)}</b>{' '}
          <span className="muted">{rank < 0 ? '· not of the top' : `· ${rank + 1} of ${count}`}</span>
        </p>
        <p className="path" title={path}>
          {path}
          {className !== null && !path.includes(className) && <span className="muted"> {className}</span>}
        </p>
      </div>
      {isRun && isOpen && <PatchProof patch={patch} />}
    </>
  )
}

function PatchNumbers({ patch: { image, activation, unit, box } }: { patch: Patch }) {
  const { pathOf, classOf } = useNames()
  const className = classOf(image)
  const [top, left, bottom, right] = box
  const [height, width] = useApp(inputShapeOf)!
  const isClipped = top < 0 || left < 0 || bottom > height || right > width
  return (
    <dl className="facts">
      <dt>Image</dt>
      <dd>{pathOf(image)}</dd>
      {className !== null && (
        <>
          <dt>Class</dt>
          <dd>{className}</dd>
        </>
      )}
      <dt>Activation</dt>
      <dd>{formatActivation(activation)}</dd>
      <dt>Unit</dt>
      <dd>
        row {unit[0]}, column {unit[1]}
      </dd>
      <dt>Patch</dt>
      <dd>
        {formatExtent([bottom - top, right - left])} at row {top}, column {left}
        {isClipped && <span className="muted"> · clipped at the edge of the image</span>}
      </dd>
    </dl>
  )
}

function NoPatch() {
  const layer = useApp((state) => state.layer)!
  const channel = useApp((state) => state.channel)!
  const result = useApp((state) => resultOf(state, layer))
  // Grows while the scan runs.
  useApp((state) => state.revision)
  const underWay = useApp((state) => isUnderWay(state.scan))
  const isWholeLayer = useApp((state) => isWhole(state, layer))
  if (!result || result.scanned === 0)
    return <p className="empty">No patches yet.{!underWay && ' Press Run to look for them.'}</p>
  if (!result.isDead(channel)) return <p className="empty">No patches: the channel makes nothing but NaN.</p>
  const value = result.highest(channel)
  return (
    <p className="empty">
      This channel is dead{!isWholeLayer && ' so far'}: every unit is{' '}
      {value === null ? 'the same' : formatActivation(value)} in{' '}
      {result.scanned === 1 ? 'the one image' : `all ${result.scanned.toLocaleString('en')} images`}. No patch
      excites it more than another.
    </p>
  )
}

/** CSS pixels that a finger has to go to the side, and may go up or down meanwhile. */
const swipeAcross = 60
const swipeAlong = 50

/** A finger that goes to the left takes the next channel, to the right the one before. */
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

/** Unless something has the focus that uses the keys itself. */
function useArrowKeys(actions: Readonly<Record<string, () => void>>): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      const action = actions[event.key]
      if (!action || event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return
      const target = event.target as HTMLElement
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
