/** @file Sentences for the user. Only here an error becomes one. */
import { codeOf, isClause, messageOf, sentence } from '../../core/errors.ts'
import type { Slice, Notice, NoticesSlice } from '../appState.ts'

let nextId = 0

/** More notices would cover what the user works on. */
const maxNotices = 4

export const createNotices: Slice<NoticesSlice> = (set, get) => ({
  notices: [],
  notify(kind, text, action) {
    const notice: Notice = { id: nextId++, kind, text, ...(action ? { action } : {}) }
    set(({ notices }) => ({ notices: fewest([...notices.filter((other) => other.text !== text), notice]) }))
  },
  report(error: unknown) {
    // A clause that comes from a worker has lost its class, so the compiler cannot tell that it is one.
    const text = isClause(error) ? sentence('images/not-used', { reason: error.message }) : messageOf(error)
    const showHelp = { label: 'Show how', leadsTo: 'pytorch', run: () => get().showPage('pytorch') } as const
    get().notify('error', text, codeOf(error) === 'model/pytorch' ? showHelp : undefined)
    return text
  },
  dismiss(id) {
    set(({ notices }) => ({ notices: notices.filter((notice) => notice.id !== id) }))
  },
})

/** Leaves out the oldest first, and those that can be undone last. */
function fewest(notices: readonly Notice[]): readonly Notice[] {
  const surplus = notices.length - maxNotices
  const leaving = new Set(notices.toSorted((a, b) => rankOf(a) - rankOf(b)).slice(0, Math.max(0, surplus)))
  return notices.filter((notice) => !leaving.has(notice))
}

function rankOf({ action }: Notice): number {
  return action ? 1 : 0
}

/** Reports again and again in one line: a later text takes the place of the one before. */
export function growingNotice(
  get: () => Pick<NoticesSlice, 'notices' | 'notify' | 'dismiss'>,
): (text: string) => void {
  let told: string | null = null
  return (text) => {
    const before = get().notices.find((notice) => notice.text === told)
    if (before) get().dismiss(before.id)
    told = text
    get().notify('warning', text)
  }
}
