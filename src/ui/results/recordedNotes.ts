/** @file Notes about a file's results that the user should know before trusting the pictures. */
import { inSentence } from '../../core/shownText.ts'
import type { OpenResults } from '../../state/results/openResults.ts'
import { formatCount } from '../common/format.ts'

/** Says if the open images are not, or may not be, those of the file; otherwise empty. */
export function imagesNote({ fittedImages, images, content }: OpenResults): string {
  if (!fittedImages) return ''
  // A results file tells no others.
  const its = content.kind === 'results' ? 'images in its patches' : 'images that it has seen'
  const { of, same, images: open } = fittedImages
  const missing = fittedImages.missing.length
  if (missing === of && of > 0) return `None of the ${its} is among those of ${inSentence(open.name)}.`
  if (missing > 0)
    return `${formatCount(missing)} of the ${formatCount(of)} ${its} ${missing === 1 ? 'is' : 'are'} not among the open ones; the others are shown.`
  const count = open.table.paths.length
  if (count !== images.count)
    return `${formatCount(count)} images are open, and it was made with ${formatCount(images.count)}; the ${its} are all there.`
  return same === false
    ? 'Some of the open images are other files than those it was made with: their sizes differ.'
    : ''
}

/** Says if the file has fewer patches than are to be shown; otherwise empty. */
export function patchesNote({ k, content }: OpenResults, shown: number): string {
  const held =
    content.kind === 'results' ? k : Math.min(...content.snapshot.layers.map(({ facts }) => facts.kept))
  return shown > held ? `It holds ${held} patches a channel, not ${shown}.` : ''
}
