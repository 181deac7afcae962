/** @file The channels that read the open one, layer by layer. */
import { memo, useMemo, useState } from 'react'
import { Button } from 'react-aria-components'
import type { Network } from '../../core/model/network.ts'
import { byNorm, largestWeight } from '../../core/reasons/strongest.ts'
import { layersWord } from '../../core/reasons/words.ts'
import type { Feeds as Found } from '../../engine/reasons/circuits.ts'
import { type Asking, feedsOf } from '../../state/reasons/circuits.ts'
import type { OpenChannel } from '../mosaic/sections/section.ts'
import { shownReader } from './carriers.ts'
import { Neighbours, normMeasure } from './Neighbours.tsx'
import { useAnswer } from './useAnswer.ts'
import { useAsking } from './useAsking.ts'
import { useHeldHeight } from './useHeldHeight.ts'
import { useScanned } from './useScanned.ts'
import { useSettled } from './useSettled.ts'
import { Name } from '../common/Name.tsx'
import './circuits.css'

/** How many layers are shown at once. */
const fewLayers = 2

const titles = { excites: 'It excites', inhibits: 'It inhibits' }

export default function Feeds({ layer, channel }: OpenChannel) {
  const asking = useAsking(layer, channel)
  // It is asked with the click, while the page renders what else is new.
  const found = useAnswer(asking, feedsOf)
  const now = useMemo(() => asking && { asking, found }, [asking, found])
  const shown = useSettled(now, found !== undefined)
  if (!asking) return <p className="muted circuits-note">It is shown once the model is open.</p>
  return shown && <Fed {...shown} />
}

const Fed = memo(function Fed({ asking, found }: { asking: Asking; found: Found | undefined }) {
  const { network } = asking.model
  const key = `${network.layers[asking.layer]!.name}/${asking.channel}`
  const isBusy = found === undefined
  const held = useHeldHeight(isBusy)
  return (
    <div ref={held} aria-busy={isBusy} data-channel={key}>
      {found && <Readers key={asking.layer} network={network} found={found} />}
    </div>
  )
})

function Readers({ network, found: { readers, ends } }: { network: Network; found: Found }) {
  const [isWhole, setWhole] = useState(false)
  const shown = isWhole ? readers : readers.slice(0, fewLayers)
  const more = readers.length - shown.length
  return (
    <div className="circuits">
      {readers.length > 0 && (
        <p className="muted circuits-note">
          The kernels by which they read this channel; on one scale in each layer, red above and blue below 0.
          One whose weights sum to more than 0 is excited.
        </p>
      )}
      {readers.length === 0 && ends.length === 0 && (
        <p className="muted circuits-note">Nothing reads it: it is an output of the network.</p>
      )}
      {shown.map((reader) => (
        <Reader key={reader.reader.layer} network={network} {...reader} />
      ))}
      {more > 0 && (
        <p className="circuits-offer">
          <Button className="button" onPress={() => setWhole(true)}>
            Show {more} more {more === 1 ? 'layer' : 'layers'}
          </Button>
        </p>
      )}
      {ends.map(({ layer, reason }) => (
        <p key={layer} className="muted circuits-note">
          <Name>{network.layers[layer]!.name}</Name> reads it, too. {reason}
        </p>
      ))}
    </div>
  )
}

function Reader({ network, reader, slices }: { network: Network } & Found['readers'][number]) {
  const isScanned = useScanned()
  const neighbours = useMemo(
    () => byNorm([slices]).map((one) => ({ ...one, sign: one.sum, value: one.norm, measure: normMeasure })),
    [slices],
  )
  const largest = useMemo(() => largestWeight(neighbours), [neighbours])
  const folded = layersWord(network, reader.folded)
  return (
    <section className="circuits" aria-label={network.layers[reader.layer]!.name}>
      <h4>
        <b>
          <Name>{network.layers[reader.layer]!.name}</Name>
        </b>{' '}
        {folded && `with ${folded} folded in`}
      </h4>
      <Neighbours
        neighbours={neighbours}
        largest={largest}
        titles={titles}
        shownOf={({ channel }) => shownReader(network, reader.shown, channel, isScanned)}
      />
    </section>
  )
}
