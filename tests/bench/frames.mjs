/** @file Measures how smooth the page is: time between frames, and long tasks. Chromium only reports tasks over 50 ms. */
import { quantile } from './numbers.mjs'
import { targets } from './targets.mjs'

/** @typedef {import('./page.mjs').Page} Page */
/** @typedef {{ gaps: number[], tasks: number[], watching: boolean }} Smoothness */

/** Observes frames and tasks from now on; to be called before the page is loaded. @param {Page} page */
export async function watchTasks(page) {
  await page.addInitScript(() => {
    /** @type {Smoothness} */
    const smoothness = { gaps: [], tasks: [], watching: false }
    Object.assign(window, { smoothness })
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) smoothness.tasks.push(duration)
    }).observe({ type: 'longtask', buffered: true })
  })
}

/** The longest task in ms since the last call; 0 if none took longer than 50 ms. @param {Page} page */
export async function longestTask(page) {
  const tasks = await page.evaluate(() => {
    const { smoothness } = /** @type {Window & { smoothness: Smoothness }} */ (
      /** @type {unknown} */ (window)
    )
    return smoothness.tasks.splice(0)
  })
  return Math.max(0, ...tasks)
}

/**
 * Measures frames while something happens.
 * @param {Page} page
 * @param {() => Promise<unknown>} meanwhile
 */
export async function watchFrames(page, meanwhile) {
  await page.evaluate(() => {
    const { smoothness } = /** @type {Window & { smoothness: Smoothness }} */ (
      /** @type {unknown} */ (window)
    )
    Object.assign(smoothness, { gaps: [], watching: true })
    let last = performance.now()
    const tick = (/** @type {number} */ now) => {
      if (!smoothness.watching) return
      smoothness.gaps.push(now - last)
      last = now
      requestAnimationFrame(tick)
    }
    requestAnimationFrame((now) => {
      last = now
      requestAnimationFrame(tick)
    })
  })
  await meanwhile()
  const gaps = await page.evaluate(() => {
    const { smoothness } = /** @type {Window & { smoothness: Smoothness }} */ (
      /** @type {unknown} */ (window)
    )
    smoothness.watching = false
    return smoothness.gaps
  })
  const total = gaps.reduce((sum, gap) => sum + gap, 0)
  return {
    perSecond: (gaps.length * 1000) / total,
    median: quantile(gaps),
    slow: quantile(gaps, 0.99),
    longest: Math.max(...gaps),
  }
}

/**
 * @param {import('./report.mjs').Report} report
 * @param {string} name
 * @param {Awaited<ReturnType<typeof watchFrames>>} frames
 */
export function reportFrames(report, name, { perSecond, median, slow, longest }) {
  report.figure(`${name}: frames`, perSecond, 'frames/s', {
    target: { atLeast: 58 },
    detail: `gaps: median ${median.toFixed(1)} ms, 99th percentile ${slow.toFixed(1)} ms, longest ${longest.toFixed(0)} ms`,
  })
}

/** Reports the longest task, as `longestTask` gives it. @param {import('./report.mjs').Report} report @param {string} name @param {number} ms */
export function reportTask(report, name, ms) {
  report.figure(`${name}: longest task of the page`, ms, 'ms', {
    target: targets.longestTaskMs,
    detail: ms === 0 ? 'none took longer than 50 ms' : '',
  })
}

/**
 * Scrolls an element by a screen's height in half a second, as with a finger.
 * @param {Page} page
 * @param {string} selector
 * @param {number} seconds
 */
export function scrollDown(page, selector, seconds) {
  return page.locator(selector).evaluate(
    (scroller, duration) =>
      new Promise((/** @type {(end: void) => void} */ resolve) => {
        const start = performance.now()
        const step = (/** @type {number} */ now) => {
          scroller.scrollTop = (now - start) * 1.6
          if (now - start < duration * 1000) requestAnimationFrame(step)
          else resolve()
        }
        requestAnimationFrame(step)
      }),
    seconds,
  )
}
