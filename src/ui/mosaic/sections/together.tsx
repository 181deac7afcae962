/** @file Which channels fire on the same images as the open one, and which have kernels like its own. */
import { sampledMaxima } from '../../../core/scan/statistics/sampledMaxima.ts'
import { FiresTogether } from '../companions/FiresTogether.tsx'
import type { KnownChannel, LateSection } from './section.ts'

interface Found {
  /** The number of images over which channels are correlated; null if their maxima are not known. */
  readonly sampled: number | null
  readonly scanned: number
}

/** Over fewer images a correlation says nothing. */
const fewestImages = 3

function Together({ found: { sampled }, ...known }: KnownChannel & { found: Found }) {
  return <FiresTogether {...known} isKnown={sampled !== null} />
}

export const together: LateSection<Found> = {
  id: 'together',
  title: 'Fires together',
  more: ({ sampled, scanned }) => (sampled === null ? '' : overImages(sampled, scanned)),
  find({ result, channel }) {
    const sampled = result.of(sampledMaxima, channel)?.images.length ?? null
    if (result.isDead(channel) || (sampled !== null && sampled < fewestImages)) return null
    return { sampled, scanned: result.scanned }
  },
  Late: Together,
}

function overImages(sampled: number, scanned: number): string {
  const all = scanned.toLocaleString('en')
  return sampled === scanned
    ? `over all ${all} images`
    : `over ${sampled.toLocaleString('en')} of ${all} images`
}
