/** @file Compares a scan with the bare forward pass, alternately, because machines are noisy: forward, scan, forward … */
import { imagesFor, mean, median } from './numbers.mjs'
import { imageCount, scan } from './page.mjs'

/** @typedef {import('./page.mjs').Page} Page */

/**
 * @typedef PaceOptions
 * @property {readonly string[] | 'all'} layers
 * @property {string} to The last layer of the bare pass.
 * @property {number} rounds
 * @property {number} seconds The approximate time of each scan.
 */

/**
 * @typedef Pace
 * @property {number} ratio Images per second of the whole scan ÷ those of the bare pass, median over the rounds.
 * @property {number} scan Images per second.
 * @property {number} forward Images per second.
 * @property {number} images The images of each scan.
 * @property {number} passSize The images of each pass.
 */

/** The bare passes before and after a scan each take this part of its time. */
const forwardShare = 1 / 3

/**
 * @param {Page} page
 * @param {PaceOptions} options
 * @returns {Promise<Pace>}
 */
export async function measurePace(page, { layers, to, rounds, seconds }) {
  const available = await imageCount(page)
  const first = await bareForward(page, to, Math.ceil(available / (await workersOf(page))), 2)
  const images = imagesFor({ ...first, seconds, available })
  // If there are few images, the workers share them, and a pass is no larger than a worker's share.
  const most = Math.ceil(images / (await workersOf(page)))
  const forward = () => bareForward(page, to, most, seconds * forwardShare)
  const forwards = [await forward()]
  const scans = []
  for (let round = 0; round < rounds; round++) {
    scans.push((await scan(page, layers, images)).imagesPerSecond)
    forwards.push(await forward())
  }
  const rates = forwards.map(({ imagesPerSecond }) => imagesPerSecond)
  const ratios = scans.map((rate, i) => rate / mean(rates.slice(i, i + 2)))
  const { passSize } = forwards[0] ?? first
  return { ratio: median(ratios), scan: median(scans), forward: median(rates), images, passSize }
}

/** Measures how long a pass of one image takes. @param {Page} page @param {string} layer */
export async function secondsForOne(page, layer) {
  const { imagesPerSecond } = await bareForward(page, layer, 1, 0)
  return (await workersOf(page)) / imagesPerSecond
}

/**
 * Measures all engines together, in passes as large as a scan's, but of no more than `most` images.
 * @param {Page} page
 * @param {string} layer
 * @param {number} most
 * @param {number} seconds
 * @param {import('../../src/engine/backend/kernels/convolution/choice.ts').Convolutions} [convolutions]
 */
export async function bareForward(page, layer, most, seconds, convolutions) {
  const measured = await page.evaluate(
    (args) => window.urpatch?.measureForward(...args),
    /** @type {[string, number, number, typeof convolutions]} */ ([layer, most, seconds, convolutions]),
  )
  if (!measured) throw new Error('The page has no network.')
  return measured
}

/** @param {Page} page */
function workersOf(page) {
  return page.evaluate(() => window.urpatch?.state().workers ?? 1)
}
