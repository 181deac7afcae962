/** @file What the network loses without the channel. It takes many runs of what lies behind a layer, so it is found when it is asked for. */
import type { MeasureHead } from './measure.ts'

export const loss: MeasureHead = {
  id: 'loss',
  label: 'Loss',
  sentence:
    'How much less likely the right answer becomes without the channel, set to its mean or to 0: the mean increase of cross-entropy in nats, or how far outputs move if they are no answers; it is found when all channels of a layer are ranked by it, and negative if the network is better without the channel.',
  unit: 'loss',
}
