import { act } from 'react'
import { expect, it } from 'vitest'
import { KernelPicture } from '../../../src/ui/reasons/KernelPicture.tsx'
import { seeded } from '../../fixtures/random.ts'
import { useContainer } from '../useContainer.ts'

const container = useContainer()

it.each([
  [1, 1],
  [3, 3],
  [5, 2],
  [2, 7],
  [70, 64],
])('shows the pixels of a kernel of %i × %i', async (rows, columns) => {
  const random = seeded(rows * 100 + columns)
  const pixels = Uint8ClampedArray.from({ length: rows * columns * 4 }, (_, i) =>
    i % 4 === 3 ? 255 : Math.floor(random.next() * 256),
  )
  await act(() =>
    container.render(
      <KernelPicture rows={rows} columns={columns} pixels={pixels} extent={140} label="A kernel" />,
    ),
  )
  const image = document.querySelector('img')!
  await image.decode()
  expect([image.naturalWidth, image.naturalHeight, image.alt]).toEqual([columns, rows, 'A kernel'])
  // The browser's own reader says what is in it.
  const context = new OffscreenCanvas(columns, rows).getContext('2d')!
  context.drawImage(image, 0, 0)
  expect([...context.getImageData(0, 0, columns, rows).data]).toEqual([...pixels])
  expect(image.getBoundingClientRect()).toMatchObject({
    width: expect.closeTo((140 * columns) / Math.max(rows, columns), 1),
    height: expect.closeTo((140 * rows) / Math.max(rows, columns), 1),
  })
})
