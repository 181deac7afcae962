import { describe, expect, it } from 'vitest'
import { mergeEdits } from '../../../src/core/notes/mergeEdits.ts'
import { blankNote, noNotes, type ChannelNotes, type Note } from '../../../src/core/notes/note.ts'

const own = (note: Partial<Note>): ChannelNotes => ({ own: { ...blankNote, ...note }, others: [] })
const signed = (author: string, name: string) => ({ ...blankNote, author, name })

describe('two edits of one channel', () => {
  it('both hold if they are about different fields', () => {
    const before = own({ name: 'eye', changed: '1' })
    const stored = own({ name: 'eye', star: true, lists: ['mine'], changed: '3' })
    const after = own({ name: 'cat’s eye', changed: '2' })
    expect(mergeEdits(stored, before, after)).toEqual(
      own({ name: 'cat’s eye', star: true, lists: ['mine'], changed: '3' }),
    )
  })

  it('of the same field are the later one, also if it takes something away', () => {
    const before = own({ name: 'eye', note: 'old', lists: ['a'] })
    const stored = own({ name: 'nose', note: 'old', lists: ['a', 'b'] })
    expect(mergeEdits(stored, before, own({ name: '', note: 'old', lists: [] }))).toEqual(
      own({ name: '', note: 'old', lists: [] }),
    )
  })

  it('hold too if nothing was there before', () => {
    expect(mergeEdits(own({ star: true }), noNotes, own({ name: 'eye' }))).toEqual(
      own({ name: 'eye', star: true }),
    )
    expect(mergeEdits(noNotes, noNotes, own({ name: 'eye' }))).toEqual(own({ name: 'eye' }))
    // What was written before a file came in stays.
    const file = { own: null, others: [signed('Ann', 'eye')] }
    expect(mergeEdits(own({ star: true }), noNotes, file)).toEqual({
      ...own({ star: true }),
      others: file.others,
    })
  })

  it('keep the notes of other people that came in elsewhere, and not those that were taken away here', () => {
    const [ann, bob, eve] = [signed('Ann', 'eye'), signed('Bob', 'ear'), signed('Eve', 'nose')]
    const merged = mergeEdits(
      { own: null, others: [ann, bob, eve] },
      { own: null, others: [ann, bob] },
      { own: null, others: [bob] },
    )
    expect(merged.others).toEqual([bob, eve])
  })
})
