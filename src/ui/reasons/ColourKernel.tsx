/** @file A kernel over the colours of the picture, as one picture in colour. */
import { useMemo } from 'react'
import { colourPixels } from '../../core/reasons/kernelPixels.ts'
import { largestWeight, type Neighbour } from '../../core/reasons/strongest.ts'
import { KernelPicture } from './KernelPicture.tsx'
import type { PictureChannel } from './pictureChannels.ts'

/** CSS pixels. */
const extent = 96

const bands = ['red', 'green', 'blue']

/** Nothing if other channels than red, green and blue are read. */
export function ColourKernel({
  nameOf,
  neighbours,
}: {
  nameOf: PictureChannel
  neighbours: readonly Neighbour[]
}) {
  const picture = useMemo(() => {
    if (neighbours.length !== bands.length) return null
    const found = bands.map((band) => neighbours.find((one) => nameOf(one) === band))
    const [first] = found
    if (!first || found.some((one) => one?.rows !== first.rows || one.columns !== first.columns)) return null
    const largest = largestWeight(neighbours)
    return {
      rows: first.rows,
      columns: first.columns,
      pixels: colourPixels(
        found.map((one) => one!.weights),
        largest,
      ),
    }
  }, [nameOf, neighbours])
  if (!picture) return null
  return (
    <figure className="colour-kernel">
      <KernelPicture {...picture} extent={extent} label="The kernel in colour" />
      <figcaption className="muted">
        The kernel in the colours of the picture: grey is 0, what is brighter excites, what is darker
        inhibits.
      </figcaption>
    </figure>
  )
}
