/** @file Words for how rare a value is for a channel. */
import type { FiringChannel } from '../../core/scan/firingChannels.ts'
import type { Percentile } from '../../core/scan/percentile.ts'
import { inSentence } from '../../core/shownText.ts'
import { formatActivation } from '../common/format.ts'

/** `99.8 %`; rounded down, as so many images are lower for certain. */
export function percentText(share: number): string {
  const percent = Math.floor(share * 1000 + 1e-9) / 10
  return `${percent === 100 || percent < 1 ? percent : percent.toFixed(1)} %`
}

/** `higher than in 99.8 % of the images`, with the range if it is not known exactly. */
export function percentileText({ from, to }: Percentile): string {
  if (to === 0) return 'as low as in no other image'
  if (from === 0)
    return `higher than in ${percentText(to)} of the images at most; known to a bin of the histogram`
  const known = `higher than in ${percentText(from)} of the images`
  return percentText(from) === percentText(to)
    ? known
    : `${known}; known to a bin of the histogram: between ${percentText(from)} and ${percentText(to)}`
}

/** The short text below a tile. */
export function rankText({ percentile, share }: FiringChannel): string {
  return percentile ? percentText(percentile.from) : percentText(share)
}

/** The value and what the short text means. */
export function detailText({ value, percentile, share }: FiringChannel): string {
  const rank = percentile
    ? percentileText(percentile)
    : `${percentText(share)} of the largest value in the layer`
  return `${formatActivation(value)}, ${rank}`
}

/** The text under the pointer. */
export function firingText(firing: FiringChannel): string {
  return `Channel ${firing.channel} of ${inSentence(firing.layer)}: ${detailText(firing)}`
}
