/** The views of a layer by their tabs, the table of a layer and the finder over all scanned layers. */
import { readFileSync } from 'node:fs'
import type { Page } from 'playwright'
import { describe, expect, inject, it } from 'vitest'
import { checkWithAxe } from './axe.ts'
import { fixtures, openFiles, usePerson } from './person.ts'

const url = inject('url')

/** Opens a model and images and scans all layers, so that there is something to find. */
async function scanned(page: Page, hash = ''): Promise<void> {
  await page.goto(`${url}${hash}`)
  await openFiles(page, `${fixtures}sequential.h5`, `${fixtures}images`)
  await page.evaluate(() => window.urpatch!.scan('all'))
}

const grid = (page: Page, name = 'All channels') => page.getByRole('grid', { name })
const rowNames = (page: Page, name?: string) =>
  grid(page, name)
    .getByRole('row')
    .evaluateAll((rows) =>
      rows.flatMap((row) => row.getAttribute('aria-label')?.replace('Channel ', '') ?? []),
    )
/** The values of a measure in the rows on the screen, as numbers. */
const column = async (page: Page, label: string, name?: string) => {
  const heads = await grid(page, name).getByRole('columnheader').allTextContents()
  const at = heads.findIndex((text) => text.startsWith(label))
  return grid(page, name)
    .locator('[data-row]')
    .evaluateAll((rows, index) => rows.map((row) => parseFloat(row.children[index]!.textContent!)), at)
}
const count = (page: Page) => page.getByRole('dialog').getByRole('status')
const hash = (page: Page) => page.evaluate(() => decodeURIComponent(location.hash))

describe('the views of a layer', () => {
  const person = usePerson()

  it('are tabs: by mouse and keys, in the link, one entry of the history each', async () => {
    const { page } = person
    await scanned(page)
    await page.evaluate(() => window.urpatch!.state().showLayer('conv_same_s2'))
    const tab = (name: string) => page.getByRole('tablist', { name: 'View' }).getByRole('tab', { name })
    await page.getByRole('tabpanel', { name: 'Mosaics' }).getByRole('grid', { name: 'Channels' }).waitFor()
    await tab('Table').click()
    await page
      .getByRole('tabpanel', { name: 'Table' })
      .getByRole('grid', { name: 'Table of channels' })
      .waitFor()
    expect(await hash(page)).toBe('#layer=conv_same_s2&view=table')
    await page.goBack()
    await page.getByRole('grid', { name: 'Channels' }).waitFor()

    await tab('Mosaics').focus()
    await page.keyboard.press('End')
    expect(await tab('Table').evaluate((element) => element === document.activeElement)).toBe(true)
    await page.keyboard.press('Enter')
    const table = page.getByRole('grid', { name: 'Table of channels' })
    await table.waitFor()
    await checkWithAxe(page, 'table')

    // The other panel is the same: a row opens its channel, arrow keys lead on.
    await table.getByRole('row', { name: 'Channel 1', exact: true }).focus()
    await page.keyboard.press('Enter')
    const details = page.getByRole('region', { name: 'Channel details' })
    await details.getByRole('heading', { name: 'Channel 1' }).waitFor()
    await page.keyboard.press('ArrowDown')
    await details.getByRole('heading', { name: 'Channel 2' }).waitFor()
    expect(await hash(page)).toBe('#layer=conv_same_s2&channel=2&view=table')
  })

  it('show the means of classes, sorted by a class by mouse or key, with values under the pointer', async () => {
    const { page } = person
    await scanned(page)
    await page.evaluate(() => window.urpatch!.state().showLayer('conv_same_s2'))
    await page.getByRole('tab', { name: 'Classes' }).click()
    const classes = page.getByRole('grid', { name: 'Classes and channels' })
    await classes.getByRole('rowheader').first().waitFor()
    await checkWithAxe(page, 'classes')
    const order = () =>
      classes
        .getByRole('columnheader', { name: /^Channel/ })
        .evaluateAll((heads) => heads.map((head) => Number(head.getAttribute('aria-label')!.slice(8))))
    expect(await order()).toEqual([0, 1, 2, 3, 4, 5, 6, 7])

    // The first stop of Tab is the first class; Enter sorts by it.
    const second = classes.getByRole('rowheader').nth(1)
    const name = (await second.textContent())!
    await classes.getByRole('rowheader').first().focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await expect.poll(() => hash(page)).toBe(`#layer=conv_same_s2&view=classes&for=${name}`)
    expect(await second.getAttribute('aria-sort')).toBe('descending')
    const row = classes.getByRole('row').nth(2)
    const means = await row
      .getByRole('gridcell')
      .evaluateAll((cells) => cells.map((cell) => Number(cell.getAttribute('aria-label')!.split(': ')[1])))
    expect(means).toHaveLength(8)
    expect(means).toEqual(means.toSorted((a, b) => b - a))

    // A cell says its value, and leads to its channel.
    const best = (await order())[0]!
    await page.keyboard.press('ArrowRight')
    await page.getByText(`${name}, channel ${best}: mean maximum`).waitFor()
    await page.keyboard.press('Enter')
    await page
      .getByRole('region', { name: 'Channel details' })
      .getByRole('heading', { name: `Channel ${best}` })
      .waitFor()
    await row.getByRole('gridcell').nth(3).hover()
    await page.getByText(`${name}, channel ${(await order())[3]!}: mean maximum`).waitFor()
    await second.click()
    await expect.poll(order).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  })

  it('of a link is shown, and mosaics for one that there is not', async () => {
    const { page } = person
    await scanned(page, '#layer=conv_same_s2&view=table')
    await page.getByRole('grid', { name: 'Table of channels' }).waitFor()
    await page.evaluate(() => window.urpatch!.state().showView('nonsense'))
    await page.getByRole('grid', { name: 'Channels' }).waitFor()
  })
})

describe('colour or shape', () => {
  const person = usePerson()

  it('is measured of the open channel when it is asked for', async () => {
    const { page } = person
    await scanned(page)
    await page.evaluate(() => {
      const { showLayer, showChannel } = window.urpatch!.state()
      showLayer('conv_same_s2')
      showChannel(1)
    })
    const section = page.getByRole('region', { name: 'Colour or shape' })
    await page.getByRole('button', { name: 'Colour or shape' }).click()
    await section.getByRole('button', { name: 'Measure' }).click()
    await section.getByRole('definition').nth(2).waitFor()
    const shares = await section.getByRole('definition').allTextContents()
    expect(shares).toHaveLength(3)
    for (const share of shares) expect(share).toMatch(/^-?\d+ %$/)
  })

  it('is measured of chosen rows of the finder, as columns with the numbers that the section has', async () => {
    const { page } = person
    await scanned(page)
    await page.evaluate(() => {
      const { find, showPage } = window.urpatch!.state()
      find({ text: 'conv_same_s2', column: 'max' })
      showPage('finder')
    })
    await expect.poll(() => count(page).textContent()).toMatch(/^8 of \d+$/)
    const head = (name: string) => grid(page).getByRole('columnheader', { name })
    expect(await head('Grey').count()).toBe(0)
    const measureButton = page.getByRole('button', { name: 'Measure colour or shape' })
    expect(await measureButton.count()).toBe(0)
    const chosen = (await rowNames(page)).slice(1, 3)
    for (const name of chosen)
      await grid(page)
        .getByRole('checkbox', { name: `Choose channel ${name}`, exact: true })
        .click()
    await measureButton.focus()
    await page.keyboard.press('Enter')
    for (const name of ['Grey', 'Blurred', 'Shuffled']) await head(name).waitFor()
    await expect.poll(async () => (await column(page, 'Shuffled')).filter(Number.isFinite).length).toBe(2)
    await measureButton.waitFor()
    expect(await measureButton.evaluate((element) => element === document.activeElement)).toBe(true)
    expect(await count(page).textContent()).toMatch(/^8 of \d+, 2 chosen$/)
    await checkWithAxe(page, 'finder with colour or shape')

    // The others are not known and come last.
    await grid(page).getByRole('button', { name: 'Grey', exact: true }).click()
    await expect.poll(async () => (await rowNames(page)).slice(0, 2).toSorted()).toEqual(chosen.toSorted())
    const [first] = (await rowNames(page)) as [string]
    const shares = await Promise.all(
      ['Grey', 'Blurred', 'Shuffled'].map(async (name) => (await column(page, name))[0]!),
    )
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save 2' }).click(),
    ])
    const [names, ...rows] = readFileSync(await download.path(), 'utf8')
      .trim()
      .split('\r\n')
      .map((line) => line.split(','))
    const saved = rows.map((row) => Math.round(100 * Number(row[names!.indexOf('grey')])))
    expect(saved).toEqual((await column(page, 'Grey')).slice(0, 2))

    // The section of the channel has the same, without running the network again.
    await grid(page)
      .getByRole('row', { name: `Channel ${first}`, exact: true })
      .click()
    await page.getByRole('button', { name: 'Colour or shape' }).click()
    const section = page.getByRole('region', { name: 'Colour or shape' })
    await section.getByRole('definition').nth(2).waitFor()
    expect(await section.getByRole('definition').allTextContents()).toEqual(
      shares.map((share) => `${share} %`),
    )
    expect(await section.getByRole('button', { name: /^Measure/ }).count()).toBe(0)
  })
})

describe('the finder', () => {
  const person = usePerson()

  it('sorts, filters and searches all layers, keeps it in the link, and leads to a channel and back', async () => {
    const { page } = person
    await scanned(page)
    await page.getByRole('button', { name: 'Finder' }).click()
    await expect.poll(() => count(page).textContent()).toMatch(/^(\d+) of \1$/)
    const total = Number((await count(page).textContent())!.split(' ')[0])
    await checkWithAxe(page, 'finder')

    const sort = grid(page).getByRole('button', { name: 'Mean', exact: true })
    await sort.click()
    await expect
      .poll(async () => {
        const means = await column(page, 'Mean')
        return means.length > 5 && means.every((mean, i) => i === 0 || mean <= means[i - 1]!)
      })
      .toBe(true)
    expect(await grid(page).getByRole('columnheader', { name: /^Mean/ }).getAttribute('aria-sort')).toBe(
      'descending',
    )
    const highest = (await rowNames(page))[0]!
    await sort.click()
    await expect.poll(async () => (await rowNames(page))[0]).not.toBe(highest)
    await sort.click()
    await expect.poll(async () => (await rowNames(page))[0]).toBe(highest)

    // A range by the keyboard.
    await grid(page)
      .getByRole('slider', { name: /^Fires from/ })
      .focus()
    for (let i = 0; i < 10; i++) await page.keyboard.press('ArrowRight')
    await expect.poll(() => hash(page)).toContain('range=fires_0.5_')
    await expect
      .poll(async () => Number((await count(page).textContent())!.split(' ')[0]))
      .toBeLessThan(total)
    expect((await column(page, 'Fires')).every((share) => share >= 50)).toBe(true)

    const search = page.getByRole('searchbox', { name: 'Search channels' })
    await search.fill('conv 1')
    await expect
      .poll(async () => (await rowNames(page)).every((name) => /^1 of \S*conv/.test(name)))
      .toBe(true)
    const found = await rowNames(page)
    expect(found.length).toBeGreaterThan(0)
    const link = await hash(page)
    expect(link).toContain('find=conv+1&range=fires_0.5_&by=mean&page=finder')
    await checkWithAxe(page, 'finder with filters')

    // A click leads to the channel, Back to what was found.
    await grid(page)
      .getByRole('row', { name: `Channel ${found[0]}`, exact: true })
      .click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page
      .getByRole('region', { name: 'Channel details' })
      .getByRole('heading', { name: 'Channel 1' })
      .waitFor()
    expect(`1 of ${await page.evaluate(() => window.urpatch!.state().layer)}`).toBe(found[0])
    await page.goBack()
    await expect.poll(() => rowNames(page)).toEqual(found)

    await page.getByRole('button', { name: 'Show all' }).click()
    await expect.poll(() => count(page).textContent()).toBe(`${total} of ${total}`)

    // The same link in a fresh page finds the same.
    await page.goto('about:blank')
    await scanned(page, link)
    await expect.poll(() => rowNames(page)).toEqual(found)
  })

  it('saves the chosen rows, or all that were found, as a table', async () => {
    const { page } = person
    await scanned(page)
    // After the scan, or rows might be sorted again meanwhile.
    await page.evaluate(() => {
      const { find, showPage } = window.urpatch!.state()
      find({ column: 'max' })
      showPage('finder')
    })
    await expect.poll(() => count(page).textContent()).toMatch(/^(\d+) of \1$/)
    const saved = async (): Promise<string[]> => {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: /^Save/ }).click(),
      ])
      expect(download.suggestedFilename()).toBe('sequential.csv')
      return readFileSync(await download.path(), 'utf8')
        .trim()
        .split('\r\n')
    }
    const all = await saved()
    const total = Number((await count(page).textContent())!.split(' ')[0])
    expect(all).toHaveLength(total + 1)
    expect(all[0]).toMatch(/^layer,channel,name,max,mean,fires,units,choosy,class,/)

    const [first, second] = (await rowNames(page)) as [string, string]
    await grid(page)
      .getByRole('row', { name: `Channel ${second}`, exact: true })
      .focus()
    await page.keyboard.press('Space')
    await expect.poll(() => count(page).textContent()).toBe(`${total} of ${total}, 1 chosen`)
    expect(await saved()).toEqual([all[0], all[2]])
    await grid(page)
      .getByRole('checkbox', { name: `Choose channel ${first}`, exact: true })
      .click()
    await expect.poll(() => count(page).textContent()).toBe(`${total} of ${total}, 2 chosen`)
    expect(await saved()).toEqual([all[0], all[1], all[2]])
    // The click on the box has not opened the channel.
    expect(await page.getByRole('dialog').count()).toBe(1)
    await grid(page).getByRole('checkbox', { name: 'Choose all rows' }).click()
    await expect.poll(() => count(page).textContent()).toBe(`${total} of ${total}, ${total} chosen`)

    // The Export menu writes the same table in the order of the layers.
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.evaluate(() => window.urpatch!.save('all.csv')),
    ])
    const whole = readFileSync(await download.path(), 'utf8')
      .trim()
      .split('\r\n')
    expect(whole.toSorted()).toEqual(all.toSorted())
  })
})

describe.each([
  ['a telephone', { width: 390, height: 844 }],
  ['forced colours', { width: 1440, height: 900 }],
])('on %s', (name, viewport) => {
  const person = usePerson(viewport)

  it('tabs, table and finder can be used', async () => {
    const { page } = person
    await scanned(page)
    if (name === 'forced colours') await page.emulateMedia({ forcedColors: 'active' })
    await page.evaluate(() => window.urpatch!.state().showLayer('conv_same_s2'))
    // On a telephone, the views are in a sheet.
    if (name === 'a telephone') await page.getByRole('button', { name: 'View', exact: true }).click()
    const tab = page.getByRole('tab', { name: 'Table' })
    const outline = (element: Element): string => getComputedStyle(element).outlineStyle
    expect(await tab.evaluate(outline)).toBe('none')
    if (name === 'a telephone') await checkWithAxe(page, `views, ${name}`)
    await tab.click()
    await page.getByRole('grid', { name: 'Table of channels' }).waitFor()
    if (name === 'forced colours') expect(await tab.evaluate(outline)).toBe('solid')
    // Contrast cannot be told where the system's colours take the place of the page's.
    if (name === 'a telephone') await checkWithAxe(page, `table, ${name}`)
    if (name === 'a telephone') await page.getByRole('button', { name: 'Menu', exact: true }).click()
    await page.getByRole('button', { name: 'Finder' }).click()
    await expect.poll(() => count(page).textContent()).toMatch(/^(\d+) of \1$/)
    if (name === 'a telephone') await checkWithAxe(page, `finder, ${name}`)
    const dialog = (await page.getByRole('dialog').last().boundingBox())!
    expect(dialog.x).toBeGreaterThanOrEqual(0)
    expect(dialog.x + dialog.width).toBeLessThanOrEqual(viewport.width)
    await grid(page).getByRole('row', { name: 'Channel 1 of conv_same_s2', exact: true }).click()
    await page
      .getByRole('region', { name: 'Channel details' })
      .getByRole('heading', { name: 'Channel 1' })
      .waitFor()
  })
})
