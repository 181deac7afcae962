/** @file Notes for tests. */
import { blankNote, type SignedNote } from '../../../src/core/notes/note.ts'
import type { Entry } from '../../../src/core/notes/noteBook.ts'
import { seededRandom } from '../../../src/core/seededRandom.ts'

export function signed(author: string, note: Partial<SignedNote> = {}): SignedNote {
  return { ...blankNote, author, ...note }
}

export function entry(layer: string, channel: number, notes: SignedNote): Entry<SignedNote> {
  return { layer, channel, notes }
}

/** Notes of several people about a few channels, with many that are alike. */
export function randomEntries(seed: number, count = 60): Entry<SignedNote>[] {
  const random = seededRandom(seed)
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!
  return Array.from({ length: count }, () =>
    entry(
      pick(['conv', 'dense']),
      pick([0, 1, 2, 3]),
      signed(pick(['', 'Anna', 'Ben', 'Chloé']), {
        name: pick(['', 'eye', 'Eye', ' eye ', 'nose', 'dog  ear', 'dog ear']).trim(),
        family: pick(['', 'parts']),
        star: random() < 0.3,
        note: pick(['', 'blue ones']),
        changed: pick([
          '',
          '2026-01-01T00:00:00.000Z',
          '2026-01-02T00:00:00.000Z',
          '2026-01-03T00:00:00.000Z',
        ]),
      }),
    ),
  )
}
