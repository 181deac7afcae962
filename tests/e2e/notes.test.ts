/** Names and notes: typed in place, kept, searched, exchanged as files, and part of results. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Download, Locator, Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import type { NotesFile } from '../../src/core/notes/notesFile.ts'
import { checkWithAxe } from './axe.ts'
import { dropFiles, fixtures, openFiles, scanEnds, usePerson } from './person.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'urpatch-notes-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const layer = 'conv_valid'

async function openScanned(page: Page): Promise<void> {
  await page.goto(inject('url'))
  await openFiles(page, `${fixtures}sequential.h5`, `${fixtures}images`)
  await page.getByRole('listbox', { name: 'Layer' }).getByRole('option', { name: layer }).click()
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await scanEnds(page)
}

const tile = (page: Page, channel: number): Locator =>
  page.getByRole('row', { name: `Channel ${channel}`, exact: true })
const panel = (page: Page): Locator => page.getByRole('region', { name: 'Channel details' })
const nameField = (page: Page): Locator => panel(page).getByRole('textbox', { name: 'Channel name' })
const notices = (page: Page): Locator => page.locator('.notice')

/** Names the channel by keys alone, and comes back to its tile. */
async function name(page: Page, channel: number, text: string): Promise<void> {
  await tile(page, channel).click()
  await panel(page)
    .getByRole('heading', { name: `Channel ${channel}` })
    .waitFor()
  await page.keyboard.press('n')
  await page.keyboard.type(text)
  await page.keyboard.press('Enter')
  expect(await nameField(page).inputValue()).toBe(text)
}

async function exported(page: Page, item: string): Promise<Download> {
  await page.getByRole('button', { name: 'Export' }).click()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: item, exact: true }).click(),
  ])
  return download
}

async function textOf(download: Download): Promise<string> {
  return readFileSync(await download.path(), 'utf8')
}

/** A file by the contract, as another person's browser would write it. */
function fileOf(author: string, sha256: string, channels: readonly object[]): string {
  const file = path.join(folder, `${author}.urpatch-notes.json`)
  const model = { name: 'sequential.h5', sha256 }
  writeFileSync(file, JSON.stringify({ format: 'urpatch-notes', version: 1, model, author, channels }))
  return file
}

describe('a name', () => {
  const person = usePerson()

  it('is given by keys, shown and searched everywhere, kept, exported, and merged with those of others', async () => {
    const { page } = person
    await openScanned(page)
    await name(page, 1, 'red corner')
    // The focus is back on the tile, whose arrows lead on.
    await page.keyboard.press('ArrowRight')
    await panel(page).getByRole('heading', { name: 'Channel 2' }).waitFor()
    await page.keyboard.press('s')
    await expect
      .poll(() => panel(page).getByRole('button', { name: 'Star' }).getAttribute('aria-pressed'))
      .toBe('true')
    await tile(page, 1).getByText('red corner').first().waitFor()
    await page.getByRole('button', { name: /^1 of \d+ named/ }).waitFor()
    await page.getByRole('option', { name: new RegExp(`${layer}.*1 named`) }).waitFor()

    // What is typed and not left yet is kept all the same.
    await tile(page, 3).click()
    await nameField(page).fill('edge')
    await page.getByRole('button', { name: /^2 of \d+ named/ }).waitFor()

    await panel(page).getByRole('button', { name: 'Notes', exact: true }).click()
    const section = panel(page).getByRole('region', { name: 'Notes' })
    await section.getByRole('combobox', { name: 'Family' }).fill('lines')
    await section.getByRole('textbox', { name: 'Note' }).fill('from dark to light')
    await section.getByRole('combobox', { name: 'Add to the list' }).fill('for the talk')
    await section.getByRole('button', { name: 'Add', exact: true }).click()
    await section.getByRole('listitem').getByText('for the talk').waitFor()
    await section.getByText('Sure of the name').click()
    await section.getByRole('textbox', { name: 'Your name' }).fill('Me')
    await section.getByRole('textbox', { name: 'Your name' }).blur()

    // Search goes over all layers, by names and notes.
    await page.getByRole('listbox', { name: 'Layer' }).getByRole('option').nth(3).click()
    await page.keyboard.press('Control+k')
    await page.getByRole('textbox', { name: 'Channel', exact: true }).fill('dark')
    await page.getByRole('list', { name: 'Found channels' }).getByRole('button', { name: /edge/ }).waitFor()
    await checkWithAxe(page, 'search')
    await page.keyboard.press('Enter')
    await panel(page).getByRole('heading', { name: 'Channel 3' }).waitFor()
    expect(await page.evaluate(() => window.urpatch!.state().layer)).toBe(layer)
    await checkWithAxe(page, 'channel with notes')

    // A list is a filter with a link.
    await page.getByRole('button', { name: /^Filter/ }).click()
    await page.getByRole('group', { name: 'Filter' }).getByRole('button', { name: /Notes/ }).click()
    await page.getByRole('option', { name: 'List for the talk' }).click()
    await page.keyboard.press('Escape')
    await expect.poll(() => page.getByRole('grid', { name: 'Channels' }).getByRole('row').count()).toBe(1)
    expect(page.url()).toContain('notes=list%3Afor+the+talk')
    await page.evaluate(() => window.urpatch!.state().setView({ noted: null }))

    const file = JSON.parse(await textOf(await exported(page, 'Notes'))) as NotesFile
    expect(file).toMatchObject({
      format: 'urpatch-notes',
      version: 1,
      model: { name: 'sequential.h5' },
      author: 'Me',
      channels: [
        { layer, channel: 1, name: 'red corner', star: false, sure: true },
        { layer, channel: 2, name: '', star: true },
        {
          layer,
          channel: 3,
          name: 'edge',
          family: 'lines',
          note: 'from dark to light',
          sure: false,
          lists: ['for the talk'],
        },
      ],
    })
    const results = JSON.parse(await textOf(await exported(page, 'Results (JSON)'))) as { notes: NotesFile }
    expect(results.notes).toEqual(file)

    // Two people's files, dropped and picked.
    const anna = fileOf('Anna', file.model.sha256, [
      { layer, channel: 1, name: 'Red  Corner' },
      { layer, channel: 0, name: 'blue' },
      { layer: 'gone', channel: 7, name: 'lost' },
    ])
    await dropFiles(page, [anna])
    await notices(page).getByText('3 notes have come in from Anna.urpatch-notes.json, by Anna').waitFor()
    await notices(page)
      .getByText('sequential.h5 does not have channel 7 of gone, whose note is kept.')
      .waitFor()
    await page
      .getByLabel('Image files')
      .setInputFiles(fileOf('Ben', file.model.sha256, [{ layer, channel: 1, name: 'wine' }]))
    await notices(page).getByText('1 note has come in from Ben.urpatch-notes.json').waitFor()
    await tile(page, 1).click()
    await panel(page).getByText('2 of 3 say “red corner”').waitFor()
    await section.getByText('agreement 67 %').waitFor()
    await section.getByText('wine').waitFor()
    await tile(page, 0).click()
    expect(await nameField(page).inputValue()).toBe('blue')
    await checkWithAxe(page, 'names of several people')

    await page.getByRole('button', { name: /named, all names and notes/ }).click()
    const overview = page.getByRole('dialog', { name: 'Names and notes' })
    await overview.getByRole('row', { name: /not in this model/ }).waitFor()
    await overview.getByRole('row', { name: /red corner.*67 %/ }).waitFor()
    await checkWithAxe(page, 'all names and notes')
    await overview.getByRole('button', { name: 'Remove the notes of Ben' }).click()
    await expect.poll(() => overview.getByRole('row', { name: /red corner.*100 %/ }).count()).toBe(1)
    await notices(page).filter({ hasText: 'of Ben' }).getByRole('button', { name: 'Undo' }).last().click()
    await overview.getByRole('row', { name: /red corner.*67 %/ }).waitFor()
    await overview.getByRole('searchbox', { name: 'Search names and notes' }).fill('blue')
    await overview.getByRole('button', { name: `${layer} / 0` }).click()
    await overview.waitFor({ state: 'detached' })
    await notices(page).filter({ hasText: 'from Anna' }).getByRole('button', { name: 'Undo' }).click()
    await expect.poll(() => nameField(page).inputValue()).toBe('')

    // The next visit has all of it.
    const before = await page.evaluate(() => window.urpatch!.notes())
    await page.goto('about:blank')
    await openScanned(page)
    await tile(page, 1).getByText('red corner').first().waitFor()
    expect(await page.evaluate(() => window.urpatch!.notes())).toEqual(before)
  })

  it('that is removed comes back by Undo, and a broken file says so and changes nothing', async () => {
    const { page } = person
    await openScanned(page)
    await name(page, 1, 'corner')
    await nameField(page).fill('')
    await nameField(page).press('Enter')
    await notices(page).getByText('The name “corner” of channel 1 of conv_valid is removed.').waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect.poll(() => nameField(page).inputValue()).toBe('corner')
    await nameField(page).fill('typo')
    await nameField(page).press('Escape')
    expect(await nameField(page).inputValue()).toBe('corner')
    await panel(page).waitFor()

    const before = await page.evaluate(() => window.urpatch!.notes())
    const broken = path.join(folder, 'broken.json')
    writeFileSync(broken, '{"format":"urpatch-notes","version":1,"channels":[{"layer":3}]}')
    await dropFiles(page, [broken])
    await notices(page)
      .getByText(/The notes in broken\.json cannot be read: channels\[0\]\.layer is 3, not text/)
      .waitFor()
    const newer = path.join(folder, 'newer.json')
    writeFileSync(newer, '{"format":"urpatch-notes","version":2}')
    await dropFiles(page, [newer])
    await notices(page)
      .getByText(/come from a newer Urpatch/)
      .waitFor()
    expect(await page.evaluate(() => window.urpatch!.notes())).toEqual(before)

    const refused = (channel: number, note: object): Promise<string> =>
      page.evaluate(
        ([to, change]) => {
          try {
            window.urpatch!.setNote('conv_valid', to, change)
            return ''
          } catch (error) {
            return (error as Error).message
          }
        },
        [channel, note] as const,
      )
    expect(await refused(1, { family: 'parts' })).toBe('')
    expect(await refused(9999, { name: 'x' })).toBe('The model has no channel 9999 in a layer "conv_valid".')
    expect(await refused(1, { star: 'yes' })).toBe(
      'The note is not changed: star is "yes", not true or false.',
    )
    expect((await page.evaluate(() => window.urpatch!.notes()))!.channels[0]).toMatchObject({
      name: 'corner',
      family: 'parts',
      star: false,
    })
  })
})

describe('on a phone, a name', () => {
  const person = usePerson({ width: 390, height: 844 })

  it('is typed on the page of the channel, and all names are in the view’s sheet', async () => {
    const { page } = person
    await page.goto(inject('url'))
    await page.getByLabel('Model file').setInputFiles(`${fixtures}sequential.h5`)
    await page.getByLabel('Image folder').setInputFiles(`${fixtures}images`)
    await page.waitForFunction(
      () => window.urpatch!.state().images !== null && window.urpatch!.state().model !== null,
    )
    await page.evaluate(async (shown) => {
      window.urpatch!.state().showLayer(shown)
      await window.urpatch!.scan([shown])
    }, layer)
    await tile(page, 1).click()
    await nameField(page).fill('corner')
    await panel(page).getByRole('button', { name: 'Notes', exact: true }).click()
    await panel(page).getByRole('combobox', { name: 'Family' }).waitFor()
    await checkWithAxe(page, 'channel on a phone')
    await panel(page).getByRole('button', { name: 'Close' }).click()
    await tile(page, 1).getByText('corner').first().waitFor()
    await page.getByRole('button', { name: 'View' }).click()
    await page.getByRole('button', { name: 'All names and notes' }).click()
    await page
      .getByRole('dialog', { name: 'Names and notes' })
      .getByRole('row', { name: /corner/ })
      .waitFor()
    await checkWithAxe(page, 'all names on a phone')
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
  })
})
