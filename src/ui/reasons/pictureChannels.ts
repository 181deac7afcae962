/** @file The channels of the picture itself, as they are called. */
import { useCallback } from 'react'
import type { Network } from '../../core/model/network.ts'
import type { Preprocessing } from '../../core/preprocessing/preprocessing.ts'
import { carriersOf, type ChannelAt } from '../../core/reasons/lineage.ts'
import { preprocessingOf } from '../../state/selectors/shown.ts'
import { useApp } from '../useApp.ts'

/** The names of a picture's channels in the order in which the network gets them. */
const orders: Readonly<Record<Preprocessing['channels'], readonly string[]>> = {
  rgb: ['red', 'green', 'blue', 'alpha'],
  bgr: ['blue', 'green', 'red', 'alpha'],
  grey: ['grey', 'grey', 'grey'],
}

/** The name of a channel of the picture, also behind what only changes it channel by channel; null for others. */
export type PictureChannel = (at: ChannelAt) => string | null

export function usePictureChannel(network: Network): PictureChannel {
  const order = useApp((state) => preprocessingOf(state).channels)
  return useCallback((at) => pictureChannel(network, order, at), [network, order])
}

function pictureChannel(network: Network, order: Preprocessing['channels'], at: ChannelAt): string | null {
  const { layer, channel } = carriersOf(network, at).at(-1)!
  if (layer !== network.input) return null
  return network.inputShape[2] === 1 ? 'grey' : (orders[order][channel] ?? String(channel))
}
