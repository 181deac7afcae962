/** @file The channels that make the open one: by their weights, by what they contribute, and the sum on the chosen patch. */
import { memo, useCallback, useMemo, useState } from 'react'
import type { Network } from '../../core/model/network.ts'
import { carriersOf, type LinearPart, linearPartOf } from '../../core/reasons/lineage.ts'
import { byNorm, largestWeight, type Neighbour, termKey } from '../../core/reasons/strongest.ts'
import { layersWord } from '../../core/reasons/words.ts'
import { inSentence } from '../../core/shownText.ts'
import type { FedBy as FoundFedBy } from '../../engine/reasons/circuits.ts'
import type { UnitReasons } from '../../engine/reasons/unitReasons.ts'
import { type Asking, fedByOf } from '../../state/reasons/circuits.ts'
import { Choice } from '../common/Choice.tsx'
import type { OpenChannel } from '../mosaic/sections/section.ts'
import { shownSource } from './carriers.ts'
import { ColourKernel } from './ColourKernel.tsx'
import { ExpandedWeights } from './ExpandedWeights.tsx'
import { type MeasuredNeighbour, Neighbours, normMeasure } from './Neighbours.tsx'
import { usePictureChannel } from './pictureChannels.ts'
import { UnitSum } from './UnitSum.tsx'
import { useAnswer } from './useAnswer.ts'
import { useAsking } from './useAsking.ts'
import { useHeldHeight } from './useHeldHeight.ts'
import { unitsOf, useMeanReasons } from './useMeanReasons.ts'
import { useScanned } from './useScanned.ts'
import { useSettled } from './useSettled.ts'
import { type AboutPatch, useAboutPatch, useUnitReasons } from './useUnitReasons.ts'
import './circuits.css'

/** What the channels are sorted by. */
type Order = 'weights' | 'patch' | 'mean'

const orders = [
  { id: 'weights', text: 'Weights' },
  { id: 'patch', text: 'This patch' },
  { id: 'mean', text: 'Top patches' },
] as const

const titles = { excites: 'Excite it', inhibits: 'Inhibit it' }

export default function FedBy({ layer, channel, patch, patches }: OpenChannel) {
  const asking = useAsking(layer, channel)
  const part = useMemo(
    () => asking && linearPartOf(asking.model.network, asking.layer, asking.channel),
    [asking],
  )
  const sum = part && !('reason' in part) ? part : null
  const asked = sum && asking
  // It is asked with the click, while the page renders what else is new.
  const found = useAnswer(asked, fedByOf)
  const about = useAboutPatch(asked, patch)
  const reasons = useUnitReasons(about)
  const units = unitsOf(patches)
  const now = useMemo(
    () => asked && sum && { asking: asked, part: sum, found, about, reasons, units },
    [asked, sum, found, about, reasons, units],
  )
  const shown = useSettled(now, found !== undefined && (about === null || reasons !== undefined))
  if (!asking || !part) return <p className="muted circuits-note">It is shown once the model is open.</p>
  if ('reason' in part) return <p className="muted circuits-note">{part.reason}</p>
  return shown && <Sources {...shown} />
}

interface Props {
  asking: Asking
  part: LinearPart
  /** Undefined until it is known, as are the reasons. */
  found: FoundFedBy | null | undefined
  about: AboutPatch | null
  reasons: UnitReasons | null | undefined
  /** Those of the top patches. */
  units: string
}

const Sources = memo(function Sources({ asking, part, found, about, reasons, units }: Props) {
  const { network } = asking.model
  const [order, setOrder] = useState<Order>('weights')
  const neighbours = useMemo(() => (found ? byNorm(found.slices) : null), [found])
  const means = useMeanReasons(asking, units, order === 'mean')
  const choice = useMemo(
    () => <Choice label="Sort by" showLabel value={order} options={orders} onChange={setOrder} />,
    [order],
  )
  const isScanned = useScanned()
  const nameOf = usePictureChannel(network)
  // Sorted by weights, they are not rendered again when the unit has been taken apart.
  const sorting = order === 'patch' ? reasons : null
  const measured = useMemo((): MeasuredNeighbour[] => {
    if (!neighbours) return []
    if (order === 'weights')
      return neighbours.map((one) => ({ ...one, sign: one.sum, value: one.norm, measure: normMeasure }))
    const ofPatch = new Map(sorting?.terms.map((term) => [termKey(term), term.value]))
    const valueOf = (one: Neighbour): number =>
      (order === 'patch' ? ofPatch.get(termKey(one)) : means?.terms.of(one)) ?? 0
    const measure = order === 'patch' ? 'on this patch' : 'on average'
    return neighbours
      .map((one) => ({ ...one, sign: valueOf(one), value: valueOf(one), measure }))
      .toSorted((a, b) => Math.abs(b.value) - Math.abs(a.value))
  }, [neighbours, order, sorting, means])
  const shownOf = useCallback((one: Neighbour) => shownSource(network, one, isScanned), [network, isScanned])
  const largest = useMemo(() => largestWeight(neighbours ?? []), [neighbours])
  const isJoined = new Set(neighbours?.map((one) => one.layer)).size > 1
  const isBusy = !neighbours || (about !== null && reasons === undefined)
  const held = useHeldHeight(isBusy)
  if (found === null) return null
  return (
    <div
      ref={held}
      className="circuits"
      aria-busy={isBusy}
      data-channel={`${network.layers[asking.layer]!.name}/${asking.channel}`}
    >
      <p className="muted circuits-note">{wayText(network, part, neighbours, found?.factorBehind ?? 1)}</p>
      <div className="circuits-order">
        {choice}
        {order === 'mean' && (
          <span className="muted" role="status">
            {means ? `mean of ${means.count} of ${means.of} patches` : 'the network runs…'}
          </span>
        )}
      </div>
      {neighbours && (
        <>
          <ColourKernel nameOf={nameOf} neighbours={neighbours} />
          <Neighbours
            neighbours={measured}
            largest={largest}
            titles={titles}
            withLayers={isJoined}
            shownOf={shownOf}
            nameOf={nameOf}
          />
        </>
      )}
      {about && <UnitSum about={about} part={part} reasons={reasons} />}
      <ExpandedWeights asking={asking} />
    </div>
  )
})

/** What is read, through what, and what is folded into the weights. */
function wayText(
  network: Network,
  { sum, folded, after }: LinearPart,
  neighbours: readonly Neighbour[] | null,
  factorBehind: number,
): string {
  const nameAt = (layer: number): string => inSentence(network.layers[layer]!.name)
  const own = after.length + folded.length > 0 ? `It is channel ${sum.channel} of ${nameAt(sum.layer)}` : ''
  const behind = layersWord(network, [...folded, ...after])
  const first = own && `${own}${behind && `, through ${behind}`}. `
  if (!neighbours || neighbours.length === 0) return first
  const carriers = carriersOf(network, neighbours[0]!).map(({ layer }) => layer)
  const origin = carriers.at(-1)!
  const through = layersWord(network, carriers.slice(0, -1))
  const layers = new Set(neighbours.map(({ layer }) => layer)).size
  const from = layers > 1 ? `${layers} layers` : origin === network.input ? 'the picture' : nameAt(origin)
  const count = neighbours.length.toLocaleString('en')
  const reads = `It reads ${count} ${neighbours.length === 1 ? 'channel' : 'channels'} of ${from}${through && layers === 1 ? `, through ${through}` : ''}. `
  const folds = layersWord(network, folded)
  // What is behind the open layer is no part of its values, but of what a person calls excited.
  const turned =
    factorBehind < 0
      ? ` Behind it, batch normalization multiplies by ${factorBehind.toPrecision(2).replace('-', '−')}: what excites here inhibits there.`
      : ''
  const kernels =
    sum.way === 'kernel'
      ? `Kernels${folds && `, with ${folds} folded in,`} on one scale, red above 0 and blue below: a channel excites if its weights sum to more than 0.`
      : sum.way === 'sum'
        ? 'It adds them.'
        : `It is ${layersWord(network, [sum.layer])} of one channel.`
  return first + reads + kernels + turned
}
