/** @file Sentences for the user. The only place where an error becomes one. */
import { isClause, messageOf, type Reportable, sentence } from '../../core/errors.ts'
import type { Slice } from '../appState.ts'

export interface Notice {
  readonly id: number
  /** Information leaves by itself; a warning, which a person should know of to believe the results, and an error stay. */
  readonly kind: 'error' | 'warning' | 'info'
  readonly text: string
  /** What can be done about it, as *Undo*; doing it closes the notice. */
  readonly action?: NoticeAction
}

export interface NoticeAction {
  readonly label: string
  run(): void
}

export interface NoticesSlice {
  readonly notices: readonly Notice[]
  notify(kind: Notice['kind'], text: string, action?: NoticeAction): void
  /** Shows an error; returns its sentence. A clause is finished before: by whoever knows what it is about. */
  report<E>(error: Reportable<E>): string
  dismiss(id: number): void
}

let nextId = 0

/** More would cover what the user works on. */
const maxNotices = 4

export const createNotices: Slice<NoticesSlice> = (set, get) => ({
  notices: [],
  notify(kind, text, action) {
    const notice: Notice = { id: nextId++, kind, text, ...(action ? { action } : {}) }
    set(({ notices }) => ({ notices: fewest([...notices.filter((other) => other.text !== text), notice]) }))
  },
  report(error: unknown) {
    // A clause of a worker has lost its class, so it may have come past the compiler.
    const text = isClause(error) ? sentence('images/not-used', { reason: error.message }) : messageOf(error)
    get().notify('error', text)
    return text
  },
  dismiss(id) {
    set(({ notices }) => ({ notices: notices.filter((notice) => notice.id !== id) }))
  },
})

/** The oldest go first, those that can be undone last. */
function fewest(notices: readonly Notice[]): readonly Notice[] {
  const surplus = notices.length - maxNotices
  const leaving = new Set(notices.toSorted((a, b) => rankOf(a) - rankOf(b)).slice(0, Math.max(0, surplus)))
  return notices.filter((notice) => !leaving.has(notice))
}

function rankOf({ action }: Notice): number {
  return action ? 1 : 0
}
