/** @file A worker that can end silently. */
import { expose } from '../../src/rpc/expose.ts'
import { holdLifeLock } from '../../src/rpc/lifeLock.ts'

export class Mortal {
  ping(): string {
    return 'pong'
  }

  never(): Promise<void> {
    return new Promise(() => undefined)
  }

  close(): void {
    self.close()
  }
}

holdLifeLock(self as never)
expose(new Mortal(), self as never)
