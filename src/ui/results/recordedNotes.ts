/** @file Notes about a file's results that the user should know before trusting the pictures. */
import type { OpenResults } from '../../state/results/openResults.ts'
import { formatCount } from '../common/format.ts'

/** Says if the open images are not, or may not be, those of the file; otherwise empty. */
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

/** Says if the file has fewer patches than are to be shown; otherwise empty. */
export function patchesNote({ k }: OpenResults, shown: number): string {
  return shown > k ? `It holds ${k} patches a channel, not ${shown}.` : ''
}
