import { act } from 'react'
import { describe, expect, it } from 'vitest'
import type { AppStore } from '../../src/state/store.ts'
import { ChannelStatistics } from '../../src/ui/mosaic/ChannelStatistics.tsx'
import { StoreContext } from '../../src/ui/useApp.ts'
import { readyApp } from '../fixtures/fakeWorkers.ts'
import { usePlace } from './usePlace.ts'

const place = usePlace()

/** Of the layer `first`, after a scan of so many images of two classes. */
async function shown(channel: number, images: number): Promise<AppStore> {
  const { store, gallery } = await readyApp({}, images)
  const grey = new ImageData(10, 10)
  grey.data.fill(128)
  Object.assign(gallery.remote, {
    mosaic: async () => ({ bitmap: await createImageBitmap(grey), done: true, steps: 16 }),
  })
  store.getState().showLayer('first')
  store.getState().showChannel(channel)
  await act(async () => {
    place.render(
      <StoreContext value={store}>
        <ChannelStatistics />
      </StoreContext>,
    )
    await store.getState().run()
  })
  return store
}

function text(selector: string): string[] {
  return Array.from(place.element.querySelectorAll(selector), (element) => element.textContent)
}

function labels(): (string | null)[] {
  return Array.from(place.element.querySelectorAll('[role=img]'), (element) =>
    element.getAttribute('aria-label'),
  )
}

describe('the statistics of a channel', () => {
  it('are those of the result, while it grows', async () => {
    const store = await shown(1, 100)
    const result = store.getState().results.get('first')!
    const { mean, spread } = result.statistics(1)
    expect(text('dd')[0]).toBe(`${mean!.toPrecision(4)} ± ${spread!.toPrecision(4)}`)
    expect(place.element.textContent).toContain('in 100 % of the images')
    expect(labels()).toEqual([
      'Histogram of the maxima of 100 images, from 1.000 to 18.00',
      'Two patches from each tenth of the images, from the lowest maxima to the highest',
      'The patches of the images with the lowest maxima',
    ])
    const counts = text('rect title').map((title) => Number(/(\d+) images?$/.exec(title)![1]))
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(100)
  })

  it('list the classes by their mean, with their share of the top patches', async () => {
    const store = await shown(1, 100)
    const result = store.getState().results.get('first')!
    const rows = text('tbody tr')
    expect(rows).toHaveLength(2)
    const shares = text('tbody td:last-child').map((share) => Number(/^(\d+) of 16$/.exec(share)![1]))
    expect(shares.reduce((sum, share) => sum + share, 0)).toBe(16)
    const means = result.classMeans!.means(1).map(({ mean }) => mean)
    expect(rows[0]).toContain(Math.max(...means).toPrecision(4))
  })

  it('draw strips of patches in the size that they take', async () => {
    await shown(2, 100)
    await expect
      .poll(() =>
        Array.from(
          place.element.querySelectorAll('canvas'),
          ({ width, height }) => width > 300 && height > 50,
        ),
      )
      .toEqual([true, true])
  })

  it('have no patches where the channel is dead', async () => {
    await shown(0, 100)
    expect(labels()).toEqual([expect.stringContaining('Histogram')])
    expect(place.element.textContent).toContain('in 0 % of the images and 0 % of all units')
  })

  it('have no strip of quantiles of a handful of images', async () => {
    await shown(1, 12)
    expect(labels()).toEqual([
      expect.stringContaining('Histogram'),
      'The patches of the images with the lowest maxima',
    ])
  })
})
