/** @file What a unit answers to a patch without colour, without fine detail, and with its blocks at other places. */
import { blurOf, blurred, boxInside, greyPixels, shuffled } from '../../core/scan/disturb.ts'
import { type PixelReader, usingPixels } from '../images/decodeImage.ts'
import { inputOfPixels } from '../images/pictureInput.ts'
import type { TapNetwork } from '../model/tapNetwork.ts'
import { channelMap } from './channelMap.ts'
import type { PatchClaim } from './provePatch.ts'

/** The unit's activations. */
export interface DisturbedPatch {
  readonly before: number
  /** The picture is made grey before the preprocessing, and so all of it. */
  readonly grey: number
  readonly blurred: number
  /** Is null if the box has fewer than four rows or columns. */
  readonly shuffled: number | null
}

/** Runs the image as it is and each change of it through the network, each layer on its own. Throws `images/…`. */
export async function disturbPatch(
  network: TapNetwork,
  reader: PixelReader,
  { layer, channel, unit, box, handle, preprocessing, seed }: PatchClaim,
): Promise<DisturbedPatch> {
  const { inputShape } = network.network
  const [input, grey] = await usingPixels(handle, preprocessing.orientation, reader, (pixels) => [
    inputOfPixels(pixels, inputShape, preprocessing),
    inputOfPixels(greyPixels(pixels), inputShape, preprocessing),
  ])
  const answer = async (data: Float32Array): Promise<number> => {
    const { values, columns } = await channelMap(network, data, layer, channel)
    return values[unit[0] * columns + unit[1]]!
  }
  const inside = boxInside(box, inputShape)
  const moved = shuffled(input!, inputShape, inside, seed)
  return {
    before: await answer(input!),
    grey: await answer(grey!),
    blurred: await answer(blurred(input!, inputShape, blurOf(inside))),
    shuffled: moved && (await answer(moved)),
  }
}
