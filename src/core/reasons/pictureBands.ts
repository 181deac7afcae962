/** @file How the channels of a network's input follow from the bands of a picture: each is one band, scaled and shifted. */
import type { MapShape } from '../model/network.ts'
import { normalizations } from '../preprocessing/normalize.ts'
import type { Preprocessing } from '../preprocessing/preprocessing.ts'
import { bandsOf } from '../preprocessing/toInput.ts'

export interface PictureBands {
  /** 3 for red, green, blue; 1 for grey. */
  readonly bands: number
  /**
   * The input is `picture · mix + offset`, with the picture `[…, bands]` of values 0…255, `mix` `[bands, C]` and `offset` `[C]`.
   */
  readonly mix: Float32Array
  readonly offset: Float32Array
}

/** An input channel of transparency is that of an opaque picture. Throws `setting/channels`. */
export function pictureBands(inputShape: MapShape, preprocessing: Preprocessing): PictureBands {
  const channels = inputShape[2]
  const isGrey = isGreyInput(inputShape, preprocessing)
  const bands = isGrey ? 1 : 3
  const mix = new Float32Array(bands * channels)
  const offset = new Float32Array(channels)
  for (const [channel, { ofByte }] of normalizations(preprocessing, channels).entries()) {
    const band = bandsOf[isGrey ? 'grey' : preprocessing.channels][channel]!
    if (band < bands) {
      offset[channel] = ofByte[0]!
      mix[band * channels + channel] = (ofByte[255]! - ofByte[0]!) / 255
    } else offset[channel] = ofByte[255]!
  }
  return { bands, mix, offset }
}

/** Settings that make an input of a picture whose channels are its bands, as values 0…255; the fourth, if there is one, is alpha. */
export function plainSettings(inputShape: MapShape, preprocessing: Preprocessing): Preprocessing {
  const channels = isGreyInput(inputShape, preprocessing) ? 'grey' : 'rgb'
  return { ...preprocessing, scale: '0..255', mean: [], std: [], channels }
}

function isGreyInput([, , channels]: MapShape, preprocessing: Preprocessing): boolean {
  return channels === 1 || preprocessing.channels === 'grey'
}
