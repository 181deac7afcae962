import { act } from 'react'
import { expect, it } from 'vitest'
import { inSentence } from '../../../src/core/shownText.ts'
import { Name } from '../../../src/ui/common/Name.tsx'
import { useContainer } from '../useContainer.ts'

const container = useContainer()

/** Where the letters of a text begin and end on the screen, in pixels from the left. */
function placeOf(node: Node, start: number, end: number): readonly [number, number] {
  const range = document.createRange()
  range.setStart(node, start)
  range.setEnd(node, end)
  const { left, right } = range.getBoundingClientRect()
  return [left, right]
}

const hebrew = 'חתול'

it('a name from right to left leaves the number behind it where it stands', async () => {
  await act(() =>
    container.render(
      <p>
        <Name>{hebrew}</Name> 27 images
      </p>,
    ),
  )
  const paragraph = document.querySelector('p')!
  const [name, , ...rest] = [paragraph.querySelector('bdi')!.firstChild!, ...paragraph.childNodes]
  const number = rest[0]!
  expect(placeOf(number, 1, 3)[0]).toBeGreaterThan(placeOf(name, 0, hebrew.length)[1])

  // So it is in a text without elements, as a notice is.
  for (const [shown, isLeft] of [
    [hebrew, true],
    [inSentence(hebrew, 99), false],
  ] as const) {
    await act(() => container.render(<p>{`${shown} 27 images`}</p>))
    const text = document.querySelector('p')!.firstChild!
    const at = text.textContent!.indexOf('27')
    const start = text.textContent!.indexOf(hebrew)
    expect(placeOf(text, at, at + 2)[0] < placeOf(text, start, start + 4)[0]).toBe(isLeft)
  }
})
