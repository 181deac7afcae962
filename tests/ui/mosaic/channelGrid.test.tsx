import { beforeEach, describe, expect, it } from 'vitest'
import { userEvent } from 'vitest/browser'
import type { MosaicAnswer } from '../../../src/engine/gallery.ts'
import type { AppStore } from '../../../src/state/store.ts'
import { ChannelGrid } from '../../../src/ui/mosaic/ChannelGrid.tsx'
import { StoreContext } from '../../../src/ui/useApp.ts'
import { type Deferred, deferred, readyApp } from '../../fixtures/fakeWorkers.ts'
import { useContainer } from '../useContainer.ts'
import '../../../src/ui/styles.css'

const container = useContainer({ waits: false })
let store: AppStore

beforeEach(async () => {
  const app = await readyApp({}, 30)
  store = app.store
  const grey = new ImageData(10, 10)
  grey.data.fill(128)
  Object.assign(app.gallery.remote, { mosaic: async () => whole(await createImageBitmap(grey)) })
  store.getState().showLayer('first')
})

/** Makes room for so many columns and rows of small tiles. */
async function show(columns: number, rows: number): Promise<void> {
  store.getState().setView({ tileSize: 'small' })
  Object.assign(container.element.style, {
    display: 'flex',
    flexDirection: 'column',
    width: `${columns * 120 + 12}px`,
    height: `${rows * 148}px`,
  })
  container.render(
    <StoreContext value={store}>
      <ChannelGrid layer="first" />
    </StoreContext>,
  )
  await expect.poll(names).not.toEqual([])
}

function names(): (string | null)[] {
  return Array.from(container.element.querySelectorAll('[role=row]'), (row) => row.getAttribute('aria-label'))
}

function chosen(): (string | null)[] {
  return Array.from(container.element.querySelectorAll('[aria-selected=true]'), (row) =>
    row.getAttribute('aria-label'),
  )
}

describe('the grid of channels', () => {
  it('is one stop for Tab and takes arrows from there', async () => {
    await show(2, 2)
    await userEvent.tab()
    expect(document.activeElement?.getAttribute('aria-label')).toBe('Channel 0')
    expect(container.element.querySelectorAll('[tabindex="0"]')).toHaveLength(1)
    await userEvent.keyboard('{ArrowDown}')
    await expect.poll(() => document.activeElement?.getAttribute('aria-label')).toBe('Channel 2')
    expect(store.getState().channel).toBe(2)
    await expect.poll(chosen).toEqual(['Channel 2'])
    await userEvent.keyboard('{ArrowLeft}')
    await expect.poll(() => document.activeElement?.getAttribute('aria-label')).toBe('Channel 1')
  })

  it('opens a channel by a click anywhere on its tile', async () => {
    await show(4, 1)
    await userEvent.click(container.element.querySelector('[data-channel="2"] .tile-caption')!)
    expect(store.getState()).toMatchObject({ channel: 2, patch: 0 })
  })

  it('opens it at the patch that is clicked', async () => {
    await show(4, 1)
    await store.getState().run()
    await expect.poll(() => container.element.querySelectorAll('[data-status=live]').length).toBe(3)
    // This is the third of four patches in the second row; each has 25 pixels, with one pixel in between.
    await userEvent.click(container.element.querySelector('[data-channel="1"] .tile-mosaic')!, {
      position: { x: 65, y: 39 },
    })
    expect(store.getState()).toMatchObject({ channel: 1, patch: 6 })
  })

  it('scrolls to a channel that is chosen elsewhere', async () => {
    await show(1, 1)
    store.getState().showChannel(2)
    await expect.poll(() => container.element.querySelector('.channel-grid')!.scrollTop).toBeGreaterThan(100)
    await expect.poll(chosen).toEqual(['Channel 2'])
  })

  it('follows a scan, tile by tile', async () => {
    await show(4, 1)
    expect(container.element.querySelectorAll('[data-status=waiting]')).toHaveLength(4)
    await store.getState().run()
    await expect.poll(() => container.element.querySelectorAll('[data-status=live]').length).toBe(3)
    expect(container.element.querySelectorAll('[data-status=dead]')).toHaveLength(1)
    const highest = store.getState().results.get('first')!.range.highest[1]!
    // The tile is named by its number and described by its caption.
    const tile = container.element.querySelector('[data-channel="1"]')!
    const facts = document.getElementById(tile.getAttribute('aria-describedby')!)!.textContent
    expect(facts).toContain(`Highest activation ${highest.toPrecision(4)}.`)
    expect(facts).toMatch(/\b\d+ of 16\b.*Fires in 100 % of the images\.$/)
    const { backgroundImage } = getComputedStyle(tile.querySelector('.tile-classes')!)
    expect(backgroundImage).toContain('linear-gradient')
    expect(tile.querySelector('.tile-histogram path')!.getAttribute('d')).toMatch(/^M/)
    const dead = container.element.querySelector('[data-channel="0"]')!
    expect(document.getElementById(dead.getAttribute('aria-describedby')!)!.textContent).toBe('Dead.')
    expect(dead.querySelector('.tile-caption')!.textContent).toMatch(/^0dead/)
  })

  it('makes a mosaic again that was dropped while it was made, as when the scan of another layer begins', async () => {
    const app = await readyApp({}, 30)
    store = app.store
    const grey = new ImageData(103, 103)
    for (let i = 0; i < grey.data.length; i += 4) grey.data.set([128, 128, 128, 255], i)
    const gates: Deferred<void>[] = []
    const mosaic = async (): Promise<MosaicAnswer> => {
      const gate = deferred()
      gates.push(gate)
      await gate.promise
      return whole(await createImageBitmap(grey))
    }
    Object.assign(app.gallery.remote, { mosaic })
    store.getState().showLayer('first')
    await show(4, 1)
    await store.getState().run()
    await expect.poll(() => gates.length).toBeGreaterThan(2)
    store.services.mosaics.clear()
    const shown = (): Promise<ReadonlySet<string>> =>
      colours(container.element.querySelector('[data-channel="1"] canvas')!)
    // From now on requests are answered at once.
    Object.assign(app.gallery.remote, { mosaic: async () => whole(await createImageBitmap(grey)) })
    for (const gate of gates) gate.resolve()
    await expect.poll(shown).toEqual(new Set(['128,128,128']))
  })

  it('outlines for a moment a patch that has come in while it scans', async () => {
    const gates: Deferred<void>[] = []
    const scanBatch = (): Promise<void> => {
      const gate = deferred()
      gates.push(gate)
      return gate.promise
    }
    const app = await readyApp({ scanBatch }, 200)
    store = app.store
    const grey = new ImageData(103, 103)
    for (let i = 0; i < grey.data.length; i += 4) grey.data.set([128, 128, 128, 255], i)
    let drawn = 0
    Object.assign(app.gallery.remote, { mosaic: async () => (drawn++, whole(await createImageBitmap(grey))) })
    store.getState().showLayer('first')
    // All patches have room, so less than half of them are new after the third batch.
    store.getState().setK(255)
    await show(4, 1)
    const running = store.getState().run()
    /** Lets the next batch come in, late enough for the page to be informed. */
    const answer = async (): Promise<void> => {
      const before = drawn
      await new Promise((resolve) => setTimeout(resolve, 600))
      gates.shift()!.resolve()
      await expect.poll(() => drawn, { timeout: 5000 }).toBeGreaterThan(before)
    }
    const shown = (): Promise<ReadonlySet<string>> =>
      colours(container.element.querySelector('[data-channel="1"] canvas')!)
    const plain = new Set(['128,128,128'])
    await answer()
    await expect.poll(shown).toEqual(plain)
    await answer()
    await answer()
    await expect.poll(shown).toContain('242,153,74')
    await expect.poll(shown, { timeout: 5000 }).toEqual(plain)
    store.getState().stop()
    for (const gate of gates) gate.resolve()
    await running
  })
})

function whole(bitmap: ImageBitmap): MosaicAnswer {
  return { bitmap, done: true, steps: 16 }
}

/** The colours of all pixels. */
async function colours(canvas: HTMLCanvasElement): Promise<Set<string>> {
  const context = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d')!
  context.drawImage(canvas, 0, 0)
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height)
  const found = new Set<string>()
  for (let i = 0; i < data.length; i += 4) found.add(data.subarray(i, i + 3).join())
  return found
}
