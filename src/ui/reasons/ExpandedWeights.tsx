/** @file Expanded weights, when they are asked for: how the open channel reads the channels two sums before it. */
import { useMemo, useState } from 'react'
import { Button } from 'react-aria-components'
import type { Expanded } from '../../core/reasons/expanded.ts'
import { layersToExpand } from '../../core/reasons/expanded.ts'
import { linearPartOf } from '../../core/reasons/lineage.ts'
import { byNorm, largestWeight } from '../../core/reasons/strongest.ts'
import { type Asking, expandedOf } from '../../state/reasons/circuits.ts'
import { shownSource } from './carriers.ts'
import { ColourKernel } from './ColourKernel.tsx'
import { Neighbours, normMeasure } from './Neighbours.tsx'
import { usePictureChannel } from './pictureChannels.ts'
import { useAnswer } from './useAnswer.ts'
import { useScanned } from './useScanned.ts'
import { Name } from '../common/Name.tsx'

const titles = { excites: 'Excite it, two layers before', inhibits: 'Inhibit it, two layers before' }

export function ExpandedWeights({ asking }: { asking: Asking }) {
  const [wanted, setWanted] = useState<Asking | null>(null)
  const isWanted = wanted === asking
  const found = useAnswer(isWanted ? asking : null, expandedOf)
  const { network } = asking.model
  const isThere = useMemo(() => {
    const part = linearPartOf(network, asking.layer, asking.channel)
    return !('reason' in part) && layersToExpand(network, part).length > 1
  }, [network, asking])
  if (!isThere) return null
  if (!isWanted)
    return (
      <p className="circuits-offer">
        <Button className="button" onPress={() => setWanted(asking)}>
          Expand through two layers
        </Button>
      </p>
    )
  return (
    <section className="circuits" aria-label="Expanded weights" aria-busy={found === undefined}>
      <p className="muted circuits-note">
        Expanded weights: the kernels of two layers multiplied, with an activation between them taken as
        identity and pooling as the mean of its window (Voss et al. 2021). They say how the layers fit
        together, not what they compute in a picture.
      </p>
      {found?.map((one) => (
        <Through key={one.through} asking={asking} expanded={one} />
      ))}
      {found?.length === 0 && (
        <p className="muted circuits-note">There is no convolution before it to expand.</p>
      )}
    </section>
  )
}

function Through({ asking, expanded: { through, slices } }: { asking: Asking; expanded: Expanded }) {
  const { network } = asking.model
  const isScanned = useScanned()
  const nameOf = usePictureChannel(network)
  const neighbours = useMemo(
    () => byNorm(slices).map((one) => ({ ...one, sign: one.sum, value: one.norm, measure: normMeasure })),
    [slices],
  )
  const largest = useMemo(() => largestWeight(neighbours), [neighbours])
  return (
    <>
      <h4>
        <b>
          Through <Name>{network.layers[through]!.name}</Name>
        </b>
      </h4>
      <ColourKernel nameOf={nameOf} neighbours={neighbours} />
      <Neighbours
        neighbours={neighbours}
        largest={largest}
        titles={titles}
        withLayers={slices.length > 1}
        shownOf={(one) => shownSource(network, one, isScanned)}
        nameOf={nameOf}
      />
    </>
  )
}
