/** The page's frame in the production build: nothing moves, and what lies over the page hides nothing that is needed. */
import type { Page } from 'playwright'
import { describe, expect, inject, it } from 'vitest'
import { fixtures, openFiles, scanFewOfDemo, scanReaches, usePerson } from './person.ts'

const url = inject('url')

const channelDetails = (page: Page) => page.getByRole('region', { name: 'Channel details' })
const openChannel = async (page: Page, channel: number): Promise<void> => {
  await page
    .getByRole('row', { name: `Channel ${channel}`, exact: true })
    .locator('.tile-caption')
    .click()
  await channelDetails(page)
    .getByRole('heading', { name: `Channel ${channel}` })
    .waitFor()
}

/** By how much the page is longer than the screen, plus how far it is scrolled. */
async function scrolledAway(page: Page): Promise<number> {
  return page.evaluate(() => {
    const { scrollHeight, scrollTop } = document.documentElement
    return scrollHeight - window.innerHeight + scrollTop
  })
}

/** Scrolling elements whose visually hidden parts would be placed relative to another element. */
async function looseScrollers(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    Array.from(document.querySelectorAll('body *'))
      .filter((element) => {
        const { overflowX, overflowY, position } = getComputedStyle(element)
        return (
          /auto|scroll/.test(overflowX + overflowY) && position === 'static' && !element.matches('textarea')
        )
      })
      .map(({ className }) => String(className)),
  )
}

describe('the page', () => {
  const person = usePerson()

  it('never scrolls away: by the wheel over header and foot, by Prove, by the tour', async () => {
    const { page } = person
    const check = async (): Promise<void> => {
      expect(await looseScrollers(page)).toEqual([])
      for (const place of ['.header', '.run-bar', '.channel', '.layers', '.mosaics'] as const) {
        const part = page.locator(place)
        if ((await part.count()) === 0) continue
        const box = (await part.boundingBox())!
        await page.mouse.move(box.x + box.width / 2, box.y + Math.min(20, box.height / 2))
        await page.mouse.wheel(0, 2000)
      }
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)))
      expect(await scrolledAway(page)).toBe(0)
    }
    await page.goto(url)
    expect(await looseScrollers(page)).toEqual([])
    expect(await scrolledAway(page)).toBe(0)

    await page.goto(`${url}?demo`)
    const tour = page.getByRole('region', { name: /^Guided tour/ })
    await tour.waitFor()
    await scanFewOfDemo(page)
    for (let step = 1; step < 4; step++) {
      await tour.getByRole('button', { name: 'Next' }).click()
      await check()
    }
    await tour.getByRole('button', { name: 'Done' }).click()
    await openChannel(page, 5)
    await channelDetails(page).getByRole('button', { name: 'Prove this patch' }).click()
    await channelDetails(page)
      .getByText(/^(Proved|Not proved|The box is)/)
      .waitFor()
    await check()
    expect(await page.locator('.header').boundingBox()).toMatchObject({ y: 0 })
  })
})

describe('a notice', () => {
  const person = usePerson()

  it('over a dialog covers nothing of it, and goes by itself or by its button, which close nothing else', async () => {
    const { page } = person
    await page.goto(url)
    await openFiles(page, `${fixtures}sequential.h5`, `${fixtures}images`)
    await page.getByRole('button', { name: 'What the network sees' }).click()
    const dialog = page.getByRole('dialog')
    const draft = dialog.getByRole('textbox').first()
    await draft.fill('7')
    await page.evaluate(() => {
      const { notify } = window.urpatch!.state()
      notify(
        'error',
        'Something went wrong with the image that was looked at, and here is a long sentence about it.',
      )
      notify('info', 'Something is put aside.', {
        label: 'Undo',
        run: () => void (document.title = 'undone'),
      })
    })
    const notices = page.locator('.notice')
    await expect.poll(() => notices.count()).toBe(2)
    const covered = () =>
      page.evaluate(() => {
        const a = document.querySelector('.modal')!.getBoundingClientRect()
        return Array.from(document.querySelectorAll('.notice'), (notice) => {
          const b = notice.getBoundingClientRect()
          return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
        })
      })
    // The dialog makes room in the frame in which the notices are drawn, which a busy machine draws later.
    await expect.poll(covered).toEqual([false, false])

    // Both by mouse and by key; the draft is still there, and has the focus again.
    await draft.focus()
    await page.getByRole('button', { name: 'Undo' }).click()
    expect(await page.title()).toBe('undone')
    await expect.poll(() => notices.count()).toBe(1)
    await notices.getByRole('button', { name: 'Dismiss' }).click()
    await expect.poll(() => notices.count()).toBe(0)
    expect(await draft.inputValue()).toBe('7')
    expect(await draft.evaluate((element) => element === document.activeElement)).toBe(true)
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
  })

  it('is in sight if it is the latest, however many there are', async () => {
    const { page } = person
    await page.setViewportSize({ width: 390, height: 600 })
    await page.goto(url)
    await page.waitForFunction(() => window.urpatch !== undefined)
    const notices = page.locator('.notice')
    for (const [i, name] of ['first', 'second', 'third', 'fourth'].entries()) {
      await page.evaluate(
        (text) => window.urpatch!.state().notify('error', text),
        `The ${name} file cannot be opened: ${'this is a long reason, '.repeat(6)}so there is not much room.`,
      )
      await expect.poll(() => notices.count()).toBe(i + 1)
      const isInSight = (): Promise<boolean> =>
        notices.last().evaluate((notice) => {
          const { top, bottom } = notice.parentElement!.getBoundingClientRect()
          const own = notice.getBoundingClientRect()
          return own.top >= top - 1 && own.bottom <= bottom + 1
        })
      await expect.poll(isInSight).toBe(true)
    }
  })

  it('leaves by itself where it only informs, but not under the pointer', async () => {
    const { page } = person
    await page.clock.install()
    await page.goto(url)
    await page.waitForFunction(() => window.urpatch !== undefined)
    const texts = (): Promise<string[]> => page.locator('.notice p').allInnerTexts()
    await page.evaluate(() => {
      const { notify } = window.urpatch!.state()
      notify('error', 'error')
      notify('warning', 'warning')
      notify('info', 'undo', { label: 'Undo', run: () => undefined })
      notify('info', 'info')
    })
    await expect.poll(texts).toEqual(['error', 'warning', 'undo', 'info'])
    await page.getByText('info', { exact: true }).hover()
    await page.clock.runFor(7000)
    expect(await texts()).toEqual(['error', 'warning', 'undo', 'info'])
    await page.mouse.move(800, 10)
    await page.clock.runFor(6500)
    await expect.poll(texts).toEqual(['error', 'warning'])
    await page.clock.runFor(60_000)
    expect(await texts()).toEqual(['error', 'warning'])
  })
})

/** Shifts right after a click count too, although the browser excuses them. */
async function watchShifts(page: Page): Promise<void> {
  await page.evaluate(() => {
    const shifts: number[] = []
    Object.assign(window, { shifts })
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) shifts.push((entry as unknown as { value: number }).value)
    }).observe({ type: 'layout-shift' })
  })
}

/** By how much the layout has shifted since, as the browser measures it. */
async function shift(page: Page): Promise<number> {
  return page.evaluate(() => (window as unknown as { shifts: number[] }).shifts.reduce((a, b) => a + b, 0))
}

/** The positions of all tiles, by channel. */
function tilePlaces(page: Page): Promise<Record<string, number[]>> {
  return page.evaluate(() =>
    Object.fromEntries(
      Array.from(document.querySelectorAll<HTMLElement>('.channel-item'), (item) => {
        const { left, top, width, height } = item.getBoundingClientRect()
        return [item.dataset['channel'], [left, top, width, height]]
      }),
    ),
  )
}

describe.each([
  { width: 1440, height: 900 },
  { width: 1100, height: 800 },
  { width: 1024, height: 768 },
])('at $width×$height', (viewport) => {
  const person = usePerson(viewport)

  it('nothing moves when a channel is opened, another layer shown, and the channel closed', async () => {
    const { page } = person
    await page.addInitScript(() => localStorage.setItem('urpatch-tour', 'seen'))
    await page.goto(`${url}?demo`)
    await scanFewOfDemo(page)
    await page.getByRole('region', { name: 'Layer summary' }).getByText('none of them dead').waitFor()
    await watchShifts(page)
    const before = await tilePlaces(page)
    expect(Object.keys(before).length).toBeGreaterThan(8)

    await openChannel(page, 3)
    await channelDetails(page).locator('.statistics').first().waitFor()
    expect(await tilePlaces(page)).toEqual(before)
    expect(await shift(page)).toBeLessThan(0.05)

    // If another layer is shown, the panel stays open at the same channel, and each layer keeps its scroll position.
    const grid = page.getByRole('grid', { name: 'Channels' })
    await grid.evaluate((element) => element.scrollTo(0, 600))
    await expect.poll(() => grid.evaluate((element) => element.scrollTop)).toBe(600)
    const layer = await page.evaluate(() => window.urpatch!.state().layer!)
    const choose = async (name: string): Promise<void> => {
      const menu = page.getByRole('button', { name: /^Layers:/ })
      if (await menu.isVisible()) await menu.click()
      await page.getByRole('option', { name: new RegExp(`^${name}\\b`) }).click()
    }
    await choose('conv2d_3')
    await channelDetails(page).getByRole('heading', { name: 'Channel 3' }).waitFor()
    expect(await grid.evaluate((element) => element.scrollTop)).toBe(0)
    await channelDetails(page).getByRole('button', { name: 'Next channel' }).click()
    await choose(layer)
    await channelDetails(page).getByRole('heading', { name: 'Channel 3' }).waitFor()
    await choose('conv2d_3')
    await channelDetails(page).getByRole('heading', { name: 'Channel 4' }).waitFor()
    await channelDetails(page).getByRole('button', { name: 'Close' }).click()
    await choose(layer)
    await expect.poll(() => grid.evaluate((element) => element.scrollTop)).toBe(600)
  })
})

describe('on a telephone', () => {
  const person = usePerson({ width: 390, height: 844 })

  it('the header is one row, all else of it is in menus, and a swipe takes the next channel', async () => {
    const { page } = person
    await page.addInitScript(() => localStorage.setItem('urpatch-tour', 'seen'))
    await page.goto(`${url}?demo`)
    await scanFewOfDemo(page)
    const header = (await page.locator('.header').boundingBox())!
    expect(header.height).toBeLessThan(60)
    const grid = (await page.getByRole('grid', { name: 'Channels' }).boundingBox())!
    expect(grid.y).toBeLessThan(header.height + 8)
    // Everything that can be pressed is as large as a fingertip, and nothing is cut off.
    const buttons = await page.locator('.header button:not(.skip-link)').all()
    for (const button of buttons) {
      const { x, width, height } = (await button.boundingBox())!
      expect(Math.min(width, height)).toBeGreaterThanOrEqual(40)
      expect(x + width).toBeLessThanOrEqual(390)
    }
    await page.getByRole('button', { name: 'View' }).click()
    await page.getByRole('dialog').getByText('Hide dead').click()
    expect(await page.evaluate(() => window.urpatch!.state().hideDead)).toBe(true)
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Menu' }).click()
    for (const name of ['Open model', 'Open images', 'What the network sees', 'Export'])
      await page.getByRole('dialog').getByRole('button', { name, exact: true }).waitFor()
    // A page that is opened by the menu is covered by nothing, and leaves the focus where the menu is.
    await page.getByRole('button', { name: 'What the network sees' }).click()
    await page.getByRole('dialog', { name: 'What the network sees' }).waitFor()
    await page.locator('.header-menu').waitFor({ state: 'detached' })
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    const menu = page.getByRole('button', { name: 'Menu' })
    await expect.poll(() => menu.evaluate((element) => element === document.activeElement)).toBe(true)

    // The page of a channel is there at once: what stands further down does not come first and move then.
    await watchShifts(page)
    await openChannel(page, 2)
    await channelDetails(page).locator('.statistics-class').first().waitFor()
    expect(await shift(page)).toBeLessThan(0.05)
    const swipe = (by: number): Promise<void> =>
      channelDetails(page).evaluate((panel, across) => {
        const touch = (clientX: number): Touch =>
          new Touch({ identifier: 1, target: panel, clientX, clientY: 300 })
        const at = (type: string, x: number): TouchEvent =>
          new TouchEvent(type, {
            bubbles: true,
            touches: type === 'touchstart' ? [touch(x)] : [],
            changedTouches: [touch(x)],
          })
        panel.dispatchEvent(at('touchstart', 200))
        panel.dispatchEvent(at('touchend', 200 + across))
      }, by)
    await swipe(-100)
    await channelDetails(page).getByRole('heading', { name: 'Channel 3' }).waitFor()
    await swipe(100)
    await channelDetails(page).getByRole('heading', { name: 'Channel 2' }).waitFor()
    await swipe(-30)
    await channelDetails(page).getByRole('heading', { name: 'Channel 2' }).waitFor()
  })
})

/**
 * Describes what can be pressed and is smaller than `least` CSS pixels. Left out are the patches of mosaics and the bars
 * of a histogram: they are as large as what they lie on, all of the same size, and can also be reached by arrow keys.
 * Boxes to tick and switches are pressed by their label; hidden elements are only for screen readers and Tab.
 */
async function tooSmall(page: Page, least: number): Promise<string[]> {
  return page.evaluate((pixels) => {
    const isHidden = (element: Element): boolean => {
      const { clipPath, width } = getComputedStyle(element)
      return (
        element.getAttribute('aria-hidden') === 'true' ||
        clipPath === 'inset(50%)' ||
        width === '1px' ||
        (element.parentElement !== null && isHidden(element.parentElement))
      )
    }
    const pressable =
      'button, a[href], input, label:has(input), [role=option], [role=menuitem], [role=gridcell]'
    return Array.from(document.querySelectorAll(pressable))
      .filter(
        (element) =>
          element.checkVisibility({ visibilityProperty: true }) &&
          !isHidden(element) &&
          !element.matches('.patch-button, td') &&
          !(element.matches('input') && element.closest('label') !== null),
      )
      .flatMap((element) => {
        const { width, height } = element.getBoundingClientRect()
        const name = element.getAttribute('aria-label') ?? element.textContent
        // Half a pixel is allowed for rounding.
        return Math.min(width, height) < pixels - 0.5
          ? [`${name}: ${Math.round(width)}×${Math.round(height)}`]
          : []
      })
  }, least)
}

describe.each([
  ['a finger', { width: 390, height: 844 }, 40],
  ['the pointer', { width: 1440, height: 900 }, 24],
])('what can be pressed by %s', (_, viewport, least) => {
  const person = usePerson(viewport)

  it(`is ${least} pixels wide and high at the least, and nothing goes over the side of the screen`, async () => {
    const { page } = person
    const check = async (state: string): Promise<void> => {
      // Waits until all animations have ended.
      await page.evaluate(() =>
        Promise.all(document.getAnimations().map(({ finished }) => finished.catch(() => undefined))),
      )
      expect.soft(await tooSmall(page, least), state).toEqual([])
      expect.soft(await page.evaluate(() => document.documentElement.scrollWidth), state).toBe(viewport.width)
    }
    const close = async (): Promise<void> => {
      await page.keyboard.press('Escape')
      await page.locator('.popover, .modal, .drawer').first().waitFor({ state: 'detached' })
    }
    await page.goto(url)
    await page.getByText('Nothing leaves your computer').waitFor()
    await check('start')
    await openFiles(page, `${fixtures}sequential.h5`, `${fixtures}images`)
    await page.evaluate(async () => {
      window.urpatch!.state().showLayer('conv_valid')
      await window.urpatch!.scan(['conv_valid'])
    })
    await page.getByRole('row', { name: 'Channel 1', exact: true }).waitFor()
    await check('channels')
    // A layer whose field is wider than half of the image, without results.
    await page.evaluate(() => window.urpatch!.state().showLayer('conv_rect'))
    await page.getByRole('button', { name: 'Scan conv_rect' }).waitFor()
    await check('a wide field')
    const [note, offer] = await Promise.all(
      ['.wide-field', '.not-scanned'].map(async (part) => (await page.locator(part).boundingBox())!),
    )
    expect(offer!.y).toBeGreaterThanOrEqual(note!.y + note!.height)
    await page.evaluate(() => window.urpatch!.state().showLayer('conv_valid'))
    const buttons =
      viewport.width < 900
        ? ['Menu', 'View', /^Layers:/, 'More to run']
        : ['Filter', 'Go to', 'More to run', 'Export', /^images/]
    for (const name of buttons) {
      await page.getByRole('button', { name }).first().click()
      await page.locator('.popover, .drawer').first().waitFor()
      await check(String(name))
      await close()
    }
    for (const name of ['trace', 'summary', 'keys', 'input'] as const) {
      await page.evaluate((one) => window.urpatch!.state().showPage(one), name)
      await page.getByRole('dialog').waitFor()
      if (name === 'input') await page.getByRole('img', { name: 'What the network gets' }).waitFor()
      await check(name)
      await close()
    }
    await openChannel(page, 1)
    await channelDetails(page).locator('.statistics').first().waitFor()
    await check('channel')
  })
})

describe('names that are longer than their place', () => {
  const person = usePerson({ width: 1024, height: 768 })

  it('end in dots, run under no button, and leave the layer enough of its name', async () => {
    const { page } = person
    await page.addInitScript(() => localStorage.setItem('urpatch-tour', 'seen'))
    await page.goto(`${url}?demo`)
    await scanFewOfDemo(page)
    await openChannel(page, 2)
    const details = channelDetails(page)
    await details.locator('.statistics-class').first().waitFor()

    // The class strip is as wide as the mosaic.
    const widths = await page
      .locator('.tile')
      .first()
      .evaluate((tile) =>
        ['.tile-mosaic', '.tile-classes'].map(
          (part) => tile.querySelector(part)!.getBoundingClientRect().width,
        ),
      )
    expect(widths[0]).toBe(widths[1])

    // A short name of a layer is shown whole; a long one ends before the first button.
    const layer = details.locator('.channel-layer')
    const room = (): Promise<number[]> =>
      layer.evaluate(({ scrollWidth, clientWidth }) => [scrollWidth, clientWidth])
    const [needed, given] = await room()
    expect(given).toBeGreaterThanOrEqual(needed!)
    await page.evaluate(() => window.urpatch!.state().showLayer('batch_normalization'))
    await details.getByTitle('batch_normalization').waitFor()
    const name = (await layer.boundingBox())!
    const link = (await details.getByRole('button', { name: 'Copy link' }).boundingBox())!
    expect(name.x + name.width).toBeLessThanOrEqual(link.x)
    await page.evaluate(() => window.urpatch!.state().showLayer('conv2d_5'))

    // The name of a class ends before its bar.
    await details.getByRole('button', { name: 'All 12 classes' }).click()
    const siamese = details.locator('.statistics-class').filter({ hasText: 'siamese-cat' })
    await siamese.waitFor()
    const overlap = await siamese.evaluate((element) => {
      const bar = element.closest('tr')!.querySelector('td')!.getBoundingClientRect()
      return element.getBoundingClientRect().right - bar.left
    })
    expect(overlap).toBeLessThanOrEqual(0)
    expect(await siamese.evaluate((element) => getComputedStyle(element).textOverflow)).toBe('ellipsis')

    // With three columns there is still room for twelve letters of the layer's name.
    await page.setViewportSize({ width: 1200, height: 800 })
    const title = page.locator('.toolbar-title')
    await title.waitFor()
    const letters = await title.evaluate((element) => {
      const ruler = document.createElement('b')
      ruler.textContent = 'conv2d_block'
      element.append(ruler)
      const width = ruler.getBoundingClientRect().width
      ruler.remove()
      return element.clientWidth - width
    })
    expect(letters).toBeGreaterThanOrEqual(0)
  })
})

describe('the model summary', () => {
  const person = usePerson({ width: 390, height: 844 })

  it('is as wide as a telephone, with all of its head and names that can be read', async () => {
    const { page } = person
    await page.addInitScript(() => localStorage.setItem('urpatch-tour', 'seen'))
    await page.goto(`${url}?demo`)
    await scanReaches(page, 1)
    await page.evaluate(() => window.urpatch!.state().showPage('summary'))
    const dialog = page.getByRole('dialog')
    const name = dialog.getByRole('rowheader', { name: 'batch_normalization' })
    await name.waitFor()
    expect(await page.locator('.modal').boundingBox()).toMatchObject({ x: 0, width: 390 })
    const head = (await dialog.locator('.panel-head').boundingBox())!
    for (const part of await dialog.locator('.panel-head > *').all()) {
      const box = await part.boundingBox()
      if (box) expect(box.y + box.height).toBeLessThanOrEqual(head.y + head.height)
    }
    const [needed, given] = await name.evaluate((cell) => {
      const beginning = cell.querySelector('.layer-start')!
      return [beginning.scrollWidth, beginning.clientWidth]
    })
    expect(given).toBeGreaterThanOrEqual(needed!)
  })
})

describe('the layers where they are a menu', () => {
  const person = usePerson({ width: 390, height: 600 })

  it('lie beside the edge of the screen, and only their list scrolls', async () => {
    const { page } = person
    await page.addInitScript(() => localStorage.setItem('urpatch-tour', 'seen'))
    await page.goto(`${url}?demo`)
    await scanReaches(page, 1)
    await page.getByRole('button', { name: /^Layers:/ }).click()
    const drawer = page.locator('.drawer')
    await drawer.getByRole('option', { name: /^conv2d_5/ }).waitFor()
    const box = (await drawer.boundingBox())!
    expect([box.x, box.y]).toEqual([0, 0])
    expect(box.height).toBeLessThanOrEqual(600)
    for (const part of [drawer.getByRole('searchbox'), drawer.getByRole('button', { name: /Scan/ })])
      expect((await part.boundingBox())!.y).toBeGreaterThanOrEqual(0)
    const { y, height } = (await drawer.getByRole('button', { name: /Scan/ }).boundingBox())!
    expect(y + height).toBeLessThanOrEqual(600)
  })
})
