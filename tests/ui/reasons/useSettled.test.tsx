import { flushSync } from 'react-dom'
import { expect, it } from 'vitest'
import { useSettled } from '../../../src/ui/reasons/useSettled.ts'
import { useContainer } from '../useContainer.ts'

const container = useContainer({ waits: false })

function Shown({ now, isReady }: { now: string; isReady: boolean }) {
  return <p>{useSettled(now, isReady)}</p>
}

const text = () => container.element.textContent
const render = (now: string, isReady: boolean): void =>
  flushSync(() => container.render(<Shown now={now} isReady={isReady} />))

it('keeps what was shown for a moment, and shows what is ready at once', async () => {
  render('old', true)
  expect(text()).toBe('old')
  render('new, without its answers', false)
  expect(text()).toBe('old')
  render('new', true)
  expect(text()).toBe('new')

  const begun = performance.now()
  render('next, without its answers', false)
  await expect.poll(text).toBe('next, without its answers')
  expect(performance.now() - begun).toBeGreaterThan(50)
})

it('does not stay out of date for as long as others come', async () => {
  render('old', true)
  const begun = performance.now()
  for (let i = 0; text() === 'old' && performance.now() - begun < 5000; i++) {
    render(`number ${i}`, false)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  expect(text()).toMatch(/^number/)
})
