import { afterEach, describe, expect, it } from 'vitest'
import type { Endpoint } from '../../src/rpc/endpoint.ts'
import { expose } from '../../src/rpc/expose.ts'
import { connect, type ConnectOptions } from '../../src/rpc/remote.ts'
import { transfer } from '../../src/rpc/transfer.ts'

class CodedError extends Error {
  override readonly name = 'CodedError'
  readonly code = 'test/broken'
}

/** The object at the other end. */
class Service {
  #total = 0
  kept: ArrayBuffer | null = null

  add(n: number): number {
    this.#total += n
    return this.#total
  }

  async after(milliseconds: number, value: string): Promise<string> {
    await new Promise((resolve) => setTimeout(resolve, milliseconds))
    return value
  }

  echo(value: unknown): unknown {
    return value
  }

  both(one: unknown, two: unknown): unknown {
    return [one, two]
  }

  fail(): never {
    throw new CodedError('the model is upside down')
  }

  async failLater(): Promise<never> {
    await Promise.resolve()
    throw new CodedError('later')
  }

  throwText(): never {
    // eslint-disable-next-line no-throw-literal
    throw 'just text'
  }

  uncloneable(): () => void {
    return () => undefined
  }

  never(): Promise<void> {
    return new Promise(() => undefined)
  }

  handOver(): { bytes: Float32Array } {
    const bytes = Float32Array.of(1, 2, 3)
    this.kept = bytes.buffer
    return transfer({ bytes }, [bytes.buffer])
  }

  copy(): Float32Array {
    const bytes = Float32Array.of(1, 2, 3)
    this.kept = bytes.buffer
    return bytes
  }

  keptBytes(): number {
    return this.kept?.byteLength ?? -1
  }
}

const open: MessagePort[] = []

afterEach(() => {
  for (const port of open.splice(0)) port.close()
})

function pair(options?: ConnectOptions) {
  const { port1, port2 } = new MessageChannel()
  open.push(port1, port2)
  const service = new Service()
  expose(service, port2 as unknown as Endpoint)
  return { ...connect<Service>(port1 as unknown as Endpoint, options), service, here: port1, there: port2 }
}

/** An imitation of a worker's `error` event. */
function errorEvent(message?: string): Event {
  return Object.assign(new Event('error', { cancelable: true }), message === undefined ? {} : { message })
}

describe('a call', () => {
  it('resolves to what the method returns, called on its own object', async () => {
    const { remote } = pair()
    expect(await remote.add(2)).toBe(2)
    expect(await remote.add(3)).toBe(5)
  })

  it('is answered by the first of several objects that has the method, on that object', async () => {
    const { port1, port2 } = new MessageChannel()
    open.push(port1, port2)
    const second = {
      factor: 3,
      add: (value: number) => value,
      times: (value: number) => value * second.factor,
    }
    expose([new Service(), second], port2 as unknown as Endpoint)
    const { remote } = connect<Service & Pick<typeof second, 'times'>>(port1 as unknown as Endpoint)
    expect(await remote.add(2)).toBe(2)
    expect(await remote.times(2)).toBe(6)
    await expect((remote as unknown as { fly(): Promise<void> }).fly()).rejects.toThrow(
      'there is no method "fly"',
    )
  })

  it('resolves to what a promise of the method resolves to', async () => {
    expect(await pair().remote.after(1, 'done')).toBe('done')
  })

  it('hands arguments and results over as a structured clone', async () => {
    const value = {
      map: new Map([[1, new Set(['a'])]]),
      bytes: Uint8Array.of(1, 2),
      nothing: undefined,
      nan: NaN,
    }
    const echoed = await pair().remote.echo(value)
    expect(echoed).toEqual(value)
    expect(echoed).not.toBe(value)
  })

  it('gets its own answer among many, in whatever order the answers come', async () => {
    const { remote } = pair()
    const order: string[] = []
    const calls = [30, 1, 15, 5].map(async (milliseconds) => {
      const answer = await remote.after(milliseconds, `after ${milliseconds}`)
      order.push(answer)
      return answer
    })
    expect(await Promise.all(calls)).toEqual(['after 30', 'after 1', 'after 15', 'after 5'])
    expect(order).not.toEqual(['after 30', 'after 1', 'after 15', 'after 5'])
  })

  it('reaches the other side in the order of the calls', async () => {
    const { remote } = pair()
    expect(await Promise.all([1, 1, 1, 1].map((n) => remote.add(n)))).toEqual([1, 2, 3, 4])
  })
})

describe('an error', () => {
  it.each(['fail', 'failLater'] as const)('thrown by %s keeps its name, message and code', async (method) => {
    const error: unknown = await pair()
      .remote[method]()
      .catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(Error)
    expect(error).toMatchObject({
      name: 'CodedError',
      code: 'test/broken',
      message: method === 'fail' ? 'the model is upside down' : 'later',
    })
    expect((error as Error).stack).toContain('Service.fail')
  })

  it('that is no Error becomes one', async () => {
    const error: unknown = await pair()
      .remote.throwText()
      .catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(Error)
    expect(error).toMatchObject({ message: 'just text' })
  })

  it('of one call leaves the connection as it was', async () => {
    const { remote } = pair()
    const failed = remote.fail().catch(() => 'failed')
    expect(await Promise.all([failed, remote.add(1)])).toEqual(['failed', 1])
  })
})

describe('no call hangs', () => {
  it('on a method that is not there', async () => {
    const { remote } = pair()
    await expect((remote as unknown as { fly(): Promise<void> }).fly()).rejects.toThrow(
      'there is no method "fly"',
    )
    await expect((remote as unknown as { kept(): Promise<void> }).kept()).rejects.toThrow(
      'there is no method "kept"',
    )
  })

  it.each([
    'toString',
    'constructor',
    'valueOf',
    'hasOwnProperty',
    'isPrototypeOf',
    '__defineGetter__',
    '__proto__',
  ])('on %s, which every object has and which is nobody’s method', async (name) => {
    const { remote } = pair()
    const methods = remote as unknown as Record<string, () => Promise<void>>
    await expect(methods[name]!()).rejects.toThrow(`there is no method "${name}"`)
    expect(await remote.add(1)).toBe(1)
  })

  it('on a result that cannot be cloned', async () => {
    const { remote } = pair()
    await expect(remote.uncloneable()).rejects.toMatchObject({ name: 'DataCloneError' })
    expect(await remote.add(1)).toBe(1)
  })

  it('on an argument that cannot be cloned', async () => {
    const { remote } = pair()
    await expect(remote.echo(() => undefined)).rejects.toMatchObject({ name: 'DataCloneError' })
    expect(await remote.add(1)).toBe(1)
  })

  it('after kill: pending and later ones reject with its reason', async () => {
    const { remote, kill } = pair()
    const pending = [remote.never(), remote.after(50, 'late')]
    kill(new Error('it was stopped'))
    for (const call of [...pending, remote.add(1)]) await expect(call).rejects.toThrow('it was stopped')
  })

  it('after a second kill: the first reason stays', async () => {
    const { remote, kill } = pair()
    kill(new Error('first'))
    kill(new Error('second'))
    await expect(remote.add(1)).rejects.toThrow('first')
  })

  it('when the worker crashes: all reject with the error of onDeath', async () => {
    const { remote, here } = pair({
      onDeath: (reason) => Object.assign(new Error(`died: ${reason}`), { code: 'worker/died' }),
    })
    const pending = [remote.never(), remote.never()]
    here.dispatchEvent(errorEvent('out of memory'))
    for (const call of [...pending, remote.add(1)])
      await expect(call).rejects.toMatchObject({ message: 'died: out of memory', code: 'worker/died' })
  })

  it('when the worker cannot be loaded, which comes without a message', async () => {
    const { remote, here } = pair()
    const pending = remote.never()
    here.dispatchEvent(errorEvent())
    await expect(pending).rejects.toThrow('it could not be loaded')
  })

  it('when a message cannot be read', async () => {
    const { remote, here } = pair({ onDeath: (reason) => new Error(`died: ${reason}`) })
    const pending = remote.never()
    here.dispatchEvent(new Event('messageerror'))
    await expect(pending).rejects.toThrow('died: a message could not be read')
  })
})

describe('a dead connection', () => {
  it('keeps its crash from the console', () => {
    const { here } = pair()
    const event = errorEvent('boom')
    here.dispatchEvent(event)
    expect(event.defaultPrevented).toBe(true)
  })

  it('passes over the answers that still come in', async () => {
    const { remote, kill, there } = pair()
    const pending = remote.after(1, 'late')
    kill(new Error('gone'))
    await expect(pending).rejects.toThrow('gone')
    there.postMessage({ type: 'return', id: 0, value: 'late' }, [])
    await new Promise((resolve) => setTimeout(resolve, 10))
    await expect(remote.add(1)).rejects.toThrow('gone')
  })
})

describe('messages of others', () => {
  it('are passed over by both sides', async () => {
    const { remote, here, there } = pair()
    for (const message of [undefined, null, 'hello', { type: 'progress' }, 7]) {
      here.postMessage(message, [])
      there.postMessage(message, [])
    }
    expect(await remote.add(1)).toBe(1)
  })
})

describe('buffers', () => {
  it('that are marked are handed over, not copied', async () => {
    const { remote } = pair()
    expect((await remote.handOver()).bytes).toEqual(Float32Array.of(1, 2, 3))
    expect(await remote.keptBytes()).toBe(0)
  })

  it('that are not marked are copied', async () => {
    const { remote } = pair()
    expect(await remote.copy()).toEqual(Float32Array.of(1, 2, 3))
    expect(await remote.keptBytes()).toBe(12)
  })

  it('hands over what an argument was marked with, and copies other arguments', async () => {
    const { remote } = pair()
    const given = Float32Array.of(1, 2)
    const copied = Float32Array.of(3)
    const [one, two] = (await remote.both(transfer({ bytes: given }, [given.buffer]), copied)) as [
      { bytes: Float32Array },
      Float32Array,
    ]
    expect(one.bytes).toEqual(Float32Array.of(1, 2))
    expect(two).toEqual(Float32Array.of(3))
    expect([given.length, copied.length]).toEqual([0, 1])
  })
})

describe('the proxy', () => {
  it('can be awaited without calling `then` at the other side', async () => {
    const { remote } = pair()
    expect(await Promise.resolve(remote)).toBe(remote)
    expect(await remote.add(1)).toBe(1)
  })

  it('gives the same function for the same method, so that it may be passed on', async () => {
    const { remote } = pair()
    const { add } = remote
    expect(add).toBe(remote.add)
    expect(await add(4)).toBe(4)
  })
})
