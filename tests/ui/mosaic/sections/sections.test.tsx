import { act } from 'react'
import { userEvent } from 'vitest/browser'
import { describe, expect, it } from 'vitest'
import { knownEntries, passes } from '../../../../src/core/mosaic/knownPatches.ts'
import { classMeans } from '../../../../src/core/scan/statistics/classMeans.ts'
import { maxima } from '../../../../src/core/scan/statistics/maxima.ts'
import { quantiles as quantilesOf } from '../../../../src/core/scan/statistics/quantiles.ts'
import type { AppStore } from '../../../../src/state/store.ts'
import { amongOf, pickedOf } from '../../../../src/state/selectors/view.ts'
import { sections } from '../../../../src/ui/mosaic/sections/index.ts'
import type { LateSection, Section } from '../../../../src/ui/mosaic/sections/section.ts'
import { Sections } from '../../../../src/ui/mosaic/sections/Sections.tsx'
import { StoreContext } from '../../../../src/ui/useApp.ts'
import { readyApp } from '../../../fixtures/fakeWorkers.ts'
import { useContainer } from '../../useContainer.ts'

const container = useContainer()

/** Without the pictures: what a scan tells of a channel. */
const ofStatistics = sections.filter(({ id }) => id !== 'pictures' && id !== 'patch')

/** Of the layer `first`, after a scan of so many images of two classes. */
async function shown(channel: number, images: number, list = ofStatistics): Promise<AppStore> {
  const { store, gallery } = await readyApp({}, images)
  const grey = new ImageData(10, 10)
  grey.data.fill(128)
  Object.assign(gallery.remote, {
    mosaic: async () => ({ bitmap: await createImageBitmap(grey), done: true, steps: 16 }),
  })
  localStorage.setItem('urpatch-numbers', 'open')
  store.getState().showLayer('first')
  store.getState().showChannel(channel)
  await act(async () => {
    container.render(
      <StoreContext value={store}>
        <Sections
          sections={list}
          open={{ layer: 'first', channel, patches: [], rank: 0, patch: undefined }}
        />
      </StoreContext>,
    )
    await store.getState().run()
  })
  return store
}

function text(selector: string): string[] {
  return Array.from(container.element.querySelectorAll(selector), (element) => element.textContent)
}

function labels(): (string | null)[] {
  return Array.from(container.element.querySelectorAll('[role=img]'), (element) =>
    element.getAttribute('aria-label'),
  )
}

function bars(): HTMLElement[] {
  return [...container.element.querySelectorAll<HTMLElement>('.statistics-bar-button')]
}

/** The number of bars in each path of the histogram. */
function drawnBars(): number[] {
  const paths = [...container.element.querySelectorAll('.statistics-chart path')]
  return paths.map((path) => path.getAttribute('d')!.split('z').length - 1)
}

function buttons(group: string): HTMLElement[] {
  return [...container.element.querySelectorAll<HTMLElement>(`[role=group][aria-label="${group}"] button`)]
}

const quantiles = 'Two patches from each tenth of the images, from the lowest maxima to the highest'

describe('the sections of a channel', () => {
  const late = (id: string, title?: string): LateSection<number> => ({
    id,
    ...(title === undefined ? {} : { title, more: (found) => `of ${found}` }),
    find: ({ channel, result }) => (id === 'nothing' ? null : channel * 100 + result.channels),
    Late: ({ found }) => <p>{`${id} ${found}`}</p>,
  })

  it('come in the order of the list, the late ones with their titles, and not if there is nothing to show', async () => {
    const first: Section = { id: 'first', Component: ({ layer, channel }) => <p>{`${layer} ${channel}`}</p> }
    const last: Section = { id: 'last', Component: () => <p>the end</p> }
    await shown(1, 40, [first, late('a', 'What'), late('nothing', 'Nothing'), late('b'), last])
    expect(text('p, h3')).toEqual(['first 1', 'What of 104', 'a 104', 'b 104', 'the end'])
    expect(container.element.querySelectorAll('.statistics')).toHaveLength(1)
    expect(container.element.querySelectorAll('.statistics > .statistics-part')).toHaveLength(2)
  })
})

describe('what is drawn of a channel', () => {
  it('opens the image of each patch, by a click or by arrows from the one stop for Tab', async () => {
    const store = await shown(1, 100)
    // Buttons come after what they lie over.
    await expect.poll(() => buttons(quantiles)).toHaveLength(20)
    const patches = buttons(quantiles)
    expect(patches.filter(({ tabIndex }) => tabIndex === 0)).toHaveLength(1)
    await act(async () => patches[3]!.click())
    const [group] = [store.getState().results.get('first')!.of(quantilesOf, 1)![3]!]
    expect(pickedOf(store.getState())).toMatchObject({ image: group.samples[0]!.image })
    expect(buttons(quantiles)[3]!.getAttribute('aria-pressed')).toBe('true')
    await act(async () => buttons(quantiles)[3]!.focus())
    await act(() => userEvent.keyboard('{ArrowDown}'))
    expect(pickedOf(store.getState())).toMatchObject({ image: group.samples[1]!.image })
    expect(document.activeElement).toBe(buttons(quantiles)[13])
    // Another top patch replaces it.
    await act(async () => store.getState().showPatch(2))
    expect(pickedOf(store.getState())).toBeNull()
  })

  it('shows the known images of a bar, and lets them go again', async () => {
    const store = await shown(1, 100)
    const result = store.getState().results.get('first')!
    await expect.poll(() => bars().length).toBeGreaterThan(0)
    const bar = bars().at(-1)!
    await act(async () => bar.click())
    const among = amongOf(store.getState())
    if (among?.kind !== 'range') throw new Error('a bar is a range')
    const found = knownEntries(result, 1, 16).filter((entry) => passes(among, entry, new Int32Array()))
    expect(found.length).toBeGreaterThan(0)
    // The others stand back.
    expect(drawnBars()).toEqual([bars().length - 1, 1])
    await expect
      .poll(() => {
        const strip = [...container.element.querySelectorAll('[role=group] [role=group]')].at(-1)
        return [...(strip?.querySelectorAll('button') ?? [])].map((button) => button.title.split(' ')[0])
      })
      .toEqual(found.map(({ activation }) => activation.toPrecision(4)))
    await act(async () => bars().at(-1)!.click())
    expect(amongOf(store.getState())).toBeNull()
  })

  it('shows the known images of a class, and lets the others stand back', async () => {
    const store = await shown(1, 100)
    const row = container.element.querySelector<HTMLElement>('.statistics-class')!
    await act(async () => row.click())
    const { images } = store.getState()
    const among = amongOf(store.getState())
    if (among?.kind !== 'class') throw new Error('a row is a class')
    expect(images!.table.classNames[among.classNumber]).toBe(row.textContent)
    const result = store.getState().results.get('first')!
    const samples = [0, 1].flatMap((i) => result.of(quantilesOf, 1)!.map((group) => group.samples[i]!))
    await expect
      .poll(() => buttons(quantiles).map((button) => button.dataset['dimmed'] === undefined))
      .toEqual(samples.map(({ image }) => images!.table.classOf[image] === among.classNumber))
    // The class stays chosen in the next channel.
    await act(async () => store.getState().showChannel(2))
    expect(amongOf(store.getState())).toEqual(among)
  })
})

describe('the statistics of a channel', () => {
  it('are those of the result, while it grows', async () => {
    const store = await shown(1, 100)
    const result = store.getState().results.get('first')!
    const { mean, standardDeviation } = result.of(maxima, 1)!
    expect(text('dd')[0]).toBe(`${mean!.toPrecision(4)} ± ${standardDeviation!.toPrecision(4)}`)
    expect(container.element.textContent).toContain('in 100 % of the images')
    expect(labels()).toEqual([
      'Histogram of the maxima of 100 images, from 1.000 to 18.00',
      'Two patches from each tenth of the images, from the lowest maxima to the highest',
      'The patches of the images with the lowest maxima',
    ])
    await expect.poll(() => bars().length).toBeGreaterThan(0)
    const counts = bars().map((bar) => Number(/: (\d+) images?$/.exec(bar.getAttribute('aria-label')!)![1]))
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(100)
    expect(drawnBars()).toEqual([counts.length])
  })

  it('list the classes by their mean, with their share of the top patches', async () => {
    const store = await shown(1, 100)
    const result = store.getState().results.get('first')!
    const rows = text('tbody tr')
    expect(rows).toHaveLength(2)
    const shares = text('tbody td:last-child').map((share) => Number(/^(\d+) of 16$/.exec(share)![1]))
    expect(shares.reduce((sum, share) => sum + share, 0)).toBe(16)
    const means = result.of(classMeans, 1)!.map(({ mean }) => mean)
    expect(rows[0]).toContain(Math.max(...means).toPrecision(4))
  })

  it('draw strips of patches in the size that they take', async () => {
    await shown(2, 100)
    await expect
      .poll(() =>
        Array.from(
          container.element.querySelectorAll('canvas'),
          ({ width, height }) => width > 300 && height > 50,
        ),
      )
      .toEqual([true, true])
  })

  it('have no patches where the channel is dead', async () => {
    await shown(0, 100)
    expect(labels()).toEqual([expect.stringContaining('Histogram')])
    expect(container.element.textContent).toContain('in 0 % of the images and 0 % of all units')
  })

  it('have no strip of quantiles of a handful of images', async () => {
    await shown(1, 12)
    expect(labels()).toEqual([
      expect.stringContaining('Histogram'),
      'The patches of the images with the lowest maxima',
    ])
  })
})
