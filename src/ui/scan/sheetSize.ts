/** @file The width and the scale of saved figures and what stands below their patches, remembered for the next visit. */
import type { Captions, SheetSize } from '../../core/mosaic/figureSheet.ts'
import { remember, remembered } from '../common/remembered.ts'

export const widths = [800, 1200, 1600, 2400] as const
export const scales = [1, 2, 3] as const
export const captionChoices: readonly { readonly id: Captions; readonly text: string }[] = [
  { id: 'alone', text: 'for one channel' },
  { id: 'all', text: 'for all channels' },
  { id: 'none', text: 'none' },
]

const key = 'urpatch-picture-size'

export function rememberedSheet(): SheetSize {
  const [width, scale, captions] = (remembered(key) ?? '').split('@')
  return {
    width: widths.find((one) => one === Number(width)) ?? 1600,
    scale: scales.find((one) => one === Number(scale)) ?? 1,
    captions: captionChoices.find(({ id }) => id === captions)?.id ?? 'alone',
  }
}

export function rememberSheet({ width, scale, captions }: SheetSize): void {
  remember(key, `${width}@${scale}@${captions}`)
}
