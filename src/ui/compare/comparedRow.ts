/** @file A row of the comparison: a pair of channels, and the channel that goes with it in every scan. */
import type { ChannelPair, ChannelPairs } from '../../core/compare/channelPairs.ts'
import type { Change } from '../../core/compare/change.ts'

/** As the address says it. */
export function pairId({ before, after }: Pick<ChannelPair, 'before' | 'after'>): string {
  return before === null ? `+${after}` : String(before)
}

/** `Channel 17`, `Channel 17 and 4` if they were matched, `Channel 4 of the last` without a partner before. */
export function pairName({ before, after }: Pick<ChannelPair, 'before' | 'after'>): string {
  if (before === null) return `Channel ${after}, only after`
  if (after === null) return `Channel ${before}, only before`
  return before === after ? `Channel ${before}` : `Channel ${before} and ${after}`
}

/** The channel of each scan that goes with the pair. `at` are the positions of the scans before and after. */
export function channelsOf(
  pair: Pick<ChannelPair, 'before' | 'after'>,
  pairs: readonly (ChannelPairs | null)[],
  at: { readonly before: number; readonly after: number },
): (number | null)[] {
  return pairs.map((found, scan) => {
    if (scan === at.before) return pair.before
    if (scan === at.after) return pair.after
    if (pair.before === null) return null
    return found?.pairs.find(({ before }) => before === pair.before)?.after ?? null
  })
}

const fates: Readonly<Record<Change['fate'], string>> = {
  alive: '',
  born: 'born',
  died: 'died',
  dead: 'dead in both',
  alone: 'no partner',
}

export function fateText({ fate }: Change): string {
  return fates[fate]
}

/** `r = 0.12`, if it is known. */
export function correlationText({ correlation }: ChannelPair): string {
  return Number.isNaN(correlation) ? '' : `r = ${correlation.toFixed(2)}`
}

/** `3 of 16 images`, if there are any. */
export function sharedText({ shared, of }: Change): string {
  return of === 0 ? '' : `${shared} of ${of} images`
}
