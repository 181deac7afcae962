/** @file What a person should know of the results of a file before believing what is drawn. */
import type { OpenResults } from '../../state/results/openResults.ts'
import { formatCount } from '../common/format.ts'

/** Where the open images are not, or not known to be, those of the file; empty otherwise. */
export function imagesNote({ fittedImages, images }: OpenResults): string {
  if (!fittedImages) return ''
  const { missing, of, same, images: open } = fittedImages
  if (missing === of && of > 0) return `None of the images in its patches is among those of ${open.name}.`
  if (missing > 0)
    return `${formatCount(missing)} of the ${formatCount(of)} images in its patches ${missing === 1 ? 'is' : 'are'} not among the open ones; the others are shown.`
  const count = open.table.paths.length
  if (count !== images.count)
    return `${formatCount(count)} images are open, and it was made with ${formatCount(images.count)}; those in its patches are all there.`
  return same === false
    ? 'Some of the open images are other files than those it was made with: their sizes differ.'
    : ''
}

/** Where more are to be seen than there are. */
export function patchesNote({ k }: OpenResults, shown: number): string {
  return shown > k ? `It holds ${k} patches a channel, not ${shown}.` : ''
}
