/**
 * @file Does work of the page that is not urgent in turns of a few milliseconds. Between two turns the browser can draw
 * a frame and answer clicks.
 */

/** A frame has 16 ms, and some of them are needed for drawing. */
const msPerTurn = 6

const waiting = new Set<() => void>()
let scheduled = false

/** Does the task soon, after those that were asked for before. A task that already waits is done only once. */
export function inTurn(task: () => void): void {
  waiting.add(task)
  schedule()
}

/** Takes back a task that still waits. */
export function dropTurn(task: () => void): void {
  waiting.delete(task)
}

function schedule(): void {
  if (scheduled || waiting.size === 0) return
  scheduled = true
  setTimeout(takeTurn)
}

function takeTurn(): void {
  scheduled = false
  const end = performance.now() + msPerTurn
  try {
    for (const task of waiting) {
      waiting.delete(task)
      task()
      if (performance.now() >= end) break
    }
  } finally {
    schedule()
  }
}
