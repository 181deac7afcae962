import { describe, expect, it } from 'vitest'
import { blankNote, type ChannelNotes, type Note, type SignedNote } from '../../../src/core/notes/note.ts'
import { emptyBook, type NoteBook, withEntries } from '../../../src/core/notes/noteBook.ts'
import {
  namedIn,
  nameIn,
  noteTest,
  searchNotes,
  shownNote,
  usedWords,
} from '../../../src/core/notes/shownNote.ts'
import { signed } from './books.ts'

function notes(own: Partial<Note> | null, ...others: SignedNote[]): ChannelNotes {
  return { own: own && { ...blankNote, ...own }, others }
}

function book(...channels: readonly (readonly [string, number, ChannelNotes])[]): NoteBook {
  return withEntries(
    emptyBook,
    channels.map(([layer, channel, its]) => ({ layer, channel, notes: its })),
  )
}

describe('what is shown of notes', () => {
  it("is the user's own, and what others wrote where she wrote nothing", () => {
    const others = [
      signed('Anna', { name: 'pupil', family: 'parts', star: true }),
      signed('Ben', { name: 'Eye', note: 'blue ones', sure: false, lists: ['good'] }),
      signed('Chloé', { name: 'eye' }),
    ]
    expect(shownNote(notes(null, ...others))).toMatchObject({
      name: 'Eye',
      family: 'parts',
      note: 'blue ones',
      star: true,
      sure: true,
      lists: ['good'],
    })
    expect(shownNote(notes({ name: 'iris', sure: false, lists: ['mine'] }, ...others))).toMatchObject({
      name: 'iris',
      star: false,
      sure: false,
      lists: ['mine', 'good'],
    })
    expect(shownNote(notes(null))).toEqual(blankNote)
  })

  it('filters channels by name, star, family and list', () => {
    const some = book(
      ['conv', 0, notes({ name: 'eye', family: 'Parts' })],
      ['conv', 1, notes({ star: true })],
      ['conv', 2, notes(null, signed('Anna', { name: 'nose', lists: ['Good ones'] }))],
    )
    const passing = (filter: string): number[] => [0, 1, 2, 3].filter(noteTest(filter, some, 'conv'))
    expect(passing('named')).toEqual([0, 2])
    expect(passing('unnamed')).toEqual([1, 3])
    expect(passing('starred')).toEqual([1])
    expect(passing('family:parts')).toEqual([0])
    expect(passing('list:good ones')).toEqual([2])
    expect(passing('of a later version')).toEqual([0, 1, 2, 3])
    expect([namedIn(some, 'conv', 4), namedIn(some, 'conv', 2), namedIn(some, 'other', 4)]).toEqual([2, 1, 0])
    expect([nameIn(some, 'conv', 2), nameIn(some, 'conv', 3)]).toEqual(['nose', ''])
    expect([usedWords(some, 'family'), usedWords(some, 'lists')]).toEqual([['Parts'], ['Good ones']])
  })

  it('finds channels of all layers by what is written, names first', () => {
    const some = book(
      ['a', 3, notes({ note: 'the eye of a cat' })],
      ['a', 5, notes({ name: 'eyebrow' })],
      ['b', 1, notes({ name: 'iris' }, signed('Anna', { name: 'EYE' }))],
      ['b', 2, notes({ name: 'nose', family: 'eyes and noses' })],
      ['b', 4, notes({ name: 'leaf' })],
    )
    const found = (text: string, most?: number): string[] =>
      searchNotes(text, some, most).map(({ layer, channel }) => `${layer} ${channel}`)
    expect(found('eye')).toEqual(['b 1', 'a 5', 'a 3', 'b 2'])
    expect(found(' Eye ', 2)).toEqual(['b 1', 'a 5'])
    expect(found('leaf')).toEqual(['b 4'])
    expect(found('')).toEqual([])
    expect(searchNotes('eye', some)[0]!.names).toEqual(['iris', 'EYE'])
  })
})
