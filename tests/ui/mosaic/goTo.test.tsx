import { expect, it } from 'vitest'
import { userEvent } from 'vitest/browser'
import type { AppStore } from '../../../src/state/store.ts'
import { GoTo } from '../../../src/ui/mosaic/GoTo.tsx'
import { StoreContext } from '../../../src/ui/useApp.ts'
import { readyApp } from '../../fixtures/fakeWorkers.ts'
import { useContainer } from '../useContainer.ts'

const container = useContainer({ waits: false })

async function shown(): Promise<AppStore> {
  const { store } = await readyApp({}, 5)
  store.getState().showLayer('first')
  container.render(
    <StoreContext value={store}>
      <GoTo />
    </StoreContext>,
  )
  await expect.poll(() => container.element.querySelector('button')).not.toBeNull()
  return store
}

it('opens by the key /, leads to a channel of another layer, and says what there is not', async () => {
  const store = await shown()
  await userEvent.keyboard('/')
  await expect.poll(() => document.activeElement?.tagName).toBe('INPUT')
  await userEvent.keyboard('9{Enter}')
  await expect
    .poll(() => document.querySelector('.go-to-problem')?.textContent)
    .toBe('first has the channels 0 to 3.')
  expect(store.getState()).toMatchObject({ layer: 'first', channel: null })
  await userEvent.keyboard('{Backspace}second 2{Enter}')
  expect(store.getState()).toMatchObject({ layer: 'second', channel: 2 })
  await expect.poll(() => document.querySelector('[role=dialog]')).toBeNull()
})
