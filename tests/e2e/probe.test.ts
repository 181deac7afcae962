/** The pages about one picture: which channels fire there, in an image of the set, in any other, and live before a camera. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright'
import { describe, expect, inject, it } from 'vitest'
import { launchChromium } from '../../src/cli/browser.mjs'
import { fixtures, openFiles, usePerson } from './person.ts'

const url = inject('url')
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const details = (page: Page) => page.getByRole('region', { name: 'Image details' })
const list = (page: Page) => details(page).getByRole('list', { name: 'Channels that fire here' })
const tiles = (page: Page) => list(page).getByRole('button', { name: /^Channel \d+ of / })
const rowTiles = (page: Page) =>
  list(page)
    .getByRole('group', { name: 'Channels of conv_valid, rarest value first' })
    .getByRole('button', { name: /^Channel / })
const picture = (page: Page) => details(page).getByRole('group', { name: /^Picture: / })
const hash = (page: Page) => page.evaluate(() => decodeURIComponent(location.hash.replaceAll('+', ' ')))

async function violations(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe)
  return page.evaluate(async () => {
    const { violations: found } = await (
      window as unknown as {
        axe: { run(context: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> }
      }
    ).axe.run({ include: document, exclude: ['.tooltip'] })
    return found.map(({ id, nodes }) => `${id}: ${nodes[0]!.html.slice(0, 200)}`)
  })
}

async function axeFindsNothing(page: Page, state: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    expect.soft(await violations(page), `${state}, ${colorScheme}`).toEqual([])
  }
}

/** A small network and its pictures, with two layers scanned. */
async function open(page: Page, scan = true): Promise<void> {
  await page.goto(url)
  await openFiles(page, `${fixtures}sequential.h5`, `${fixtures}images`)
  if (scan)
    await page.evaluate(async () => {
      const { model, run } = window.urpatch!.state()
      const names = model!.network.layers
        .filter((_, i) => model!.notScannable[i] === null)
        .map(({ name }) => name)
      await run(names)
    })
}

describe.each([
  ['a wide screen', { width: 1440, height: 900 }],
  ['a telephone', { width: 390, height: 844 }],
])('on %s', (_, viewport) => {
  const person = usePerson(viewport)
  const isWide = viewport.width > 1000

  const openProbe = async (page: Page): Promise<void> => {
    if (!isWide) await page.getByRole('button', { name: 'Menu', exact: true }).click()
    await page.getByRole('button', { name: 'Probe an image' }).click()
    await details(page).waitFor()
  }

  it('an image of the set has a page, with its channels by rarity, a history, and steps', async () => {
    const { page } = person
    await open(page)
    await page.evaluate(() => window.urpatch!.state().showImage('red/00.png'))
    await list(page).scrollIntoViewIfNeeded()
    await expect.poll(() => values(page)).not.toEqual([])
    expect(await hash(page)).toContain('image=red/00.png')

    // The tile says what the histogram knows: no image has a higher maximum than one of the highest bin.
    const names = await values(page)
    const shares = names.map((name) => Number(/higher than in ([\d.]+) %/.exec(name)?.[1] ?? 0))
    expect(shares.length).toBeGreaterThan(1)
    expect(shares).toEqual(shares.toSorted((a, b) => b - a))
    expect(shares[0]).toBeGreaterThan(0)
    // A script gets the same order.
    const ranked = await page.evaluate(() => window.urpatch!.probe('red/00.png', ['conv_valid']))
    expect(ranked.map(({ channel }) => channel).slice(0, names.length)).toEqual(
      names.map((name) => Number(/^Channel (\d+)/.exec(name)![1])),
    )
    await axeFindsNothing(page, 'image page')

    await page.keyboard.press('ArrowRight')
    await expect.poll(() => hash(page)).toContain('image=red/01.png')
    await details(page).getByRole('button', { name: 'Image before' }).click()
    await expect.poll(() => hash(page)).toContain('image=red/00.png')

    await list(page).getByRole('heading', { name: 'conv_valid' }).scrollIntoViewIfNeeded()
    const first = rowTiles(page).first()
    const [, channel, layer] = /^Channel (\d+) of ([^:]+):/.exec((await first.textContent())!)!
    await first.click()
    await details(page).waitFor({ state: 'detached' })
    expect(
      await page.evaluate(() => [window.urpatch!.state().layer, window.urpatch!.state().channel]),
    ).toEqual([layer, Number(channel)])
    await page.goBack()
    await tiles(page).first().waitFor()
    expect(await hash(page)).toContain('image=red/00.png')
    await page.keyboard.press('Escape')
    await details(page).waitFor({ state: 'detached' })
    expect(await hash(page)).not.toContain('image=')

    // The other ways to it: by its path, and from the enlarged image of a patch.
    if (!isWide) return
    await page.keyboard.press('/')
    await page.getByRole('textbox', { name: 'Channel', exact: true }).fill('green/02')
    await page.keyboard.press('Enter')
    await expect.poll(() => hash(page)).toContain('image=green/02.png')
    await page.keyboard.press('Escape')
    await page.evaluate(() => window.urpatch!.state().showChannel(0))
    await page.getByRole('button', { name: 'Enlarge the image' }).first().click()
    await page.getByRole('button', { name: 'Channels that fire here' }).click()
    await details(page).waitFor()
  })

  it.runIf(isWide)('a spot asks for its units, by pointer and by keys', async () => {
    const { page } = person
    await open(page)
    await page.evaluate(() => window.urpatch!.state().showImage('blue/00.png'))
    await tiles(page).first().waitFor()
    await picture(page).focus()
    await page.keyboard.press('ArrowRight')
    await page.getByText('The list is about a spot.').waitFor()
    await expect.poll(() => values(page)).not.toEqual([])
    await axeFindsNothing(page, 'a spot')
    const middle = await values(page)
    for (let i = 0; i < 16; i++) await page.keyboard.press('ArrowUp')
    await expect.poll(() => values(page)).not.toEqual(middle)
    await details(page).getByRole('button', { name: 'Whole picture' }).click()
    await expect.poll(() => page.getByText('The list is about a spot.').count()).toBe(0)
    // A tile shows where its channel is strongest.
    await tiles(page).first().focus()
    await details(page).getByRole('img', { name: 'The patch of the strongest unit' }).waitFor()
    // Of a layer with a map there is a heat-map.
    await list(page).getByRole('heading', { name: 'conv_valid' }).scrollIntoViewIfNeeded()
    await rowTiles(page).first().focus()
    await details(page)
      .getByRole('img', { name: /^Heat-map: / })
      .waitFor()
    await axeFindsNothing(page, 'a heat-map over the picture')
  })

  it.runIf(isWide)('any picture is probed: from the set, chosen, pasted, and drawn over', async () => {
    const { page } = person
    await open(page)
    await openProbe(page)
    await axeFindsNothing(page, 'nothing to probe yet')
    await details(page).getByRole('button', { name: 'From the set' }).click()
    await tiles(page).first().waitFor()

    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      details(page).getByRole('button', { name: 'Choose a file' }).click(),
    ])
    await chooser.setFiles(`${fixtures}images/green/00.png`)
    await page.getByText('00.png', { exact: true }).waitFor()
    await tiles(page).first().waitFor()
    const chosen = await values(page)

    await paste(page, readFileSync(`${fixtures}images/red/00.png`).toString('base64'), 'pasted.png')
    await page.getByText('pasted.png', { exact: true }).waitFor()
    await expect.poll(() => values(page)).not.toEqual(chosen)
    // The list of another picture is empty until its first layer is ranked.
    await tiles(page).first().waitFor()
    const pasted = await values(page)

    await details(page).getByRole('button', { name: 'Draw over' }).click()
    const box = (await picture(page).boundingBox())!
    await page.mouse.move(box.x + box.width * 0.2, box.y + box.height / 2)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width * 0.8, box.y + box.height / 2, { steps: 8 })
    await page.mouse.up()
    await expect.poll(() => values(page)).not.toEqual(pasted)
    await axeFindsNothing(page, 'drawing')
    await page.keyboard.press('Control+z')
    await expect.poll(() => values(page)).toEqual(pasted)
    // By keyboard, too: a dot, and its end by the eraser.
    await picture(page).focus()
    await page.keyboard.press('Space')
    for (let i = 0; i < 20; i++) await page.keyboard.press('Shift+ArrowLeft')
    await expect.poll(() => values(page)).not.toEqual(pasted)
    await details(page).getByRole('button', { name: 'Clear the drawing' }).click()
    await expect.poll(() => values(page)).toEqual(pasted)

    await paste(page, '', '')
    await page.getByText('There is no picture in the clipboard.').waitFor()
    await paste(page, Buffer.from('no picture').toString('base64'), 'notes.txt')
    await details(page).getByText('notes.txt cannot be shown: no picture of a known format').waitFor()
    await axeFindsNothing(page, 'no picture')
  })

  it.skipIf(isWide)('the page for any picture has its tools above the list', async () => {
    const { page } = person
    await open(page)
    await openProbe(page)
    await details(page).getByRole('button', { name: 'From the set' }).click()
    await details(page).getByRole('button', { name: 'Draw over' }).click()
    await details(page).getByRole('button', { name: 'Eraser' }).waitFor()
    await axeFindsNothing(page, 'drawing')
    await list(page).scrollIntoViewIfNeeded()
    await tiles(page).first().waitFor()
    await axeFindsNothing(page, 'the list')
    // Nothing is cut off on the right.
    for (const part of [page.getByRole('button', { name: 'Close', exact: true }), list(page)]) {
      const { x, width } = (await part.boundingBox())!
      expect(x + width).toBeLessThanOrEqual(viewport.width)
    }
  })

  it.runIf(isWide)(
    'without a scan, channels are ranked within their layer, and a scan is offered',
    async () => {
      const { page } = person
      await open(page, false)
      await page.evaluate(() => window.urpatch!.state().showImage('red/00.png'))
      await tiles(page).first().waitFor()
      await page.getByText('No layer is scanned').waitFor()
      expect(await tiles(page).first().textContent()).toContain('100 % of the largest value in the layer')
      await axeFindsNothing(page, 'no scan')
      await details(page)
        .getByRole('button', { name: /^Scan / })
        .click()
      await expect.poll(() => tiles(page).first().textContent()).toContain('higher than in')
    },
  )

  it.runIf(isWide)('a link to an image that is not there says so', async () => {
    const { page } = person
    await open(page, false)
    await page.evaluate(() => window.urpatch!.state().showImage('nowhere.png'))
    await page.getByText('There is no image nowhere.png in images.').waitFor()
    await axeFindsNothing(page, 'no such image')
  })

  it.runIf(isWide)('a camera that is refused is told about in a sentence', async () => {
    const { page } = person
    await open(page)
    await openProbe(page)
    await details(page).getByRole('button', { name: 'Webcam' }).click()
    await page
      .getByText(/^(No camera was found|The browser did not allow this page to use the camera)/)
      .waitFor()
    await details(page).getByRole('button', { name: 'Webcam' }).waitFor()
  })
})

describe('what is looked at', () => {
  const person = usePerson()

  it('is freed: no bitmap of a picture and no tensor is left', async () => {
    const { page } = person
    await page.addInitScript(() => {
      const bitmaps: ImageBitmap[] = []
      const collect = (value: unknown): void => {
        if (value instanceof ImageBitmap) bitmaps.push(value)
        else if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value))
          for (const one of Object.values(value)) collect(one)
      }
      const Original = Worker
      window.Worker = class extends Original {
        constructor(...args: ConstructorParameters<typeof Worker>) {
          super(...args)
          this.addEventListener('message', ({ data }) => collect(data))
        }
      }
      Object.assign(window, { bitmaps })
    })
    await open(page)
    const tensors = (): Promise<number> => page.evaluate(() => window.urpatch!.tensorCount())
    /** Mosaics are larger than the pictures of this set, and are kept. A closed bitmap has no size. */
    const pictures = () =>
      page.evaluate(() => {
        const { bitmaps } = window as unknown as { bitmaps: ImageBitmap[] }
        return { all: bitmaps.length, open: bitmaps.filter(({ width }) => width > 0 && width < 60).length }
      })
    const before = await tensors()
    const { all } = await pictures()
    await page.evaluate(() => window.urpatch!.state().showImage('red/00.png'))
    await tiles(page).first().waitFor()
    for (let i = 1; i < 6; i++) {
      await page.keyboard.press('ArrowRight')
      await expect.poll(() => hash(page)).toContain(`red/0${i}.png`)
    }
    await details(page).getByRole('button', { name: 'Draw over' }).click()
    await tiles(page).first().waitFor()
    await page.keyboard.press('Escape')
    await expect.poll(tensors).toBe(before)
    await expect.poll(async () => (await pictures()).all).toBeGreaterThan(all + 5)
    expect((await pictures()).open).toBe(0)
  })
})

it('a camera’s pictures are looked at live; it is free when the page is closed', async () => {
  const browser = await launchChromium([
    '--use-fake-device-for-media-stream',
    '--use-fake-ui-for-media-stream',
  ])
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
    const noise: string[] = []
    page.on('console', (message) => noise.push(message.text()))
    page.on('pageerror', (error) => noise.push(error.message))
    await page.addInitScript(() => {
      const tracks: MediaStreamTrack[] = []
      Object.assign(window, { tracks })
      const { mediaDevices } = navigator
      const original = mediaDevices.getUserMedia.bind(mediaDevices)
      mediaDevices.getUserMedia = async (wish) => {
        const stream = await original(wish)
        tracks.push(...stream.getTracks())
        return stream
      }
    })
    await open(page)
    const tensors = (): Promise<number> => page.evaluate(() => window.urpatch!.tensorCount())
    const before = await tensors()
    await page.evaluate(() => window.urpatch!.state().probe())
    await details(page).getByRole('button', { name: 'Webcam' }).click()
    await page.getByText(/ a second\.$/).waitFor()
    await axeFindsNothing(page, 'live')
    const seen = new Set<string>()
    await expect
      .poll(async () => {
        seen.add(String(await values(page)))
        return seen.size
      })
      .toBeGreaterThan(2)
    const isFree = () =>
      page.evaluate(() =>
        (window as unknown as { tracks: MediaStreamTrack[] }).tracks.map(({ readyState }) => readyState),
      )
    expect(await isFree()).toEqual(['live'])
    await details(page).getByRole('button', { name: 'Stop the webcam' }).click()
    await expect.poll(isFree).toEqual(['ended'])
    // Its last picture stays, to be drawn over.
    await details(page).getByRole('button', { name: 'Draw over' }).click()
    await tiles(page).first().waitFor()
    await details(page).getByRole('button', { name: 'Webcam' }).click()
    await page.getByText(/ a second\.$/).waitFor()
    await page.keyboard.press('Escape')
    await expect.poll(isFree).toEqual(['ended', 'ended'])
    await expect.poll(tensors).toBe(before)
    expect(noise).toEqual([])
  } finally {
    await browser.close()
  }
})

/** What the tiles of one layer say, in their order. */
function values(page: Page): Promise<string[]> {
  return rowTiles(page).evaluateAll((all) => all.map((one) => one.textContent!))
}

/** Pastes a file, or nothing if it has no name. */
function paste(page: Page, base64: string, name: string): Promise<void> {
  return page.evaluate(
    ([content, called]) => {
      const data = new DataTransfer()
      if (called !== '')
        data.items.add(new File([Uint8Array.from(atob(content!), (char) => char.charCodeAt(0))], called!))
      document.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true }))
    },
    [base64, name],
  )
}
