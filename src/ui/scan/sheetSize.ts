/** @file The width and the scale of saved pictures, remembered for the next visit. */
import type { SheetSize } from '../../core/mosaic/figureSheet.ts'
import { remember, remembered } from '../common/remembered.ts'

export const widths = [800, 1200, 1600, 2400] as const
export const scales = [1, 2, 3] as const

const key = 'urpatch-picture-size'

export function rememberedSheet(): SheetSize {
  const [width, scale] = (remembered(key) ?? '').split('@').map(Number)
  return {
    width: widths.find((one) => one === width) ?? 1600,
    scale: scales.find((one) => one === scale) ?? 1,
  }
}

export function rememberSheet({ width, scale }: SheetSize): void {
  remember(key, `${width}@${scale}`)
}
