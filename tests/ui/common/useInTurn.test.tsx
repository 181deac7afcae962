import { flushSync } from 'react-dom'
import { expect, it } from 'vitest'
import { useInTurn } from '../../../src/ui/common/useInTurn.ts'
import { useContainer } from '../useContainer.ts'

const container = useContainer({ waits: false })

function spend(ms: number): void {
  const end = performance.now() + ms
  while (performance.now() < end);
}

function Shown({ find, busyMs = 0 }: { find: () => string; busyMs?: number }) {
  const found = useInTurn(find)
  if (found !== null) spend(busyMs)
  return <p>{found ?? 'nothing yet'}</p>
}

const texts = () => [...container.element.querySelectorAll('p')].map((one) => one.textContent)

it('finds only what was asked for last, and shows the value before until then', async () => {
  const called: string[] = []
  const finds = ['a', 'b', 'c'].map((name) => () => {
    called.push(name)
    return name
  })
  const render = (find: () => string): void => flushSync(() => container.render(<Shown find={find} />))
  render(finds[0]!)
  expect(texts()).toEqual(['nothing yet'])
  await expect.poll(texts).toEqual(['a'])
  render(finds[1]!)
  render(finds[2]!)
  expect(texts()).toEqual(['a'])
  await expect.poll(texts).toEqual(['c'])
  expect(called).toEqual(['a', 'c'])
})

it('needs several tasks of the page for many components, rendering included', async () => {
  let tasks = 0
  let isNew = true
  const find = (): string => {
    if (isNew) tasks++
    isNew = false
    // The next turn is scheduled after this.
    setTimeout(() => {
      isNew = true
    })
    return 'found'
  }
  const rows = Array.from({ length: 12 }, (_, i) => <Shown key={i} find={find} busyMs={5} />)
  flushSync(() => container.render(rows))
  await expect.poll(texts).toEqual(Array(12).fill('found'))
  expect(tasks).toBeGreaterThan(3)
})

it('asks for nothing once the component is gone', async () => {
  const called: string[] = []
  const find = (): string => {
    called.push('gone')
    return 'gone'
  }
  flushSync(() => container.render(<Shown find={find} />))
  flushSync(() => container.render(<Shown key="other" find={() => 'other'} />))
  await expect.poll(texts).toEqual(['other'])
  expect(called).toEqual([])
})
