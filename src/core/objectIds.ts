/** @file Numbers objects, so that keys can tell them apart by their identity. */

export class ObjectIds {
  readonly #ids = new WeakMap<object, number>()
  #next = 0

  /** The same for the same object only. */
  of(object: object): number {
    let id = this.#ids.get(object)
    if (id === undefined) this.#ids.set(object, (id = this.#next++))
    return id
  }
}
