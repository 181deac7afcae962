/** @file What the parts of a page about one picture share: what was seen, and which spot and channel are looked at. */
import { createContext, use } from 'react'
import type { PictureProbe, Seen } from '../../state/probe/pictureProbe.ts'

/** A place in the picture, 0 … 1 from left to right and from top to bottom. */
export interface Spot {
  readonly x: number
  readonly y: number
  /** Whether it stays when the pointer leaves the picture. */
  readonly isPinned: boolean
}

export interface ChannelAt {
  /** Index into the network's layers. */
  readonly layer: number
  readonly channel: number
}

export interface LookedAt {
  readonly probe: PictureProbe
  readonly seen: Seen
  /** The picture by which channels are ordered: of a camera's pictures not each, as nobody could read that. */
  readonly order: Seen
  /** In pixels, as it was decoded. */
  readonly size: { readonly width: number; readonly height: number }
  /** The spot whose units are asked for; null for the picture as a whole. */
  readonly spot: Spot | null
  /** Shows the map of this channel over the picture. */
  onChannel(channel: ChannelAt | null): void
  /** The channel whose pixels are explained; null if there is none. */
  readonly chosen: ChannelAt | null
  /** Explains this channel, or none; null while a camera shows another picture all the time. */
  readonly onChoose: ((channel: ChannelAt | null) => void) | null
  /** The layers whose rows are near the screen. */
  readonly near: Set<number>
}

export const LookedAtContext = createContext<LookedAt | null>(null)

export function useLookedAt(): LookedAt {
  return use(LookedAtContext)!
}
