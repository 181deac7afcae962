/**
 * @file Work of the page that need not be done at once, in turns of a few milliseconds: between two of them the browser
 * draws a frame and answers who clicks.
 */

/** Of 16 in a frame: some are for drawing. */
const msPerTurn = 6

const waiting = new Set<() => void>()
let scheduled = false

/** Does this soon, after what was asked for before; what is asked for again while it waits is done once. */
export function inTurn(task: () => void): void {
  waiting.add(task)
  schedule()
}

/** As if it had not been asked for. */
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
