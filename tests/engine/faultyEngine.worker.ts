/** An engine whose graphics card fails on request. */
import { Engine } from '../../src/engine/engine.ts'
import { expose } from '../../src/rpc/expose.ts'
import { loseContext, neverSignal } from './faults.ts'

export class FaultyEngine extends Engine {
  constructor() {
    super({ leastMs: 5000, factor: 0 })
  }

  fail(fault: 'context' | 'fence'): void {
    if (fault === 'context') loseContext()
    else neverSignal()
  }
}

expose(new FaultyEngine(), self as never)
