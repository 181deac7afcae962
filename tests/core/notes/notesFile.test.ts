import { describe, expect, it } from 'vitest'
import {
  emptyBook,
  entriesOf,
  mergeNotes,
  type NoteBook,
  withEntries,
} from '../../../src/core/notes/noteBook.ts'
import { notesRecord, notesText } from '../../../src/core/notes/notesFile.ts'
import { notesDiffer, readNotesText } from '../../../src/core/notes/readNotes.ts'
import { entry, randomEntries, signed } from './books.ts'

const model = { name: 'animals.h5', sha256: 'abc' }

function bookOf(seed: number, me: string): NoteBook {
  return withEntries(emptyBook, mergeNotes(emptyBook, randomEntries(seed), me).entries)
}

/** A file by the contract, as another program would write it. */
const contract = {
  format: 'urpatch-notes',
  version: 1,
  model,
  author: 'Anna',
  channels: [
    {
      layer: 'conv2d_5',
      channel: 16,
      name: 'eye',
      family: 'parts',
      sure: true,
      star: false,
      note: 'blue',
      changed: '2026-05-01T10:00:00Z',
    },
  ],
}

function read(change: object = {}) {
  return readNotesText(JSON.stringify({ ...contract, ...change }), 'anna.urpatch-notes.json')
}

function withChannel(change: object) {
  return read({ channels: [{ ...contract.channels[0], ...change }] })
}

describe('a notes file', () => {
  it('is read as the contract says', () => {
    expect(read()).toEqual({
      model,
      entries: [
        entry(
          'conv2d_5',
          16,
          signed('Anna', { name: 'eye', family: 'parts', note: 'blue', changed: '2026-05-01T10:00:00.000Z' }),
        ),
      ],
    })
  })

  it('is the same book again after writing and reading', () => {
    for (const me of ['', 'Anna'])
      for (let seed = 1; seed <= 20; seed++) {
        const book = bookOf(seed, me)
        const text = notesText(notesRecord(book, model, me))
        const back = readNotesText(text, 'x')
        expect(back.model).toEqual(model)
        const again = withEntries(emptyBook, mergeNotes(emptyBook, back.entries, me).entries)
        expect(entriesOf(again)).toEqual(entriesOf(book))
        expect(notesText(notesRecord(again, model, me))).toBe(text)
      }
  })

  it('has the keys of the contract, one line a channel', () => {
    const book = withEntries(
      emptyBook,
      mergeNotes(
        emptyBook,
        [...read().entries, entry('conv2d_5', 16, signed('Ben', { name: 'nose' }))],
        'Anna',
      ).entries,
    )
    const text = notesText(notesRecord(book, model, 'Anna'))
    expect(JSON.parse(text)).toEqual({
      ...contract,
      channels: [
        { ...contract.channels[0], changed: '2026-05-01T10:00:00.000Z' },
        {
          layer: 'conv2d_5',
          channel: 16,
          name: 'nose',
          family: '',
          sure: true,
          star: false,
          note: '',
          changed: '',
          author: 'Ben',
        },
      ],
    })
    expect(text.split('\n').filter((line) => line.includes('"layer"'))).toHaveLength(2)
    expect(JSON.parse(notesText(notesRecord(emptyBook, model, '')))).toMatchObject({ channels: [] })
  })

  it('may have keys that are not known here, and lack those that say nothing', () => {
    expect(read({ palette: ['red'] }).entries).toHaveLength(1)
    expect(withChannel({ colour: 'red' }).entries).toEqual(read().entries)
    const { entries } = read({
      author: undefined,
      channels: [{ layer: 'a', channel: 0, name: ' x ', note: null }],
    })
    expect(entries).toEqual([entry('a', 0, signed('', { name: 'x' }))])
  })

  it.each([
    ['[]', 'it is [], not an object'],
    ['{"format":"urpatch-notes","ver', /it is not valid JSON \(.+\)/],
    ['{}', 'format is missing'],
    ['{"format":"urpatch-results","version":1}', 'format is "urpatch-results", not "urpatch-notes"'],
    ['{"format":"urpatch-notes"}', /version is missing/],
    ['{"format":"urpatch-notes","version":1}', 'channels is missing'],
  ])('%s is refused in a sentence', (text, problem) => {
    expect(() => readNotesText(text, 'anna.json')).toThrow(
      typeof problem === 'string' ? `The notes in anna.json cannot be read: ${problem}.` : problem,
    )
  })

  it.each([
    [{ layer: 3 }, 'channels[0].layer is 3, not text'],
    [{ channel: -1 }, /channels\[0\]\.channel is -1, not a whole number/],
    [{ channel: 1.5 }, /channels\[0\]\.channel/],
    [{ name: ['eye'] }, 'channels[0].name is ["eye"], not text'],
    [{ sure: 'yes' }, 'channels[0].sure is "yes", not true or false'],
    [{ changed: 'yesterday' }, 'channels[0].changed is "yesterday", not a date'],
    [{ lists: 'eyes' }, 'channels[0].lists is "eyes", not a list'],
  ])('a channel with %o is refused by its key', (change, problem) => {
    expect(() => withChannel(change)).toThrow(problem)
  })

  it('of a newer version is refused as such, however it looks', () => {
    expect(() => read({ version: 2, channels: 'none' })).toThrow(/newer Urpatch: their version is 2/)
  })
})

describe('notes in a results file', () => {
  it('are other ones if any note is, and not if only their order is', () => {
    const record = notesRecord(bookOf(1, 'Anna'), model, 'Anna')
    const [first, ...rest] = record.channels
    expect(notesDiffer(JSON.parse(JSON.stringify(record)), record)).toBe(false)
    expect(notesDiffer({ ...record, channels: record.channels.toReversed() }, record)).toBe(false)
    expect(notesDiffer({ ...record, channels: rest }, record)).toBe(true)
    expect(notesDiffer({ ...record, channels: [{ ...first, star: !first!.star }, ...rest] }, record)).toBe(
      true,
    )
    expect(notesDiffer(record, null)).toBe(true)
    expect(notesDiffer(undefined, null)).toBe(false)
    expect(notesDiffer(undefined, record)).toBe(true)
    // What cannot be read is not lost.
    expect(notesDiffer({ format: 'urpatch-notes', version: 9 }, null)).toBe(false)
  })
})
