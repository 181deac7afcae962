import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { isDemoOpen } from '../../../src/state/selectors/openProject.ts'
import { imagesLeft } from '../../../src/state/scan/scanPlan.ts'
import type { AppStore } from '../../../src/state/store.ts'
import {
  type Behaviour,
  deferred,
  folderOf,
  imagePaths,
  modelFile,
  settled,
  sourceOf,
  testApp,
} from '../../fixtures/fakeWorkers.ts'

const page = 'https://host.example/app/'
const address = 'course/week3.json'
const imageCount = 60

/** The texts that the host serves, by address relative to the page. */
let served: Map<string, string>

beforeEach(() => {
  const index = imagePaths(imageCount)
    .map((path) => path.replace('/', '\t'))
    .join('\n')
  served = new Map([
    ['course/model.h5', 'weights'],
    ['course/images/index.tsv', index],
  ])
  vi.stubGlobal('document', { baseURI: page })
  vi.stubGlobal('location', new URL(page))
  vi.stubGlobal('fetch', async (url: URL) => {
    const text = served.get(url.href.slice(page.length))
    return text === undefined ? new Response(null, { status: 404 }) : new Response(text)
  })
})

afterEach(() => {
  vi.unstubAllGlobals()
})

function serve(more: object, at = address): void {
  served.set(at, JSON.stringify({ model: 'model.h5', images: 'images/index.tsv', ...more }))
}

const sampled = { sample: 'random:20', layers: ['first'], autorun: true }

function texts(store: AppStore): string[] {
  return store.getState().notices.map(({ text }) => text)
}

/** Opens the project; the engines answer only after `answer`. */
async function opened(more: object): Promise<{ store: AppStore; end: Promise<void>; answer(): void }> {
  serve(more)
  const gate = deferred()
  const behaviour: Behaviour = { scanBatch: () => gate.promise }
  const { store } = testApp(behaviour, 1)
  const end = store.getState().openProject(address)
  await vi.waitFor(() => expect(store.getState().scan.status).toBe('running'))
  return { store, end, answer: () => gate.resolve() }
}

describe('a project', () => {
  it('opens model, images and settings, and says meanwhile that it is being loaded', async () => {
    serve({ k: 9, preprocessing: { resize: 'nearest' }, classes: ['cat'], layers: ['second'] })
    const { store } = testApp()
    const end = store.getState().openProject(address)
    expect(store.getState().openingProject).toBe(page + address)
    await end
    expect(store.getState()).toMatchObject({
      openingProject: null,
      k: 9,
      layer: 'second',
      preprocessing: { resize: 'nearest' },
      selection: { classes: ['cat'], splits: null, sample: 'all' },
      scan: { status: 'idle' },
    })
    expect(store.getState().images!.table.paths).toHaveLength(imageCount)
    expect(isDemoOpen(store.getState())).toBe(false)
    expect(texts(store)).toEqual([])
  })

  it('runs by itself if it says so, over the sample and no further', async () => {
    serve(sampled)
    const { store } = testApp()
    await store.getState().openProject(address)
    expect(store.getState().scan).toMatchObject({ status: 'done', progress: { done: 20, total: 20 } })
    expect(imagesLeft(store.getState(), 'first')).toBe(40)
  })

  it.each([
    [{ afterwards: 'all' }, /week3\.json is not valid: its "afterwards" is "all"; it has to be "rest"\.$/],
    [{ model: 3 }, /its "model" is 3; it has to be the address of a model, such as "model\.h5"\.$/],
    [{ inputSize: [0, 1] }, /its "inputSize" is \[0,1\]; it has to be \[rows, columns\]\.$/],
    [{ autorum: true }, /its key "autorum" does not exist \(did you mean "autorun"\?\)\.$/],
    [
      { layers: 'second' },
      /its "layers" is "second"; it has to be a list of names, such as \["conv2d_5"\]\.$/,
    ],
    [{ model: 'http://[' }, /week3\.json is not valid: its "model" is "http:\/\/\[", which is no address\.$/],
    [{ images: 'http://[' }, /its "images" is "http:\/\/\[", which is no address\.$/],
    [{ preprocessing: { resize: 5 } }, /^The setting resize=5 does not exist\. Allowed: bilinear, /],
    [{ layers: ['frist'] }, /^The model has no layer "frist" that can be scanned\. It has: first, second\.$/],
    [
      { model: 'other.h5' },
      /^\/app\/course\/other\.h5, which the project names, cannot be loaded \(the server answers 404\)/,
    ],
    [{ model: 'https://elsewhere.example/m.h5' }, /it lies on another site/],
  ])('says what is wrong with %j', async (more, sentence) => {
    serve(more)
    const { store } = testApp()
    await store.getState().openProject(address)
    expect(texts(store)).toEqual([expect.stringMatching(sentence)])
    expect(store.getState().openingProject).toBeNull()
  })
})

describe('a link that leads to no project', () => {
  const startPage = '<!-- Urpatch -->\n<!doctype html>\n<html lang="en"><title>Urpatch</title></html>'

  it.each([
    ['http://[', 'The project file http://[ cannot be loaded (that is no address). Check the link.'],
    [
      'https://elsewhere.example/week3.json',
      'The project file https://elsewhere.example/week3.json cannot be loaded (it lies on another site). Check the link.',
    ],
    ['a%zz', 'The project file /app/a%zz cannot be loaded (the server answers 404). Check the link.'],
  ])('as %s is told in one sentence', async (link, sentence) => {
    const { store } = testApp()
    await store.getState().openProject(link)
    expect(texts(store)).toEqual([sentence])
    expect(store.getState().openingProject).toBeNull()
  })

  it.each([
    [
      address,
      /^The project file \/app\/course\/week3\.json cannot be loaded \(the server answers with a web page/,
    ],
    ['course/model.h5', /^\/app\/course\/model\.h5, which the project names, .* with a web page instead/],
    ['course/images/index.tsv', /^\/app\/course\/images\/index\.tsv, which the project names, .* web page/],
  ])('as the host answers its start page for %s', async (missing, sentence) => {
    serve({})
    served.set(missing, startPage)
    const { store } = testApp()
    await store.getState().openProject(address)
    expect(texts(store)).toEqual([expect.stringMatching(sentence)])
  })

  it('as the file is no JSON', async () => {
    served.set(address, '{"model": "model.h5",')
    const { store } = testApp()
    await store.getState().openProject(address)
    expect(texts(store)).toEqual([
      expect.stringMatching(
        /^The project file \/app\/course\/week3\.json is not valid: it is no JSON \(.+\)\.$/,
      ),
    ])
  })
})

it('a project whose name has a per cent sign in it opens', async () => {
  serve({}, 'course/100%25zz.json')
  const { store } = testApp()
  await store.getState().openProject('course/100%25zz.json')
  expect(store.getState().images!.name).toBe('100%zz.json')
  serve({}, 'course/100%zz.json')
  await store.getState().openProject('course/100%zz.json')
  expect(store.getState().images!.name).toBe('100%zz.json')
  expect(texts(store)).toEqual([])
})

describe('a project that goes on with the rest', () => {
  const project = { ...sampled, afterwards: 'rest' }

  it('scans what the sample left out, into the same results', async () => {
    const { store, end, answer } = await opened(project)
    expect(store.getState().scan).toMatchObject({ progress: { total: 20 } })
    const results = store.getState().results.get('first')
    answer()
    await end
    expect(store.getState().scan).toMatchObject({ status: 'done', progress: { done: 60, total: 60 } })
    expect(store.getState().results.get('first')).toBe(results)
    expect(results!.scanned).toBe(imageCount)
    expect(imagesLeft(store.getState(), 'first')).toBe(0)
  })

  it('has nothing to go on with where the sample is everything', async () => {
    const { store, end, answer } = await opened({ ...project, sample: 'all' })
    answer()
    await end
    expect(store.getState().scan).toMatchObject({ status: 'done', progress: { done: 60 } })
    expect(texts(store)).toEqual([])
  })

  it.each<[string, (store: AppStore) => unknown]>([
    ['Stop', (store) => store.getState().stop()],
    ['a k beyond what is kept', (store) => store.getState().setK(50)],
    [
      'other classes',
      (store) => store.getState().setSelection({ classes: ['dog'], splits: null, sample: 'all' }),
    ],
    [
      'another sample',
      (store) => store.getState().setSelection({ classes: null, splits: null, sample: { first: 5 } }),
    ],
    ['another model', (store) => store.getState().openModel([modelFile('other.h5')])],
    ['other images', (store) => store.getState().openImages(sourceOf('own', folderOf(imagePaths(30))))],
  ])('is ended for good by %s', async (_, act) => {
    const { store, end, answer } = await opened(project)
    const acted = act(store)
    answer()
    await acted
    await end
    await settled()
    const { scan, results } = store.getState()
    // What the user began ends by itself; the rest of the project's layer was not scanned.
    expect(scan.status).not.toBe('running')
    expect(results.get('first')?.scanned ?? 0).toBeLessThanOrEqual(20)
  })

  it('goes on after a scan of another layer that was asked for meanwhile', async () => {
    const { store, end, answer } = await opened(project)
    const second = store.getState().run(['second'])
    answer()
    await second
    await end
    const { results } = store.getState()
    expect([...results].map(([layer, { scanned }]) => [layer, scanned])).toEqual([
      ['first', imageCount],
      ['second', 20],
    ])
  })

  it('is ended for good by Stop while the rest is under way', async () => {
    serve(project)
    const gate = deferred()
    let answers = 0
    const { store } = testApp({ scanBatch: () => (++answers > 2 ? gate.promise : Promise.resolve()) }, 1)
    const end = store.getState().openProject(address)
    await vi.waitFor(() => expect(store.getState().scan).toMatchObject({ progress: { total: imageCount } }))
    store.getState().stop()
    gate.resolve()
    await end
    expect(store.getState().scan.status).toBe('stopped')
    expect(imagesLeft(store.getState(), 'first')).toBeGreaterThan(0)
  })
})

describe('the demo', () => {
  const demo = 'demo/demo.urpatch-project.json'

  beforeEach(() => {
    for (const [path, text] of served) served.set(path.replace('course/', 'demo/'), text)
    serve({}, demo)
  })

  it('is told from other projects, until other files are opened', async () => {
    const { store } = testApp()
    await store.getState().openDemo()
    expect(isDemoOpen(store.getState())).toBe(true)
    await store.getState().openModel([modelFile('other.h5')])
    expect(isDemoOpen(store.getState())).toBe(false)
    await store.getState().openProject(demo)
    expect(isDemoOpen(store.getState())).toBe(true)
    await store.getState().openImages(sourceOf('own', folderOf(imagePaths(5))))
    expect(isDemoOpen(store.getState())).toBe(false)
  })

  it('stays the demo on another backend', async () => {
    const { store } = testApp()
    await store.getState().openDemo()
    await store.getState().setBackend('wasm')
    expect(isDemoOpen(store.getState())).toBe(true)
  })
})
