import { act } from 'react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { page } from 'vitest/browser'
import { modelFile, smallNetwork, testApp } from '../../fixtures/fakeWorkers.ts'
import { BackendMenu } from '../../../src/ui/scan/BackendMenu.tsx'
import { StoreContext } from '../../../src/ui/useApp.ts'
import { useContainer } from '../useContainer.ts'

const container = useContainer()
/** Undoes only the mock of the graphics card, because the console stays mocked to be watched. */
let restore: (() => void) | null = null

afterEach(() => {
  restore?.()
  restore = null
})

/** What one image makes of the layer `second`. */
function probes(max: number) {
  const layer = smallNetwork().layers.findIndex(({ name }) => name === 'second')
  return [{ layer, max: Float32Array.of(max), min: Float32Array.of(0) }]
}

/** Opens the menu for an engine on WebGL whose largest activation is this, while that of the reference is 100. */
async function shown(max: number): Promise<ReturnType<typeof testApp>> {
  const app = testApp({ backend: 'webgl', probe: () => probes(max) }, 2, { probe: () => probes(100) })
  await act(async () => {
    container.render(
      <StoreContext value={app.store}>
        <BackendMenu />
      </StoreContext>,
    )
    await app.store.getState().openModel([modelFile()])
  })
  await act(() => page.getByRole('button', { name: 'Backend: WebGL' }).click())
  return app
}

function adapter(architecture: string, isFallbackAdapter: boolean): void {
  const info = { vendor: 'nvidia', architecture, description: '', isFallbackAdapter }
  const spy = vi.spyOn(navigator.gpu, 'requestAdapter')
  spy.mockResolvedValue({ info } as unknown as GPUAdapter)
  restore = () => spy.mockRestore()
}

describe('the backend menu', () => {
  it('tells that the backend computes what the reference computes', async () => {
    await shown(100)
    await expect
      .element(page.getByRole('status'))
      .toHaveTextContent(
        "Checked with one image against TensorFlow.js' own kernels: all layers are exactly the same.",
      )
  })

  it('names the layer where it does not', async () => {
    await shown(104)
    await expect
      .element(page.getByRole('status'))
      .toHaveTextContent(
        `From layer "second" on other numbers come out than by TensorFlow.js' own kernels (they differ by 4 % of the layer's largest activation). Choose WASM`,
      )
  })

  it('offers WebGPU where there is a graphics card for it', async () => {
    adapter('ampere', false)
    await shown(100)
    await expect
      .element(page.getByRole('radio', { name: 'WebGPU, experimental (nvidia ampere)' }))
      .toBeVisible()
  })

  it('does not offer WebGPU in software', async () => {
    adapter('swiftshader', true)
    await shown(100)
    await expect.element(page.getByRole('radio', { name: 'WASM, one worker' })).toBeVisible()
    expect(navigator.gpu.requestAdapter).toHaveBeenCalled()
    const values = page
      .getByRole('radio')
      .elements()
      .map((radio) => (radio as HTMLInputElement).value)
    expect(values).toEqual(['auto', 'webgl', 'wasm', 'tfjs-wasm'])
  })
})
