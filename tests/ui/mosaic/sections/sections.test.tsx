import { act, type ReactNode } from 'react'
import { userEvent } from 'vitest/browser'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { entriesAtLevel, knownEntries, passes } from '../../../../src/core/mosaic/knownPatches.ts'
import { classMeans } from '../../../../src/core/scan/statistics/classMeans.ts'
import { histogram } from '../../../../src/core/scan/statistics/histogram.ts'
import { maxima } from '../../../../src/core/scan/statistics/maxima.ts'
import { quantiles as quantilesOf } from '../../../../src/core/scan/statistics/quantiles.ts'
import type { AppStore } from '../../../../src/state/store.ts'
import { amongOf, pickedOf } from '../../../../src/state/selectors/view.ts'
import { sections } from '../../../../src/ui/mosaic/sections/index.ts'
import type { LateSection, Section } from '../../../../src/ui/mosaic/sections/section.ts'
import { FollowChannel, Sections } from '../../../../src/ui/mosaic/sections/Sections.tsx'
import { usePanelWidth } from '../../../../src/ui/common/useScreen.ts'
import { StoreContext } from '../../../../src/ui/useApp.ts'
import { positionOf, readyApp } from '../../../fixtures/fakeWorkers.ts'
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
  store.getState().showLayer('first')
  store.getState().showChannel(channel)
  await act(async () => {
    container.render(
      <StoreContext value={store}>
        <FollowChannel>
          <Sections
            sections={list}
            open={{ layer: 'first', channel, patches: [], alike: [], rank: 0, patch: undefined }}
          />
        </FollowChannel>
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

function slider(): HTMLInputElement {
  return container.element.querySelector<HTMLInputElement>('input[type=range]')!
}

async function press(key: string): Promise<void> {
  await act(async () => slider().focus())
  await act(() => userEvent.keyboard(`{${key}}`))
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

const late = (id: string, more: Partial<LateSection<number>> = {}): LateSection<number> => ({
  id,
  find: ({ channel, result }) => channel * 100 + result.channels,
  Late: ({ found }) => <p>{`${id} ${found}`}</p>,
  ...more,
})

function titles(): HTMLElement[] {
  return [...container.element.querySelectorAll<HTMLElement>('h3 button')]
}

describe('the sections of a channel', () => {
  beforeEach(() => localStorage.clear())

  it('come in the order of the list, the late ones with their titles, and not if there is nothing to show', async () => {
    const first: Section = { id: 'first', Component: ({ layer, channel }) => <p>{`${layer} ${channel}`}</p> }
    const last: Section = { id: 'last', title: 'The end', Component: () => <p>the end</p> }
    await shown(1, 40, [
      first,
      late('a', { title: 'What', more: (found) => `of ${found}` }),
      late('nothing', { title: 'Nothing', find: () => null }),
      late('elsewhere', { title: 'Elsewhere', applies: ({ channel }) => channel === 2 }),
      late('b'),
      last,
    ])
    expect(text('p, h3')).toEqual(['first 1', 'Whatof 104', 'a 104', 'b 104', 'The end', 'the end'])
    const regions = [...container.element.querySelectorAll('section')]
    expect(regions.map((region) => region.getAttribute('aria-label'))).toEqual(['What', 'The end'])
    expect(container.element.querySelectorAll('.statistics')).toHaveLength(1)
  })

  it('cost nothing while they are folded, and stay as they were left', async () => {
    let looked = 0
    const draw = vi.fn<() => string>(() => 'drawn')
    const counted = late('counted', {
      title: 'Counted',
      find: () => (looked += 1),
      Late: () => <p>{draw()}</p>,
    })
    const Open = (): ReactNode => <p>{draw()}</p>
    const list = [counted, { id: 'at-once', title: 'At once', Component: Open } satisfies Section]
    const store = await shown(1, 40, list)
    expect([looked > 0, draw.mock.calls.length > 1]).toEqual([true, true])
    for (const title of titles()) await act(async () => title.click())
    expect(text('p')).toEqual([])
    expect(titles().map((title) => title.ariaExpanded)).toEqual(['false', 'false'])
    const before = [looked, draw.mock.calls.length]
    await act(async () => store.getState().showChannel(2))
    // Another visit.
    await act(async () => container.render(null))
    await shown(1, 40, list)
    expect(titles().map((title) => title.ariaExpanded)).toEqual(['false', 'false'])
    expect([looked, draw.mock.calls.length]).toEqual(before)
    await act(async () => titles()[0]!.click())
    expect(looked).toBe(before[0]! + 1)
    await act(async () => container.render(null))
    await shown(1, 40, list)
    expect(titles().map((title) => title.ariaExpanded)).toEqual(['true', 'false'])
  })

  it('may be folded until somebody opens them', async () => {
    await shown(1, 40, [late('seldom', { title: 'Seldom', folded: true })])
    expect(text('p')).toEqual([])
    await act(async () => titles()[0]!.click())
    expect(text('p')).toEqual(['seldom 104'])
    await act(async () => container.render(null))
    await shown(2, 40, [late('seldom', { title: 'Seldom', folded: true })])
    expect(text('p')).toEqual(['seldom 204'])
  })

  it('stand side by side if one has a width, and the next one knows what is left', async () => {
    const wide = (id: string) => late(id, { title: id, Late: () => <p>{`${id} ${usePanelWidth()}`}</p> })
    const left = { ...wide('left'), width: 100 }
    await shown(1, 40, [left, wide('right'), wide('below')])
    const all = Number(text('p')[2]!.split(' ')[1])
    expect(text('p')).toEqual([`left ${all}`, `right ${all - 116}`, `below ${all}`])
    expect(text('.statistics-row p')).toHaveLength(2)
    await act(async () => container.render(null))
    await shown(1, 40, [{ ...left, applies: () => false }, wide('right'), wide('below')])
    expect(text('p')).toEqual([`right ${all}`, `below ${all}`])
  })
})

describe('what is drawn of a channel', () => {
  beforeEach(() => localStorage.clear())

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

  it('shows the patches at the level of the slider, and lets them go again', async () => {
    const store = await shown(1, 100)
    const result = store.getState().results.get('first')!
    const known = knownEntries(result, 1, 25)
    const { bins } = result.of(histogram, 1)!
    expect(slider().getAttribute('aria-label')).toBe('Strength')
    expect(slider().getAttribute('aria-valuetext')).toBe(
      `The top; 16.00 to 18.00: ${bins.at(-1)!.count} images`,
    )
    const strip = (): HTMLElement[] => [
      ...container.element.querySelectorAll<HTMLElement>('[role=group] [role=group] button'),
    ]
    const steps = [
      ['Home', 0],
      ['ArrowRight', 1],
      ['PageUp', 9],
      ['ArrowLeft', 8],
      ['End', bins.length - 1],
      ['ArrowRight', bins.length - 1],
    ] as const
    for (const [key, index] of steps) {
      await press(key)
      const { from, to, count } = bins[index]!
      const among = amongOf(store.getState())
      expect(among, key).toEqual({ kind: 'range', from, to })
      const words = `${from.toPrecision(4)} to ${to.toPrecision(4)}: ${count} image${count === 1 ? '' : 's'}`
      expect(slider().getAttribute('aria-valuetext')).toBe(words)
      const end = index === 0 ? 'lowest' : index === bins.length - 1 ? 'top' : null
      const found = entriesAtLevel(known, { from, to, end }, 20)
      await expect
        .poll(() => strip().map((button) => button.title.split(' ')[0]))
        .toEqual(found.map(({ activation }) => activation.toPrecision(4)))
      expect(strip().some((button) => button.dataset['dimmed'] !== undefined)).toBe(false)
      expect(drawnBars()).toEqual([bins.length - 1, 1])
      const all = known.filter((entry) => passes(among!, entry, new Int32Array())).length
      expect(text('[role=group] .statistics-ends span')).toEqual([
        found[0]!.activation.toPrecision(4),
        `${all} of ${count} from ${from.toPrecision(4)} to ${to.toPrecision(4)}`,
        found.at(-1)!.activation.toPrecision(4),
      ])
    }
    await press('Escape')
    expect(amongOf(store.getState())).toBeNull()
    expect(store.getState().channel).toBe(1)
    // Under the pointer.
    const { left, width, top } = slider().getBoundingClientRect()
    await act(() => userEvent.click(slider(), { position: { x: Math.round(width * 0.02), y: 5 } }))
    expect(amongOf(store.getState()), `${left} ${top}`).toMatchObject({ from: bins[0]!.from })
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
  beforeEach(() => localStorage.setItem('urpatch-fold-numbers', 'open'))

  it('are those of the result, while it grows', async () => {
    const store = await shown(1, 100)
    const result = store.getState().results.get('first')!
    const { mean, standardDeviation } = result.of(maxima, 1)!
    expect(text('dd')[0]).toBe(`${mean!.toPrecision(4)} ± ${standardDeviation!.toPrecision(4)}`)
    expect(container.element.textContent).toContain('in 100 % of the images')
    expect(labels()).toEqual([
      'Histogram of the maxima of 100 images, from 1.000 to 18.00',
      'Two patches from each tenth of the images, from the lowest maxima to the highest',
      expect.stringContaining('Where the maxima of 100 images lie in the map of 4×3 units'),
      'The patches of the images with the lowest maxima',
    ])
    expect(drawnBars()).toEqual([result.of(histogram, 1)!.bins.length])
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

  it('draw where the maxima lie, the darkest cell where most do', async () => {
    await shown(1, 100)
    // The map is smaller than the grid, so a cell is a unit.
    const counts = Array.from({ length: 12 }, () => 0)
    for (let image = 0; image < 100; image++) counts[positionOf(image, 1)]! += 1
    const cells = [...container.element.querySelectorAll('.where rect')]
    expect(cells.map((cell) => cell.textContent)).toEqual(
      counts.map((count, unit) => `row ${Math.floor(unit / 3)}, column ${unit % 3}: ${count} images`),
    )
    const most = Math.max(...counts)
    expect(cells.map((cell) => Number(cell.getAttribute('fill-opacity')))).toEqual(
      counts.map((count) => count / most),
    )
    expect(labels().find((label) => label?.startsWith('Where'))).toContain(
      `most often in row ${Math.floor(counts.indexOf(most) / 3)}, column ${counts.indexOf(most) % 3}: ${most} images`,
    )
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
      expect.stringContaining('Where'),
      'The patches of the images with the lowest maxima',
    ])
  })
})
