import { beforeEach, describe, expect, it } from 'vitest'
import { userEvent } from 'vitest/browser'
import type { AppStore } from '../../src/state/store.ts'
import { ChannelGrid } from '../../src/ui/mosaic/ChannelGrid.tsx'
import { StoreContext } from '../../src/ui/useApp.ts'
import { readyApp } from '../fixtures/fakeWorkers.ts'
import { usePlace } from './usePlace.ts'
import '../../src/ui/styles.css'

const place = usePlace({ waits: false })
let store: AppStore

beforeEach(async () => {
  const app = await readyApp({}, 30)
  store = app.store
  const grey = new ImageData(10, 10)
  grey.data.fill(128)
  Object.assign(app.gallery.remote, { mosaic: () => createImageBitmap(grey) })
  store.getState().showLayer('first')
})

/** Room for so many columns and rows of small tiles. */
async function show(columns: number, rows: number): Promise<void> {
  store.getState().setView({ tileSize: 'small' })
  Object.assign(place.element.style, {
    display: 'flex',
    flexDirection: 'column',
    width: `${columns * 120 + 12}px`,
    height: `${rows * 148}px`,
  })
  place.render(
    <StoreContext value={store}>
      <ChannelGrid layer="first" />
    </StoreContext>,
  )
  await expect.poll(names).not.toEqual([])
}

function names(): (string | null)[] {
  return Array.from(place.element.querySelectorAll('[role=row]'), (row) => row.getAttribute('aria-label'))
}

function chosen(): (string | null)[] {
  return Array.from(place.element.querySelectorAll('[aria-selected=true]'), (row) =>
    row.getAttribute('aria-label'),
  )
}

describe('the grid of channels', () => {
  it('is one stop for Tab and takes arrows from there', async () => {
    await show(2, 2)
    await userEvent.tab()
    expect(document.activeElement?.getAttribute('aria-label')).toBe('Channel 0')
    expect(place.element.querySelectorAll('[tabindex="0"]')).toHaveLength(1)
    await userEvent.keyboard('{ArrowDown}')
    await expect.poll(() => document.activeElement?.getAttribute('aria-label')).toBe('Channel 2')
    expect(store.getState().channel).toBe(2)
    await expect.poll(chosen).toEqual(['Channel 2'])
    await userEvent.keyboard('{ArrowLeft}')
    await expect.poll(() => document.activeElement?.getAttribute('aria-label')).toBe('Channel 1')
  })

  it('opens a channel by a click anywhere on its tile', async () => {
    await show(4, 1)
    await userEvent.click(place.element.querySelector('[data-channel="2"] .tile-caption')!)
    expect(store.getState()).toMatchObject({ channel: 2, patch: 0 })
  })

  it('opens it at the patch that is clicked', async () => {
    await show(4, 1)
    await store.getState().run()
    await expect.poll(() => place.element.querySelectorAll('[data-status=live]').length).toBe(3)
    // The third of four in the second row, 25 pixels each and one between.
    await userEvent.click(place.element.querySelector('[data-channel="1"] .tile-mosaic')!, {
      position: { x: 65, y: 39 },
    })
    expect(store.getState()).toMatchObject({ channel: 1, patch: 6 })
  })

  it('scrolls to a channel that is chosen elsewhere', async () => {
    await show(1, 1)
    store.getState().showChannel(2)
    await expect.poll(() => place.element.querySelector('.channel-grid')!.scrollTop).toBeGreaterThan(100)
    await expect.poll(chosen).toEqual(['Channel 2'])
  })

  it('follows a scan, tile by tile', async () => {
    await show(4, 1)
    expect(place.element.querySelectorAll('[data-status=waiting]')).toHaveLength(4)
    await store.getState().run()
    await expect.poll(() => place.element.querySelectorAll('[data-status=live]').length).toBe(3)
    expect(place.element.querySelectorAll('[data-status=dead]')).toHaveLength(1)
    const highest = store.getState().results.get('first')!.range.highest[1]!
    expect(place.element.querySelector('[data-channel="1"] .tile-activation')!.textContent).toBe(
      highest.toPrecision(4),
    )
  })
})
