import { act, useState } from 'react'
import { expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { TabList } from '../../../src/ui/common/TabList.tsx'
import { useContainer } from '../useContainer.ts'

const container = useContainer()

function Tabs() {
  const [chosen, setChosen] = useState('one')
  const tabs = ['one', 'two', 'three'].map((id) => ({ id, label: `Tab ${id}` }))
  return (
    <>
      <TabList label="Numbers" tabs={tabs} chosen={chosen} onChoose={setChosen} panel="panel" />
      <div role="tabpanel" id="panel">
        {chosen}
      </div>
    </>
  )
}

it('arrow keys, Home and End move the focus round about; Enter, Space and a click choose', async () => {
  await act(() => container.render(<Tabs />))
  const panel = page.getByRole('tabpanel').element()
  const press = (key: string) => act(() => userEvent.keyboard(key))
  const focus = () => document.activeElement?.textContent
  await act(() => userEvent.tab())
  expect(focus()).toBe('Tab one')
  await press('{ArrowRight}')
  expect([focus(), panel.textContent]).toEqual(['Tab two', 'one'])
  await press('{Enter}')
  expect(panel.textContent).toBe('two')
  await press('{ArrowLeft}')
  await press('{ArrowLeft}')
  expect(focus()).toBe('Tab three')
  await press(' ')
  expect(panel.textContent).toBe('three')
  await press('{Home}')
  expect(focus()).toBe('Tab one')
  await press('{End}{ArrowRight}')
  expect([focus(), panel.textContent]).toEqual(['Tab one', 'three'])
  await act(() => page.getByRole('tab', { name: 'Tab two' }).click())
  expect(panel.textContent).toBe('two')
  expect(page.getByRole('tab', { name: 'Tab two' }).element().getAttribute('aria-selected')).toBe('true')

  // Tab leads to the chosen one only, and out of the list.
  await act(() => userEvent.tab({ shift: true }))
  await act(() => userEvent.tab())
  expect(focus()).toBe('Tab two')
})
