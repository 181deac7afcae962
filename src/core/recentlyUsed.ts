/** @file Keeps what was used last, as much as there is room for. */

export class RecentlyUsed<V> {
  readonly #most: number
  readonly #sizeOf: (value: V) => number
  /** The one that was used last is the last one. */
  readonly #values = new Map<string, V>()
  #size = 0

  /** `most` is how much all values together may take, of which `sizeOf` says what one takes; by default how many there may be. */
  constructor(most: number, sizeOf: (value: V) => number = () => 1) {
    this.#most = most
    this.#sizeOf = sizeOf
  }

  /** Looks at a value without using it. */
  peek(key: string): V | undefined {
    return this.#values.get(key)
  }

  get(key: string): V | undefined {
    const value = this.#values.get(key)
    if (value === undefined) return undefined
    this.#values.delete(key)
    this.#values.set(key, value)
    return value
  }

  /** The value stays even if it takes more than all may; others go, those first that have not been used for longest. */
  set(key: string, value: V): void {
    this.delete(key)
    this.#values.set(key, value)
    this.#size += this.#sizeOf(value)
    for (const oldest of this.#values.keys()) {
      if (this.#size <= this.#most || oldest === key) break
      this.delete(oldest)
    }
  }

  delete(key: string): void {
    const value = this.#values.get(key)
    if (value === undefined) return
    this.#values.delete(key)
    this.#size -= this.#sizeOf(value)
  }

  clear(): void {
    this.#values.clear()
    this.#size = 0
  }
}
