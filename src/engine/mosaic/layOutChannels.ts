/**
 * @file Lays the channels of a layer out on a map, so that those that fire on the same images lie near to each other: UMAP
 * (L. McInnes, J. Healy, "UMAP: Uniform Manifold Approximation and Projection", 2018) by the distances 1 − correlation. Then marks
 * that would cover each other are moved apart a little.
 */
import { forceCollide, forceSimulation, forceX, forceY } from 'd3-force'
import { UMAP } from 'umap-js'
import { arrangedMark, arrangedWidth, type Points, stretched, turned } from '../../core/mosaic/mapLayout.ts'
import { neighboursOf } from '../../core/scan/correlation.ts'
import { seededRandom } from '../../core/seededRandom.ts'

export interface ChannelLayout {
  /** The channels that are on the map, by number: the others have no correlation with any. */
  readonly channels: Uint32Array
  /** In step with `channels`. */
  readonly points: Points
}

/** A map of fewer channels says nothing. */
export const fewestOnMap = 4

/** What UMAP takes for near: as many as in its paper. */
const neighbours = 15
/** How near points may come to each other, in parts of the distance of clusters. */
const minDist = 0.3
/** Any seed would do; with the same one the same maxima give the same map. */
const seed = 1

/** `maxima` is `[images, channels]`. Returns null if there are too few channels that have a correlation with others. */
export function layOutChannels(channels: number, maxima: Float32Array): ChannelLayout | null {
  const near = neighboursOf(channels, maxima, neighbours)
  const count = near.channels.length
  if (count < fewestOnMap) return null
  const umap = new UMAP({
    nNeighbors: Math.min(neighbours, count - 1),
    minDist,
    random: seededRandom(seed),
  })
  const kept = <T>(rows: readonly (readonly T[])[]): T[][] =>
    rows.map((row) => row.slice(0, Math.min(neighbours, count - 1)))
  umap.setPrecomputedKNN(kept(near.indices), kept(near.distances))
  // It counts the points only: all distances that it needs are known.
  const embedding = umap.fit([...near.channels].map((channel) => [channel])) as [number, number][]
  return { channels: near.channels, points: apart(stretched(turned(embedding), arrangedWidth)) }
}

/** How many times marks are moved; how strongly to where they belong; how far from each other, in parts of their size. */
const steps = 80
const pull = 0.08
const room = 0.56

/** Moves marks apart, and gives their places on the map. */
function apart(points: readonly (readonly [number, number])[]): Points {
  const nodes = points.map(([x, y]) => ({ x, y, home: { x, y } }))
  const simulation = forceSimulation(nodes)
    .force('x', forceX<(typeof nodes)[number]>(({ home }) => home.x).strength(pull))
    .force('y', forceY<(typeof nodes)[number]>(({ home }) => home.y).strength(pull))
    .force('apart', forceCollide(arrangedMark(nodes.length) * room).iterations(2))
    .stop()
  simulation.tick(steps)
  return Float32Array.from(
    stretched(
      nodes.map(({ x, y }) => [x, y]),
      1,
    ).flat(),
  )
}
