/** @file Work that must not overlap: each task begins when the one before has ended. */

export type InTurn = <T>(task: () => T | Promise<T>) => Promise<T>

/** Makes a queue of its own. A task that fails does not hold up those after it. */
export function inTurn(): InTurn {
  let last: Promise<unknown> = Promise.resolve()
  return (task) => {
    const done = last.then(task)
    last = done.catch(() => undefined)
    return done
  }
}
