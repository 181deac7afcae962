import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  copiedText,
  linkTo,
  needsText,
  otherThanFollowed,
  readLink,
} from '../../../src/state/selectors/links.ts'
import { readHash } from '../../../src/state/selectors/urlHash.ts'
import { readyApp } from '../../fixtures/fakeWorkers.ts'

const page = 'https://some.host/urpatch/?project=old.json#layer=first'

beforeEach(() => vi.stubGlobal('document', { baseURI: 'https://some.host/urpatch/' }))
afterEach(() => vi.unstubAllGlobals())

async function shown() {
  const { store } = await readyApp()
  store.getState().showLayer('second')
  store.getState().showChannel(3)
  return store
}

describe('a link', () => {
  it('to files of one’s own says what they are called, and no project that is not open', async () => {
    const store = await shown()
    const { model, images } = store.getState()
    const link = new URL(linkTo(store.getState(), page))
    expect(link.href.startsWith('https://some.host/urpatch/#layer=second&channel=3&model=')).toBe(true)
    expect(readLink(link.hash)).toEqual({
      layer: 'second',
      channel: 3,
      model: model!.name,
      images: images!.name,
    })
    expect(readHash(link.hash)).toMatchObject({ layer: 'second', channel: 3 })
    expect(copiedText(store.getState())).toBe(
      `The link to channel 3 of second is copied. Whoever follows it is asked to open ${model!.name} and ${images!.name}: the link holds their names only.`,
    )
    expect(needsText(readLink(link.hash)!)).toBe(
      `This link shows channel 3 of second in ${model!.name}: open the model and the images (${images!.name}).`,
    )
  })

  it('escapes names, and cuts long ones', async () => {
    const store = await shown()
    const name = `a&b #1=${'x'.repeat(200)}.h5`
    store.setState(({ model }) => ({ model: { ...model!, name } }))
    const link = new URL(linkTo(store.getState(), page))
    expect(readLink(link.hash)!.model).toBe(name.slice(0, 80))
    store.setState({ followed: readLink(link.hash) })
    expect(otherThanFollowed(store.getState())).toBe(null)
    store.setState(({ model }) => ({ model: { ...model!, name: 'other.h5' } }))
    expect(otherThanFollowed(store.getState())).toMatch(
      /^The link is about a&b #1=x+, and other\.h5 is open\.$/,
    )
  })

  it.each([
    [
      'https://some.host/course/week 3.json',
      '?project=/course/week%25203.json',
      'https://some.host/course/week%203.json',
    ],
    ['https://some.host/urpatch/demo/demo.urpatch-project.json', '?demo', null],
  ])('to the project %s opens it', async (address, search, opened) => {
    const store = await shown()
    const { model, images } = store.getState()
    store.setState({ project: { address: new URL(address).href, model: model!.source, images: images! } })
    const link = new URL(linkTo(store.getState(), page))
    expect([link.search, link.hash]).toEqual([search, '#layer=second&channel=3'])
    if (opened) expect(new URL(link.searchParams.get('project')!, page).href).toBe(opened)
    expect(copiedText(store.getState())).toBe(
      'The link to channel 3 of second is copied. It opens the model and the images by itself.',
    )
  })

  it('that names nothing says so much', () => {
    expect(needsText(readLink('#layer=conv2d_5&channel=4')!)).toBe(
      'This link shows channel 4 of conv2d_5: open the model and the images.',
    )
    expect(needsText(readLink('#layer=conv2d_5')!)).toBe(
      'This link shows conv2d_5: open the model and the images.',
    )
    expect(readLink('#sort=class')).toBe(null)
  })
})
