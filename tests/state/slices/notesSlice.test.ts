/** Names and notes, in one browser with its database, and in files. */
import { IDBFactory, IDBObjectStore } from 'fake-indexeddb'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { NotesFile } from '../../../src/core/notes/notesFile.ts'
import { exportResults } from '../../../src/state/exports/exportResults.ts'
import { notesExporter } from '../../../src/state/exports/exportNotes.ts'
import { agreementAt, nameOfChannel } from '../../../src/state/selectors/notes.ts'
import { shownOrder } from '../../../src/state/selectors/shownOrder.ts'
import type { AppStore } from '../../../src/state/store.ts'
import { exportOptions } from '../../fixtures/exportOptions.ts'
import { deferred, modelFile, settled } from '../../fixtures/fakeWorkers.ts'
import { until, useBrowser } from '../../fixtures/visits.ts'
import { savedFigure } from '../../fixtures/savedFigure.ts'

useBrowser()
let fresh: typeof import('../../fixtures/fakeWorkers.ts')
beforeEach(async () => {
  // The page keeps its connection to the database, which is another one in each test.
  vi.resetModules()
  fresh = await import('../../fixtures/fakeWorkers.ts')
})

/** A visit with the model open, and its notes read. */
async function visit(): Promise<AppStore> {
  const { store } = await fresh.readyApp()
  await until(() => expect(store.getState().notesOf).not.toBeNull())
  return store
}

function name(store: AppStore, layer: string, channel: number): string {
  return nameOfChannel(store.getState(), layer, channel)
}

function texts(store: AppStore): string[] {
  return store.getState().notices.map(({ text }) => text)
}

/** Presses the button of the latest notice that has one. */
function undo(store: AppStore): void {
  const { notices, dismiss } = store.getState()
  const notice = notices.findLast(({ action }) => action)!
  expect(notice.action!.label).toBe('Undo')
  dismiss(notice.id)
  notice.action!.run()
}

async function exported(store: AppStore): Promise<{ name: string; file: NotesFile }> {
  const [file] = await notesExporter.make(store.getState(), store.services, exportOptions)
  return { name: file!.name, file: JSON.parse(await file!.blob.text()) as NotesFile }
}

function notesFile(author: string, channels: readonly object[], change: object = {}): File {
  const model = { name: 'animals.h5', sha256: 'model digest' }
  const file = { format: 'urpatch-notes', version: 1, model, author, channels, ...change }
  return new File([JSON.stringify(file)], `${author}.urpatch-notes.json`)
}

describe('notes', () => {
  it('are there again in the next visit, with the name of who wrote them', async () => {
    const store = await visit()
    store.getState().setAuthor(' Anna ')
    store.getState().setNote('first', 1, { name: ' eye ', family: 'parts' })
    store.getState().setNote('second', 3, { star: true, sure: false, note: 'all of them\nare blue' })
    expect(name(store, 'first', 1)).toBe('eye')
    await until(async () => {
      const next = await visit()
      expect(next.getState().author).toBe('Anna')
      expect(next.getState().notes).toEqual(store.getState().notes)
    })
    expect(store.getState().notes.get('second')!.get(3)!.own).toMatchObject({
      star: true,
      sure: false,
      note: 'all of them\nare blue',
    })
  })

  it('are those of the model: others have none, and they are back with it', async () => {
    const store = await visit()
    store.getState().setNote('first', 1, { name: 'eye' })
    const { remote } = store.services.gallery
    const digest = vi
      .spyOn(remote, 'digestFile')
      .mockImplementation((file) =>
        Promise.resolve((file as File).name === 'other.h5' ? 'other digest' : 'model digest'),
      )
    await store.getState().openModel([modelFile('other.h5')])
    await until(() => expect(store.getState().notesOf?.sha256).toBe('other digest'))
    expect(name(store, 'first', 1)).toBe('')
    await store.getState().openModel([modelFile('animals.h5')])
    await until(() => expect(name(store, 'first', 1)).toBe('eye'))
    expect(digest).toHaveBeenCalled()
  })

  it('that are written before the digest is known are kept too', async () => {
    const { store } = fresh.testApp()
    const digest = deferred<string>()
    vi.spyOn(store.services.gallery.remote, 'digestFile').mockReturnValue(digest.promise)
    await store.getState().openModel([modelFile()])
    store.getState().setNote('first', 2, { name: 'early' })
    expect(store.getState().notesOf).toBeNull()
    digest.resolve('model digest')
    await until(() => expect(store.getState().notesOf).not.toBeNull())
    expect(name(store, 'first', 2)).toBe('early')
    await until(async () => expect(name(await visit(), 'first', 2)).toBe('early'))
  })

  it('come into another tab, and do not undo what that tab has written', async () => {
    const [here, there] = [await visit(), await visit()]
    const channel = new BroadcastChannel('urpatch-notes')
    const heard: unknown[] = []
    channel.addEventListener('message', ({ data }: MessageEvent) => heard.push(data))
    here.getState().setNote('first', 1, { name: 'eye' })
    there.getState().setNote('first', 2, { name: 'nose' })
    await until(async () => {
      const next = await visit()
      expect([name(next, 'first', 1), name(next, 'first', 2)]).toEqual(['eye', 'nose'])
    })
    // The tabs of one process share the module, and so the channel: the news of a third one comes to both.
    await until(() => expect(heard).toEqual(['model digest', 'model digest']))
    // oxlint-disable-next-line unicorn/require-post-message-target-origin
    channel.postMessage('model digest')
    await until(() => expect([name(here, 'first', 2), name(there, 'first', 1)]).toEqual(['nose', 'eye']))
    channel.close()
  })

  it('of one channel hold both if two tabs write before they have heard of each other', async () => {
    const [here, there] = [await visit(), await visit()]
    here.getState().setNote('first', 1, { name: 'eye' })
    await settled()
    there.getState().setNote('first', 1, { star: true })
    const both = expect.objectContaining({ name: 'eye', star: true })
    await until(() => expect(there.getState().notes.get('first')!.get(1)!.own).toEqual(both))
    const next = await visit()
    expect(next.getState().notes.get('first')!.get(1)!.own).toEqual(both)
  })

  it('that are written before kept ones are read come into them', async () => {
    const store = await visit()
    store.getState().setNote('first', 1, { star: true })
    await settled()
    const { store: late } = await fresh.readyApp()
    expect(late.getState().notesOf).toBeNull()
    late.getState().setNote('first', 1, { name: 'eye' })
    late.getState().setNote('first', 1, { family: 'eyes' })
    const all = expect.objectContaining({ name: 'eye', family: 'eyes', star: true })
    await until(() => expect(late.getState().notes.get('first')!.get(1)!.own).toEqual(all))
    const next = await visit()
    await until(() => expect(next.getState().notes.get('first')!.get(1)!.own).toEqual(all))
  })

  it('stay on the page if the browser does not keep them, which is told once', async () => {
    const store = await visit()
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('', 'QuotaExceededError')
    })
    store.getState().setNote('first', 1, { name: 'eye' })
    store.getState().setNote('first', 2, { name: 'nose' })
    await until(() => expect(texts(store)).toHaveLength(1))
    await settled()
    expect(texts(store)).toEqual([
      'The browser cannot keep your names and notes (there is no room left for this page). They are gone when the page is closed: export them.',
    ])
    expect(name(store, 'first', 2)).toBe('nose')
  })

  it.each([
    ['SecurityError', 'The operation is insecure.'],
    ['UnknownError', 'The user denied permission to access the database.'],
  ])('are not missed where the page may store nothing (%s), and new ones are told', async (kind, message) => {
    vi.spyOn(IDBFactory.prototype, 'open').mockImplementation(() => {
      throw new DOMException(message, kind)
    })
    const { store } = await fresh.readyApp()
    await until(() => expect(store.getState().notesOf).not.toBeNull())
    expect(texts(store)).toEqual([])
    store.getState().setNote('first', 1, { name: 'eye' })
    await until(() =>
      expect(texts(store)).toEqual([
        'The browser cannot keep your names and notes (cookies and site data are blocked for this page; allow them for the next visit). They are gone when the page is closed: export them.',
      ]),
    )
  })

  it('are kept where tabs cannot tell each other', async () => {
    vi.stubGlobal('BroadcastChannel', undefined)
    const store = await visit()
    store.getState().setNote('first', 1, { name: 'eye' })
    await settled()
    expect(texts(store)).toEqual([])
    const again = await visit()
    await until(() => expect(name(again, 'first', 1)).toBe('eye'))
  })

  it('are not touched by an older app', async () => {
    const request = indexedDB.open('urpatch-notes', 99)
    await new Promise((resolve) => (request.onsuccess = resolve))
    request.result.close()
    const { store } = await fresh.readyApp()
    await until(() =>
      expect(texts(store)[0]).toMatch(/cannot be read \(a newer version of Urpatch has kept them/),
    )
  })
})

describe('a notes file', () => {
  it('brings the names of others beside the own ones, and goes by Undo', async () => {
    const store = await visit()
    store.getState().setAuthor('Me')
    store.getState().setNote('first', 1, { name: 'eye' })
    const before = store.getState().notes
    const anna = notesFile('Anna', [
      { layer: 'first', channel: 1, name: 'Eye' },
      { layer: 'first', channel: 2, name: 'nose' },
      { layer: 'first', channel: 99, name: 'lost' },
      { layer: 'gone', channel: 0, name: 'lost too' },
    ])
    expect(await store.getState().openNotes(anna)).toBe(true)
    expect(texts(store)).toEqual([
      '4 notes have come in from Anna.urpatch-notes.json, by Anna. animals.h5 does not have 2 of the channels, as channel 99 of first: their notes are kept.',
    ])
    await store.getState().openNotes(notesFile('Ben', [{ layer: 'first', channel: 1, name: 'ear' }]))
    expect(name(store, 'first', 1)).toBe('eye')
    expect(name(store, 'first', 2)).toBe('nose')
    expect(agreementAt(store.getState(), 'first', 1)).toMatchObject({ people: 3, share: 2 / 3 })
    const { file } = await exported(store)
    expect(file.channels.map(({ layer, channel, author = 'Me' }) => [layer, channel, author])).toEqual([
      ['first', 1, 'Me'],
      ['first', 1, 'Anna'],
      ['first', 1, 'Ben'],
      ['first', 2, 'Anna'],
      ['first', 99, 'Anna'],
      ['gone', 0, 'Anna'],
    ])
    undo(store)
    await until(() => expect(agreementAt(store.getState(), 'first', 1)?.people).toBe(2))
    undo(store)
    await until(() => expect(store.getState().notes).toEqual(before))
    // What is not there any more is not in the database either.
    await until(async () => expect((await visit()).getState().notes).toEqual(before))
  })

  it('says that there is nothing new in it', async () => {
    const store = await visit()
    const anna = notesFile('Anna', [{ layer: 'first', channel: 1, name: 'eye' }])
    await store.getState().openNotes(anna)
    await store.getState().openNotes(anna)
    expect(texts(store).at(-1)).toBe('All notes of Anna.urpatch-notes.json are here already.')
  })

  it('that is broken changes nothing and says why', async () => {
    const store = await visit()
    for (const content of ['{', '[]', '{"format":"urpatch-notes","version":1,"channels":[{}]}'])
      expect(await store.getState().openNotes(new File([content], 'x.urpatch-notes.json'))).toBe(false)
    expect(
      texts(store).every((text) => text.startsWith('The notes in x.urpatch-notes.json cannot be read: ')),
    ).toBe(true)
    expect(texts(store)).toHaveLength(3)
    expect(store.getState().notes.size).toBe(0)
  })

  it('of another model comes in with a word about that', async () => {
    const store = await visit()
    const other = { model: { name: 'epoch-1.h5', sha256: 'another' } }
    await store.getState().openNotes(notesFile('Anna', [{ layer: 'first', channel: 1, name: 'eye' }], other))
    expect(texts(store)[0]).toContain('They were written about epoch-1.h5, which is another model.')
    expect(name(store, 'first', 1)).toBe('eye')
  })

  it('waits for its model if that is not open', async () => {
    const { store } = fresh.testApp()
    await store.getState().openNotes(notesFile('Anna', [{ layer: 'first', channel: 1, name: 'eye' }]))
    expect(texts(store)).toEqual([
      'The note of Anna.urpatch-notes.json is kept, and shown when animals.h5 is open.',
    ])
    await store.getState().openModel([modelFile()])
    await until(() => expect(name(store, 'first', 1)).toBe('eye'))
    const { store: other } = fresh.testApp()
    await other.getState().openNotes(notesFile('Anna', [], { model: {} }))
    expect(texts(other)).toEqual([
      'Anna.urpatch-notes.json does not say which model its notes are about. Open that model first, then this file.',
    ])
  })

  it('becomes mine once I say that I am its author', async () => {
    const store = await visit()
    await store.getState().openNotes(notesFile('Anna', [{ layer: 'first', channel: 1, name: 'eye' }]))
    store.getState().setAuthor('Anna')
    expect(store.getState().notes.get('first')!.get(1)).toMatchObject({ own: { name: 'eye' }, others: [] })
    expect(await exported(store)).toMatchObject({
      name: 'animals-Anna.urpatch-notes.json',
      file: { author: 'Anna' },
    })
  })
})

describe('a results file', () => {
  it('has the notes, and brings them back', async () => {
    const store = await visit()
    store.getState().setNote('first', 1, { name: 'eye' })
    await store.getState().run(['first'])
    const saved = await exportResults(store.getState(), store.services)
    const text = await saved!.blob.text()
    expect((JSON.parse(text) as { notes: NotesFile }).notes).toEqual((await exported(store)).file)

    const { store: other } = fresh.testApp()
    expect(
      await other.getState().openResults(new File([text.replaceAll('model digest', 'd2')], 'x.json')),
    ).toBe(true)
    await until(() => expect(name(other, 'first', 1)).toBe('eye'))
    // Nothing was changed, so the file is saved as it is.
    const again = await exportResults(other.getState(), other.services)
    expect(await again!.blob.text()).toBe(text.replaceAll('model digest', 'd2'))
    other.getState().setNote('first', 2, { name: 'nose' })
    const changed = JSON.parse(
      await (await exportResults(other.getState(), other.services))!.blob.text(),
    ) as {
      notes: NotesFile
      layers: unknown
    }
    expect(changed.notes.channels.map((one) => one.name)).toEqual(['eye', 'nose'])
    expect(changed.layers).toEqual((JSON.parse(text) as { layers: unknown }).layers)
  })

  it('has none if there are none', async () => {
    const store = await visit()
    await store.getState().run(['first'])
    const saved = await exportResults(store.getState(), store.services)
    expect(Object.keys(JSON.parse(await saved!.blob.text()) as object)).not.toContain('notes')
  })
})

describe('a saved picture', () => {
  it('has the name beside the number of the channel', async () => {
    const { store, gallery } = await fresh.readyApp()
    await until(() => expect(store.getState().notesOf).not.toBeNull())
    store.getState().setNote('first', 1, { name: 'eye' })
    await store.getState().run(['first'])
    await savedFigure(store, 'first', [1, 2])
    const [, requests] = gallery.calls.find(([method]) => method === 'figures')!
    expect((requests as { title: string }[]).map(({ title }) => title)).toEqual([
      'Channel 1 · eye',
      'Channel 2',
    ])
  })
})

describe('a filter by notes', () => {
  it('shows what passes when it is chosen, with and without results, and keeps what is named meanwhile', async () => {
    const store = await visit()
    const shown = (): readonly number[] => shownOrder(store.getState()).channels
    const { setView, setNote, showLayer } = store.getState()
    showLayer('first')
    setNote('first', 1, { name: 'eye' })
    setNote('first', 2, { star: true })
    for (const scan of [false, true]) {
      if (scan) await store.getState().run(['first'])
      setNote('first', 0, { name: '' })
      setView({ noted: 'unnamed' })
      expect(shown()).toEqual([0, 2, 3])
      setNote('first', 0, { name: 'new' })
      expect(shown()).toEqual([0, 2, 3])
      setView({ noted: 'named' })
      expect(shown()).toEqual([0, 1])
      setView({ noted: 'starred' })
      expect(shown()).toEqual([2])
      setView({ noted: null })
      expect(shown()).toEqual([0, 1, 2, 3])
    }
  })
})
