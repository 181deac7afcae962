import { act } from 'react'
import { expect, it } from 'vitest'
import { Path } from '../../../src/ui/common/Path.tsx'
import { useContainer } from '../useContainer.ts'

const container = useContainer()

it('a path goes on in the next line behind a slash, and stays one text', async () => {
  await act(() =>
    container.render(
      <p style={{ width: '14ch', font: '16px monospace', overflowWrap: 'anywhere' }}>
        <Path>CommonWheat/487.png</Path>
      </p>,
    ),
  )
  const text = document.querySelector('bdi')!
  expect(text.textContent).toBe('CommonWheat/487.png')
  const lines = Array.from(text.childNodes, (node) => {
    const range = document.createRange()
    range.selectNodeContents(node)
    return range.getClientRects().length
  })
  // Not one name goes over two lines.
  expect(Math.max(...lines)).toBe(1)
})
