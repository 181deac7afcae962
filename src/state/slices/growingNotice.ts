/** @file One line for what happens again and again: a later text takes the place of the one before. */
import type { AppState } from '../appState.ts'

export function growingNotice(
  get: () => Pick<AppState, 'notices' | 'notify' | 'dismiss'>,
): (text: string) => void {
  let told: string | null = null
  return (text) => {
    const before = get().notices.find((notice) => notice.text === told)
    if (before) get().dismiss(before.id)
    told = text
    get().notify('warning', text)
  }
}
