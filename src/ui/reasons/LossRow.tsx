/** @file The channels of the layer by what the network loses without each: found image by image, until it is stopped. */
import { useEffect } from 'react'
import { Button } from 'react-aria-components'
import { byLoss, type LayerLosses } from '../../core/reasons/lossRanking.ts'
import type { ReadableResult } from '../../core/scan/statistics/statistic.ts'
import { keptLosses } from '../../state/reasons/keptLosses.ts'
import { formatActivation } from '../common/format.ts'
import { useOneRun } from '../common/useOneRun.ts'
import { usePanelWidth } from '../common/useScreen.ts'
import { CompanionRow, companionsIn } from '../mosaic/companions/CompanionRow.tsx'
import { useApp, useAppStore } from '../useApp.ts'
import { rememberedSample } from './sample.ts'
import '../mosaic/companions/companions.css'

interface Props {
  layer: string
  channel: number
  result: ReadableResult
  replacement: 'mean' | 'zero'
  canRun: boolean
}

export function LossRow({ layer, channel, result, replacement, canRun }: Props) {
  const { getState } = useAppStore()
  const { progress, start, stop } = useOneRun<true>()
  const isRunning = progress !== null
  const count = companionsIn(usePanelWidth())
  // It is kept beside the state.
  useApp((state) => state.ablationsMade)
  const losses = keptLosses(result)
  // Other channels of the layer are ranked together with this one.
  useEffect(() => stop, [layer, stop])
  const run = (): Promise<void> =>
    start(true, (signal) => getState().rankLosses(layer, replacement, rememberedSample(), signal))
  const isPart = losses !== null && losses.images < losses.of
  const isOther = losses !== null && losses.replacement !== replacement
  if (!losses && !canRun) return null
  return (
    <section className="without-part" aria-label="All channels of the layer">
      {losses ? (
        <>
          <CompanionRow
            title="Missed most in this layer"
            more={units(losses)}
            measure="loss"
            companions={byLoss(losses)
              .filter((c) => !Number.isNaN(losses.loss[c]))
              .slice(0, count)
              .map((c) => ({ layer, channel: c, value: losses.loss[c]! }))}
            format={formatLoss}
          />
          <p>{ofChannel(losses, channel)}</p>
          <p className="muted">{ofLayer(losses)}</p>
        </>
      ) : (
        <h4>
          <b>All channels of the layer</b> ranked by what the network loses without each
        </h4>
      )}
      {canRun && (isRunning || losses === null || isPart || isOther) && (
        <div className="without-run">
          <Button className="button" onPress={isRunning ? stop : () => void run()}>
            {isRunning
              ? 'Pause'
              : isPart && !isOther
                ? 'Go on'
                : `Rank ${result.channels} channels (${replacement === 'mean' ? 'at their means' : '× 0'})`}
          </Button>
          <span role="status" className="muted">
            {isRunning &&
              (isPart && !isOther ? `${losses.images} of ${losses.of} images` : 'The network runs…')}
          </span>
        </div>
      )}
    </section>
  )
}

function units({ yardstick }: LayerLosses): string {
  return yardstick === 'outputs' ? 'how far outputs move, of their length' : 'increase of cross-entropy, nats'
}

function formatLoss(value: number): string {
  return Math.abs(value) < 0.0005 && value !== 0 ? value.toExponential(0) : value.toFixed(3)
}

function ofChannel(
  { loss, changed, right, rightBefore, yardstick, images }: LayerLosses,
  channel: number,
): string {
  const order = byLoss({ loss })
  const rank = order.indexOf(channel) + 1
  const parts = [`This channel is number ${rank} of ${loss.length}: ${formatActivation(loss[channel]!)}`]
  if (changed) parts.push(`another answer for ${changed[channel]} of ${images} images`)
  if (right && yardstick === 'right') parts.push(`${right[channel]} right, before ${rightBefore}`)
  return `${parts.join(', ')}.`
}

function ofLayer({ images, replacement, stability }: LayerLosses): string {
  const how = replacement === 'mean' ? 'Each channel at its mean' : 'Each channel × 0'
  const over = `${how}, over ${images.toLocaleString('en')} images.`
  if (stability === null) return over
  const trust = stability < 0.5 ? ': take more images before you believe the order' : ''
  return `${over} Ranked by two halves of them, the channels’ orders correlate by ${stability.toFixed(2)}${trust}.`
}
