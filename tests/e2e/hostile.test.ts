/**
 * What hostile people send: names with markup, `__proto__`, direction marks, line breaks and 10,000 characters in a model,
 * images, classes, notes and a results file, and links to other sites. Nothing of it runs, breaks the page or is lost.
 */
import { readFileSync } from 'node:fs'
import type { Page } from 'playwright'
import { describe, expect, inject, it } from 'vitest'
import { wideConcat } from '../fixtures/hostileModels.ts'
import { inputSpec, sequentialJson, spec } from '../fixtures/kerasModels.ts'
import { fixtures, scanEnds, usePerson } from './person.ts'

const url = inject('url')
const long = 'long'.repeat(2500)
const names = [
  '<img src=x onerror="window.hacked = 1">',
  '"><script>window.hacked = 1</script>',
  '__proto__',
  'constructor',
  'toString',
  'evil\u202Egnp',
  'line\nbreak\u0007',
  long,
]
const unreadable = /[\p{Cc}\u200E\u200F\u2028-\u202E\u2066-\u2069]/u

const modelFile = (content: unknown, name = 'model.json') => ({
  name,
  mimeType: 'application/json',
  buffer: Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)),
})

const hostileModel = modelFile({
  modelTopology: {
    model_config: sequentialJson([inputSpec([16, 16, 3]), ...names.map((name) => spec('ReLU', name))]),
    keras_version: '3.0.0',
  },
  weightsManifest: [],
})

/** Opens pictures, two of each class, in a folder of this name. */
function openPictures(page: Page, classes: readonly string[], name: string): Promise<void> {
  return page.evaluate(
    async ([folders, called]) => {
      const canvas = new OffscreenCanvas(16, 16)
      const context = canvas.getContext('2d')!
      const blobs = new Map<string, Blob>()
      for (const [i, folder] of folders.flatMap((one) => [one, one]).entries()) {
        context.fillStyle = `rgb(${i * 12} ${255 - i * 12} ${i * 5})`
        context.fillRect(0, 0, 16, 16)
        blobs.set(`${folder.replaceAll('/', '∕')}/${i}\u202E.png`, await canvas.convertToBlob())
      }
      await window.urpatch!.state().openImages({
        name: called,
        async *list() {
          yield [...blobs.keys()]
        },
        open: (path) => Promise.resolve(blobs.get(path)!),
      })
    },
    [classes, name] as const,
  )
}

/** What of the page would show that something has run, or has broken its layout. */
async function harmless(page: Page): Promise<void> {
  const found = await page.evaluate(() => ({
    hacked: 'hacked' in window,
    polluted: Object.keys(Object.prototype).length + ('note' in {} ? 1 : 0),
    scripts: document.querySelectorAll('img[onerror], #root script').length,
    wider: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    // What lies over the page makes it no wider.
    outside: [...document.querySelectorAll('.popover, .modal, .tooltip, .notice')].filter((one) => {
      const { left, right } = one.getBoundingClientRect()
      return left < 0 || right > innerWidth
    }).length,
    notices: window.urpatch!.state().notices.map(({ text }) => text),
  }))
  expect(found).toMatchObject({ hacked: false, polluted: 0, scripts: 0, wider: 0, outside: 0 })
  for (const text of found.notices) expect(text).not.toMatch(unreadable)
}

describe('names of hostile people', () => {
  const person = usePerson()

  it('are shown and scanned, saved and opened again', async () => {
    const { page } = person
    page.on('dialog', (dialog) => expect.unreachable(dialog.message()))
    await page.goto(url)
    await page.getByLabel('Model file').setInputFiles(hostileModel)
    await openPictures(page, names, `evil\u202E${long}`)
    await page.getByRole('button', { name: 'Run', exact: true }).waitFor()
    await harmless(page)
    await page.evaluate(() => void window.urpatch!.scan('all'))
    await scanEnds(page)
    const state = await page.evaluate(() => {
      const { model, images, results, scan, skipped } = window.urpatch!.state()
      return {
        status: scan.status,
        skipped: skipped.size,
        layers: model!.network.layers.map(({ name }) => name),
        scanned: [...results.keys()],
        classes: images!.table.classNames,
        name: images!.name,
      }
    })
    expect(state).toMatchObject({ status: 'done', skipped: 0 })
    expect(state.layers).toEqual(expect.arrayContaining(names.slice(0, 5)))
    expect(state.layers).toContain('evil\\u202Egnp')
    expect(state.scanned).toHaveLength(names.length)
    expect(state.classes).toContain('__proto__')
    for (const text of [...state.layers, ...state.classes, state.name]) expect(text).not.toMatch(unreadable)

    // Each layer, a channel and its classes.
    for (const layer of ['__proto__', names[0]!, 'line\\nbreak\\u0007']) {
      await page.evaluate((name) => window.urpatch!.state().showLayer(name), layer)
      await page.getByRole('row', { name: 'Channel 1', exact: true }).click()
      await page
        .getByRole('region', { name: 'Channel details' })
        .getByRole('heading', { name: 'Channel 1' })
        .waitFor()
      await harmless(page)
    }
    // The longest name in all that opens.
    await page.evaluate((name) => window.urpatch!.state().showLayer(name), state.layers.at(-1)!)
    for (const name of ['Filter', 'Go to', 'More to run', 'Export', /^images|^evil/]) {
      await page.getByRole('button', { name }).first().click()
      await page.locator('.popover').first().waitFor()
      await harmless(page)
      await page.keyboard.press('Escape')
      await page.locator('.popover').first().waitFor({ state: 'detached' })
    }
    for (const width of [1440, 390]) {
      await page.setViewportSize({ width, height: 900 })
      await harmless(page)
      for (const name of ['summary', 'trace', 'input', 'finder', 'notes', 'compare'] as const) {
        await page.evaluate((one) => window.urpatch!.state().showPage(one), name)
        await page.getByRole('dialog').waitFor()
        await harmless(page)
        await page.keyboard.press('Escape')
        await page.getByRole('dialog').waitFor({ state: 'detached' })
      }
    }
    await page.setViewportSize({ width: 1440, height: 900 })

    // Notes of somebody else.
    await page.evaluate(async () => {
      window.urpatch!.setNote('__proto__', 1, {
        name: '<img src=x onerror="window.hacked = 1">',
        note: 'two\nlines',
      })
      const notes = JSON.stringify(await window.urpatch!.notes())
      const others = notes.replaceAll(
        'two\\nlines',
        '"><script>window.hacked = 1</script>'.replaceAll('"', '\\"'),
      )
      await window.urpatch!.openNotes(new File([others], 'evil\u202Enosj.notes.json'))
      await window.urpatch!.openNotes(
        new File(['{"__proto__": {"note": 1}, "format": "x"}'], '__proto__\n.json'),
      )
    })
    await harmless(page)

    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.evaluate(() => window.urpatch!.saveResults()),
    ])
    const results = readFileSync(await download.path(), 'utf8')
    await page.goto('about:blank')
    await page.goto(url)
    // As somebody else might have written it.
    const evil = results.replaceAll('evil\\\\u202Egnp', 'evil\u202Egnp')
    await page.evaluate((text) => window.urpatch!.openResults(new File([text], 'evil\u202E.json')), evil)
    await page.getByRole('listbox', { name: 'Layer' }).getByRole('option').first().waitFor()
    await harmless(page)
  })
})

describe('links of hostile people', () => {
  const person = usePerson()

  it.each([
    '?project=http://[',
    '?project=a%25zz',
    '?project=https://example.com/x.json',
    '?project=//example.com/x.json',
    `?project=${encodeURIComponent('javascript:window.hacked=1')}`,
    `?project=${encodeURIComponent('data:application/json,{"model":"m.h5"}')}`,
    `?project=${encodeURIComponent('../../../etc/passwd\u202E')}`,
    '?results=http://[',
    '?results=https://example.com/x.json',
    `?results=${encodeURIComponent('javascript:window.hacked=1')}`,
    '?results=./',
  ])('%s is refused in one sentence', async (query) => {
    const { page } = person
    // Many hosts answer so if there is no such file; the browser would write a 404 to the console.
    await page.route(
      ({ pathname }) => /%zz|passwd/.test(pathname),
      (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html>' }),
    )
    await page.goto(url + query)
    const notice = page.locator('.notice p')
    await notice.waitFor()
    expect(await page.locator('.notice').count()).toBe(1)
    expect(await notice.innerText()).toMatch(
      /^The (project file|results at) .* cannot be loaded \(.+\)\. Check the link\.$/,
    )
    await harmless(page)
  })
})

describe('a model that asks for much', () => {
  const person = usePerson()

  it('is worked with: a concat of ten thousand layers', async () => {
    const { page } = person
    await page.goto(url)
    const files = wideConcat(9990).map(({ name, content }) => ({
      ...modelFile(''),
      name,
      buffer: Buffer.from(content),
    }))
    await page.getByLabel('Model file').setInputFiles(files)
    await page.waitForFunction(() => window.urpatch!.state().model)
    await openPictures(page, ['one'], 'few')
    await page.getByRole('listbox', { name: 'Layer' }).getByRole('option').first().waitFor()
    expect(await page.getByRole('option').count()).toBeLessThan(200)
    await page.getByRole('button', { name: 'Model summary' }).click()
    const summary = page.getByRole('dialog')
    const rows = summary.getByRole('row')
    await rows.nth(3).waitFor()
    expect(await rows.count()).toBeLessThan(100)
    // The last one is there once it is gone to.
    await rows.nth(1).focus()
    await page.keyboard.press('End')
    await summary.getByRole('row', { name: 'r9989' }).waitFor()
    expect(await rows.count()).toBeLessThan(100)
    await page.keyboard.press(' ')
    expect(await page.evaluate(() => window.urpatch!.state().scope)).toContain('all')
    await page.keyboard.press('Escape')
    await page.getByLabel('Model file').setInputFiles(`${fixtures}sequential.h5`)
    await page.waitForFunction(() => window.urpatch!.state().model?.name === 'sequential.h5')
  })
})
