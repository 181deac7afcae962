/**
 * @file Which patches of a channel look alike, as those of one picture that is there twice, or of two frames of a film. A patch
 * is compared as it is drawn, reduced to eight by eight pixels, so that what another file format or size changes is averaged
 * out. Two are alike if their red, green and blue differ by less than `alikeBelow` of 255 in the mean: files of one picture
 * in the kit differ by 3 at most (another quality of JPEG), those of others by 14 at least.
 */

/** The rows and columns of pixels of a reduced patch. */
export const reducedSide = 8

/** The numbers of a reduced patch: red, green, blue and alpha of each pixel. */
const numbers = reducedSide * reducedSide * 4

/** The mean absolute difference below which two patches are alike, of 255. */
export const alikeBelow = 6

/** Patches that are shown as one. */
export interface AlikeGroup {
  /** The best rank of the group, which stands for it. */
  readonly rank: number
  /** The ranks of the others, best first. */
  readonly others: readonly number[]
}

/**
 * Puts each patch into the group of the first better one that it is alike to and that stands for a group; otherwise it stands
 * for one itself. `pixels` has the reduced patches one after the other, best first, as canvases have them. Groups come by
 * their best rank.
 */
export function alikeGroups(pixels: Uint8ClampedArray): AlikeGroup[] {
  const groups: { readonly rank: number; readonly others: number[] }[] = []
  for (let rank = 0; (rank + 1) * numbers <= pixels.length; rank++) {
    const group = groups.find((one) => difference(pixels, one.rank, rank) < alikeBelow)
    if (group) group.others.push(rank)
    else groups.push({ rank, others: [] })
  }
  return groups
}

/** The share of the best k patches that look like a better one; null if there are fewer than two. */
export function alikeShare(groups: readonly AlikeGroup[], k: number): number | null {
  const ranks = groups.flatMap(({ rank, others }) => [rank, ...others]).filter((rank) => rank < k)
  const distinct = groups.filter(({ rank }) => rank < k)
  return ranks.length < 2 ? null : (ranks.length - distinct.length) / ranks.length
}

/** The mean absolute difference of red, green and blue. What is transparent, as nothing was drawn, is alike to nothing. */
function difference(pixels: Uint8ClampedArray, a: number, b: number): number {
  let sum = 0
  for (let i = a * numbers, j = b * numbers; i < (a + 1) * numbers; i += 4, j += 4) {
    if (pixels[i + 3] === 0 || pixels[j + 3] === 0) return Infinity
    for (let c = 0; c < 3; c++) sum += Math.abs(pixels[i + c]! - pixels[j + c]!)
  }
  return sum / (reducedSide * reducedSide * 3)
}
