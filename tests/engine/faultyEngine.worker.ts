/** An engine that fails, or computes something else, on request. */
import { BenchEngine } from '../../src/engine/bench/benchEngine.ts'
import { expose } from '../../src/rpc/expose.ts'
import { falsify, loseContext, neverSignal, trap } from './faults.ts'

/** This is long enough for a busy machine on which nothing is wrong. */
const timeout = { leastMs: 600_000, factor: 0 }

const faults = { context: loseContext, fence: neverSignal, program: trap }

export class FaultyEngine extends BenchEngine {
  constructor() {
    super(timeout)
  }

  fail(fault: keyof typeof faults): void {
    timeout.leastMs = 5000
    faults[fault]()
  }

  /** Of a kernel of the backend that has been started. */
  falsify(kernelName: string): void {
    falsify(kernelName)
  }
}

expose(new FaultyEngine(), self as never)
