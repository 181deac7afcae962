import { act } from 'react'
import { expect, it } from 'vitest'
import { useHeldHeight } from '../../../src/ui/reasons/useHeldHeight.ts'
import { useContainer } from '../useContainer.ts'

const container = useContainer()

let renders = 0

function Replaced({ height }: { height: number | null }) {
  renders++
  const held = useHeldHeight(height === null)
  return (
    <div ref={held} className="held">
      {height !== null && <div style={{ height }} />}
    </div>
  )
}

const show = (height: number | null) => act(() => container.render(<Replaced height={height} />))
const shown = () => document.querySelector<HTMLElement>('.held')!.offsetHeight
/** Observers of sizes tell before a frame is drawn. */
const frames = () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))

it('keeps the height of what was there while it is busy, and renders nothing for that', async () => {
  renders = 0
  await show(null)
  expect(shown()).toBe(0)
  await show(120)
  await frames()
  expect(shown()).toBe(120)
  await show(null)
  expect(shown()).toBe(120)
  // What comes may be lower, and grow.
  await show(80)
  expect(shown()).toBe(80)
  document.querySelector<HTMLElement>('.held div')!.style.height = '95px'
  await frames()
  await show(null)
  expect(shown()).toBe(95)
  expect(renders).toBe(5)
})
