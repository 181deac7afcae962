/** @file The type that `Remote<T>` makes of a class, checked by the compiler (`npm run test:types`). */
import { expectTypeOf, it } from 'vitest'
import type { Remote } from '../../src/rpc/remote.ts'

class Counter {
  readonly label = 'counter'
  #count = 0
  private step = 1
  protected limit = 9

  add(n: number, twice?: boolean): number {
    this.#count += twice ? 2 * n : n * this.step
    return Math.min(this.#count, this.limit)
  }

  async load(file: Blob): Promise<{ bytes: Uint8Array }> {
    return { bytes: new Uint8Array(await file.arrayBuffer()) }
  }

  reset(): void {
    this.#secret()
  }

  all(...names: string[]): string[] {
    return [...names]
  }

  private hidden(): void {
    this.#secret()
  }

  #secret(): void {
    this.#count = 0
    if (this.#count > 0) this.hidden()
  }
}

it('methods become asynchronous, with the same arguments', () => {
  expectTypeOf<Remote<Counter>['add']>().toEqualTypeOf<(n: number, twice?: boolean) => Promise<number>>()
  expectTypeOf<Remote<Counter>['reset']>().toEqualTypeOf<() => Promise<void>>()
  expectTypeOf<Remote<Counter>['all']>().toEqualTypeOf<(...names: string[]) => Promise<string[]>>()
})

it('methods that are asynchronous already stay as they are', () => {
  expectTypeOf<Remote<Counter>['load']>().toEqualTypeOf<(file: Blob) => Promise<{ bytes: Uint8Array }>>()
})

it('properties, private and protected members are not there', () => {
  expectTypeOf<keyof Remote<Counter>>().toEqualTypeOf<'add' | 'load' | 'reset' | 'all'>()
})

it('wrong arguments do not compile', () => {
  const remote = {} as Remote<Counter>
  // @ts-expect-error a number is needed
  void (() => remote.add('1'))
  // @ts-expect-error there is no such method
  void (() => remote.subtract(1))
  // @ts-expect-error the answer is a promise
  void ((): number => remote.add(1))
  expectTypeOf(remote).not.toBeAny()
})
