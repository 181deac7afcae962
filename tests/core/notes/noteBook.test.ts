import { describe, expect, it } from 'vitest'
import { agreementOf } from '../../../src/core/notes/agreement.ts'
import { blankNote, isBlank, type SignedNote } from '../../../src/core/notes/note.ts'
import {
  claimNotes,
  emptyBook,
  type Entry,
  entriesOf,
  mergeNotes,
  type NoteBook,
  notesAt,
  unmerged,
  withEntries,
} from '../../../src/core/notes/noteBook.ts'
import { entry, randomEntries, signed } from './books.ts'

function merged(book: NoteBook, incoming: readonly Entry<SignedNote>[], me = ''): NoteBook {
  return withEntries(book, mergeNotes(book, incoming, me).entries)
}

/** All notes of a book as texts, whoever's they are. */
function lines(book: NoteBook, me: string): string[] {
  return entriesOf(book)
    .flatMap(({ layer, channel, notes: { own, others } }) =>
      [...(own ? [{ ...own, author: me }] : []), ...others].map((note) => lineOf(layer, channel, note)),
    )
    .toSorted()
}

function lineOf(
  layer: string,
  channel: number,
  { author, name, family, sure, star, note }: SignedNote,
): string {
  return JSON.stringify([layer, channel, author, name, family, sure, star, note])
}

describe('a merge of several files', () => {
  it('keeps every note that says something, once, whatever the order of the files', () => {
    for (let seed = 1; seed <= 40; seed++) {
      const files = [randomEntries(seed), randomEntries(seed + 100), randomEntries(seed + 200)]
      const expected = [
        ...new Set(
          files
            .flat()
            .filter(({ notes }) => !isBlank(notes))
            .map(({ layer, channel, notes }) => lineOf(layer, channel, notes)),
        ),
      ].toSorted()
      for (const me of ['', 'Anna', 'nobody'])
        for (const order of [files, files.toReversed()])
          expect(
            lines(
              order.reduce((book, file) => merged(book, file, me), emptyBook),
              me,
            ),
            `seed ${seed}`,
          ).toEqual(expected)
    }
  })

  it('overwrites nothing, and counts what is new', () => {
    const book = merged(emptyBook, [entry('conv', 1, signed('', { name: 'eye' }))])
    expect(notesAt(book, 'conv', 1).own).toMatchObject({ name: 'eye' })
    const incoming = [
      entry('conv', 1, signed('Anna', { name: 'pupil' })),
      entry('conv', 1, signed('', { name: 'eye' })),
      entry('conv', 2, signed('Anna')),
    ]
    const { added } = mergeNotes(book, incoming, '')
    expect(added).toBe(1)
    const both = merged(book, incoming)
    expect(notesAt(both, 'conv', 1)).toMatchObject({
      own: { name: 'eye' },
      others: [{ author: 'Anna', name: 'pupil' }],
    })
    expect(both.get('conv')!.has(2)).toBe(false)
    expect(mergeNotes(both, incoming, '').added).toBe(0)
  })

  it("takes the later of the same person's notes as hers, and keeps the earlier one", () => {
    const early = signed('Anna', { name: 'eye', changed: '2026-01-01T00:00:00.000Z' })
    const late = signed('Anna', { name: 'pupil', changed: '2026-01-02T00:00:00.000Z' })
    for (const order of [
      [early, late],
      [late, early],
    ]) {
      const book = order.reduce((one, note) => merged(one, [entry('conv', 0, note)], 'Anna'), emptyBook)
      expect(notesAt(book, 'conv', 0)).toMatchObject({ own: { name: 'pupil' }, others: [{ name: 'eye' }] })
    }
  })

  it('is taken back without what was written since', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const before = merged(emptyBook, randomEntries(seed, 12), 'Anna')
      const merge = mergeNotes(before, randomEntries(seed + 100), 'Anna')
      const after = withEntries(before, merge.entries)
      const back = withEntries(after, unmerged(after, merge))
      expect(lines(back, 'Anna')).toEqual(lines(before, 'Anna'))
      const own = { ...blankNote, name: 'written since', changed: '2026-02-01T00:00:00.000Z' }
      const edited = withEntries(after, [
        { layer: 'conv', channel: 0, notes: { ...notesAt(after, 'conv', 0), own } },
      ])
      expect(notesAt(withEntries(edited, unmerged(edited, merge)), 'conv', 0).own).toEqual(
        merge.entries.some(({ layer, channel }) => layer === 'conv' && channel === 0)
          ? own
          : notesAt(edited, 'conv', 0).own,
      )
    }
  })

  it('gives a person her notes once she says who she is', () => {
    const book = merged(emptyBook, [
      entry('conv', 0, signed('Anna', { name: 'eye' })),
      entry('conv', 1, signed('Ben', { name: 'nose' })),
    ])
    const claimed = withEntries(book, claimNotes(book, 'Anna'))
    expect(notesAt(claimed, 'conv', 0)).toMatchObject({ own: { name: 'eye' }, others: [] })
    expect(notesAt(claimed, 'conv', 1)).toMatchObject({ own: null, others: [{ name: 'nose' }] })
    expect(claimNotes(book, '')).toEqual([])
  })
})

describe('a book', () => {
  it('is not changed by a change, and forgets channels without notes', () => {
    const book = merged(emptyBook, [entry('conv', 1, signed('', { name: 'eye' }))])
    const next = withEntries(book, [{ layer: 'conv', channel: 1, notes: { own: blankNote, others: [] } }])
    expect(book.get('conv')!.size).toBe(1)
    expect(next.size).toBe(0)
    const others = [signed('Anna', { star: true })]
    const kept = withEntries(book, [{ layer: 'conv', channel: 1, notes: { own: blankNote, others } }])
    expect(notesAt(kept, 'conv', 1).own).toEqual(blankNote)
  })
})

/** Counts as slowly as can be: each person's last name, in lower case and with single spaces. */
function slowAgreement(notes: readonly SignedNote[]): { people: number; shares: number[] } | null {
  const votes: string[] = []
  for (const author of new Set(notes.map((note) => note.author))) {
    const named = notes.filter((note) => note.author === author && note.name !== '')
    if (author === '') votes.push(...named.map(({ name }) => name))
    else if (named.length > 0) votes.push(named.toSorted((a, b) => (a.changed < b.changed ? 1 : -1))[0]!.name)
  }
  if (votes.length === 0) return null
  const plain = votes.map((name) => name.toLowerCase().split(' ').filter(Boolean).join(' '))
  const counts = [...new Set(plain)].map((name) => plain.filter((other) => other === name).length)
  return {
    people: votes.length,
    shares: counts.map((count) => count / votes.length).toSorted((a, b) => b - a),
  }
}

describe('the agreement', () => {
  it('is the share of the most common name, one name a person', () => {
    let several = 0
    for (let seed = 1; seed <= 60; seed++) {
      // Dates are all different, so that the last name of a person is known.
      const notes = randomEntries(seed, 12).map(({ notes: note }, i) => ({
        ...note,
        changed: String(100 + i),
      }))
      for (const me of ['', 'Anna']) {
        const mine = notes.find(({ author }) => author === me)
        const own = mine ?? null
        const others = notes.filter((note) => note !== mine)
        const found = agreementOf({ own, others }, me)
        const expected = slowAgreement(notes)
        expect(found?.people).toBe(expected?.people)
        expect(found?.share).toBe(expected?.shares[0])
        const shares = found?.names.map(({ authors }) => authors.length / found.people)
        expect(shares).toEqual(expected?.shares)
        if ((found?.names.length ?? 0) > 1) several++
      }
    }
    expect(several).toBeGreaterThan(20)
  })

  it('names who has given which name, the most common first', () => {
    const others = [
      signed('Anna', { name: 'Eye', changed: '1' }),
      signed('Ben', { name: ' eye'.trim(), changed: '2' }),
      signed('Chloé', { name: 'nose', changed: '3' }),
    ]
    expect(agreementOf({ own: { ...blankNote, star: true }, others }, 'me')).toEqual({
      names: [
        { name: 'Eye', authors: ['Anna', 'Ben'] },
        { name: 'nose', authors: ['Chloé'] },
      ],
      people: 3,
      share: 2 / 3,
    })
    expect(agreementOf({ own: null, others: [signed('Anna', { note: 'text' })] }, '')).toBeNull()
  })
})
