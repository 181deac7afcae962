/** @file How many images a sample has: hundreds, as on dozens another sample would rank channels otherwise. */
import { remember, remembered } from '../common/remembered.ts'

const key = 'urpatch-ablation-images'
const usual = 500

export function rememberedSample(): number {
  const count = Number(remembered(key))
  return Number.isInteger(count) && count > 0 ? count : usual
}

export function rememberSample(count: number): void {
  remember(key, String(count))
}
