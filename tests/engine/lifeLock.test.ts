import { expect, it, vi } from 'vitest'
import type { Endpoint } from '../../src/rpc/endpoint.ts'
import { watchLife } from '../../src/rpc/lifeLock.ts'
import { connect } from '../../src/rpc/remote.ts'
import type { Mortal } from './mortal.worker.ts'

function spawn() {
  const worker = new Worker(new URL('./mortal.worker.ts', import.meta.url), { type: 'module' })
  const endpoint = worker as unknown as Endpoint
  const onEnd = vi.fn<() => void>()
  watchLife(endpoint, onEnd)
  // A worker gets its lock some milliseconds after its start, so the test waits until then.
  const alive = new Promise<void>((resolve) => {
    worker.addEventListener('message', ({ data }: MessageEvent<{ type?: string }>) => {
      if (data.type === 'alive') resolve()
    })
  })
  return { worker, onEnd, alive, remote: connect<Mortal>(endpoint).remote }
}

it('a worker that closes itself, which fires no event, is found to have ended', async () => {
  const { worker, onEnd, alive, remote } = spawn()
  await alive
  const events = vi.fn<() => void>()
  worker.addEventListener('error', events)
  expect(await remote.ping()).toBe('pong')
  const pending = vi.fn<() => void>()
  remote.never().then(pending, pending)
  expect(onEnd).not.toHaveBeenCalled()
  void remote.close()
  await vi.waitFor(() => expect(onEnd).toHaveBeenCalledOnce(), 10_000)
  expect(events).not.toHaveBeenCalled()
  // Rejecting the pending calls is the page's work.
  expect(pending).not.toHaveBeenCalled()
})

it('a worker that is terminated is found to have ended, too; one that lives is not', async () => {
  const [one, other] = [spawn(), spawn()]
  await Promise.all([one.alive, other.alive])
  one.worker.terminate()
  await vi.waitFor(() => expect(one.onEnd).toHaveBeenCalledOnce(), 10_000)
  expect(await other.remote.ping()).toBe('pong')
  expect(other.onEnd).not.toHaveBeenCalled()
  other.worker.terminate()
})
