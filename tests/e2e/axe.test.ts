/** axe-core finds no violation at all in the page's states, light and dark. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { checkWithAxe as check } from './axe.ts'
import { fixtures, openFiles, scanEnds, scanReaches, usePerson } from './person.ts'

const url = inject('url')
let folder: string
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'urpatch-axe-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const dialog = (page: Page) => page.getByRole('dialog')
const channel = (page: Page) => page.getByRole('region', { name: 'Channel details' })

/** Closes everything that lies over the page, one after the other. */
async function close(page: Page): Promise<void> {
  const over = page.locator('.popover, .modal')
  // A key that is pressed before the focus is back has no effect.
  const press = async (): Promise<number> => {
    if ((await over.count()) > 0) await page.keyboard.press('Escape')
    return over.count()
  }
  await expect.poll(press).toBe(0)
}

/** Opens a menu of the header; on narrow screens it is inside of another menu. */
async function openMenu(page: Page, name: string | RegExp, isWide: boolean): Promise<void> {
  await close(page)
  if (!isWide) await page.getByRole('button', { name: 'Menu', exact: true }).click()
  await page.getByRole('button', { name }).click()
  await page
    .locator('.popover')
    .nth(isWide ? 0 : 1)
    .waitFor()
}

async function openOwn(page: Page, layer: string): Promise<void> {
  await page.goto(url)
  await openFiles(page, `${fixtures}sequential.h5`, `${fixtures}images`)
  await page.evaluate((name) => window.urpatch!.state().showLayer(name), layer)
}

describe.each([
  ['a wide screen', { width: 1440, height: 900 }],
  ['a telephone', { width: 390, height: 844 }],
])('axe finds nothing on %s', (_, viewport) => {
  const person = usePerson(viewport)
  const isWide = viewport.width > 1000

  it('before there is something to scan', async () => {
    const { page } = person
    await page.goto(url)
    await page.getByText('Nothing leaves your computer').waitFor()
    await check(page, 'start')
    await page.getByRole('button', { name: 'More ways to open pictures' }).click()
    await check(page, 'more ways to open')
    await close(page)
    await page.getByLabel('Model file').setInputFiles(`${fixtures}images/red/00.png`)
    await page.getByText('00.png cannot be opened').waitFor()
    await check(page, 'error')
    await page.getByLabel('Model file').setInputFiles(`${fixtures}sequential.h5`)
    await page.getByText('sequential.h5 is open').waitFor()
    await check(page, 'model open')

    await page.goto('about:blank')
    await page.goto(`${url}#layer=conv2d_5&channel=4&model=own.h5&images=photos`)
    await page.getByText('This link shows').waitFor()
    await check(page, 'link')
    await page.route('**/demo/*.h5', () => undefined)
    await page.goto(`${url}?demo`)
    await page.getByRole('heading', { name: 'Opening demo…' }).waitFor()
    await check(page, 'opening a project')
    await page.unrouteAll()
  })

  it('while it scans, and in the tour', async () => {
    const { page } = person
    await page.goto(`${url}?demo`)
    await scanReaches(page, 1)
    await page.getByRole('button', { name: 'Pause' }).click()
    await check(page, 'tour, paused')
    await page.getByRole('button', { name: 'Resume' }).click()
    await check(page, 'scanning')
    await page.getByRole('button', { name: 'Stop' }).click()
    await page.getByRole('button', { name: 'End the tour' }).click()
    await check(page, 'stopped')
    await page.getByRole('row', { name: 'Channel 2', exact: true }).click()
    await channel(page).getByRole('heading', { name: 'Channel 2' }).waitFor()
    await check(page, 'channel')
    await channel(page).getByRole('button', { name: 'Prove this patch' }).click()
    await channel(page)
      .getByText(/^(Proved|Not proved)/)
      .waitFor()
    await check(page, 'proof')
    for (const name of ['trace', 'summary', 'keys', 'input', 'pytorch'] as const) {
      await page.evaluate((one) => window.urpatch!.state().showPage(one), name)
      await dialog(page).waitFor()
      if (name === 'input') await dialog(page).getByRole('img', { name: 'What the network gets' }).waitFor()
      await check(page, name)
      await close(page)
    }
  })

  it('with files of one’s own, in menus and dialogs', async () => {
    const { page } = person
    await openOwn(page, 'conv_valid')
    await check(page, 'ready')
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    await scanEnds(page)
    await check(page, 'done')
    if (!isWide) {
      await page.getByRole('button', { name: 'Menu', exact: true }).click()
      await dialog(page).waitFor()
      await check(page, 'menu')
      await close(page)
      await page.getByRole('button', { name: /^Layers:/ }).click()
      await dialog(page).waitFor()
      await check(page, 'layers')
      await page.keyboard.press('Escape')
      await dialog(page).waitFor({ state: 'detached' })
    }
    await openMenu(page, /^images/, isWide)
    await check(page, 'images menu')
    await close(page)
    await openMenu(page, /^Backend/, isWide)
    await check(page, 'backend menu')
    await close(page)
    await openMenu(page, 'Export', isWide)
    await check(page, 'export menu')
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: 'Results (JSON)' }).click(),
    ])
    const results = path.join(folder, 'yesterday.urpatch.json')
    await file.saveAs(results)
    for (const item of ['Figure (', 'Project for a link']) {
      await openMenu(page, 'Export', isWide)
      await page.getByRole('menuitem', { name: item }).click()
      await dialog(page).waitFor()
      await check(page, item)
      await close(page)
    }
    if (isWide) {
      await page.getByRole('button', { name: /^All types/ }).click()
      await check(page, 'a choice')
      await close(page)
    }
    await page.getByRole('button', { name: 'More to run' }).click()
    await page.getByRole('menu').waitFor()
    await check(page, 'run menu')
    await close(page)
    if (isWide) {
      await page.getByRole('button', { name: 'Go to' }).click()
      await dialog(page).waitFor()
      await page.keyboard.type('4000')
      await page.keyboard.press('Enter')
      await dialog(page)
        .getByText(/conv_valid has the channels/)
        .waitFor()
      await check(page, 'go to')
      await close(page)
    }
    await page.getByRole('button', { name: isWide ? 'Filter' : 'View' }).click()
    await dialog(page).getByText('Hide dead').waitFor()
    await check(page, isWide ? 'filter' : 'view')
    await close(page)
    await page.evaluate(() => window.urpatch!.state().showChannel(1))
    await channel(page).getByRole('button', { name: 'green', exact: true }).click()
    await channel(page).getByRole('group', { name: 'Images of green', exact: true }).waitFor()
    await check(page, 'images of a class')
    await channel(page).getByRole('slider', { name: 'Strength' }).press('Home')
    await channel(page)
      .getByRole('group', { name: /^Images from/ })
      .waitFor()
    await check(page, 'a level')
    await page.evaluate(() => {
      const { setKeep, setView, showFull } = window.urpatch!.state()
      setKeep(100)
      setView({ alikeOnce: true })
      showFull(true)
    })
    await channel(page)
      .getByRole(isWide ? 'switch' : 'slider', { name: isWide ? 'Alike patches once' : 'Strength' })
      .waitFor()
    await check(page, 'full page, alike patches once')
    await page.evaluate(() => {
      window.urpatch!.state().setView({ alikeOnce: false })
      window.urpatch!.state().showFull(false)
    })
    await channel(page).getByRole('button', { name: 'Enlarge the image' }).click()
    await dialog(page).getByRole('img', { name: 'The patch in its image' }).waitFor()
    await check(page, 'enlarged image')
    await page.keyboard.press('Escape')
    await dialog(page).waitFor({ state: 'detached' })
    await page.evaluate(() => window.urpatch!.state().showChannel(null))
    await page.evaluate(() => window.urpatch!.state().showPage('input'))
    await dialog(page)
      .getByRole('button', { name: /^Compare on/ })
      .click()
    await dialog(page).getByRole('table', { name: 'Candidates' }).waitFor()
    await check(page, 'compared')
    await close(page)
    // The layer has three channels, and each mosaic has only one colour.
    await page.evaluate(() => window.urpatch!.state().showLayer('bn'))
    await check(page, 'three channels, not scanned')
    await page.evaluate(() => window.urpatch!.scan(['bn']))
    await page.evaluate(() => window.urpatch!.state().showChannel(0))
    await check(page, 'three channels, scanned')

    // The list of kept results, and a results file alone.
    await page.getByText('saved in this browser').waitFor({ state: 'attached' })
    await page.goto('about:blank')
    await page.goto(url)
    await page.getByRole('list', { name: 'Recent' }).waitFor()
    await check(page, 'recent')
    await page.getByRole('button', { name: 'Forget all' }).click()
    await page.getByRole('button', { name: 'Delete all' }).waitFor()
    await check(page, 'forget all')
    await page.getByRole('button', { name: 'Keep them' }).click()
    await page.getByLabel('Model file').setInputFiles(results)
    await page.getByRole('region', { name: 'Results file' }).waitFor()
    await check(page, 'results file')
    await page.evaluate(() => window.urpatch!.state().showChannel(2))
    await channel(page).getByText('Open the images to see it.').waitFor()
    await check(page, 'channel of a results file')
  })
})
