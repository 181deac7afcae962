/** @file Measures the memory of the processes that this one has started, as the system counts it (Linux only). */
import { readFileSync, readdirSync } from 'node:fs'

/**
 * Bytes in which memory that processes share counts once (proportional set size).
 * @typedef {{ readonly all: number, readonly renderers: number }} ProcessBytes
 */

/** All descendants of a process, and the pages of Chromium with their workers among them. Zeros without /proc. */
export function descendantBytes(/** @type {number} */ root) {
  const bytes = { all: 0, renderers: 0 }
  for (const pid of descendantsOf(root)) {
    const own = pssOf(pid)
    bytes.all += own
    if (isRenderer(pid)) bytes.renderers += own
  }
  return bytes
}

/** The files, sockets and pipes that all descendants of a process have open; 0 without /proc. */
export function descendantFiles(/** @type {number} */ root) {
  return descendantsOf(root).reduce((sum, pid) => sum + namesIn(`/proc/${pid}/fd`).length, 0)
}

function descendantsOf(/** @type {number} */ root) {
  const children = childrenByParent()
  /** @type {number[]} */
  const found = []
  for (const stack = [...(children.get(root) ?? [])]; stack.length > 0;) {
    const pid = /** @type {number} */ (stack.pop())
    found.push(pid)
    stack.push(...(children.get(pid) ?? []))
  }
  return found
}

/** Samples now, until it is stopped, and once more then. Returns the highest sums. */
export function watchMemory() {
  const peak = { all: 0, renderers: 0 }
  const look = () => {
    const { all, renderers } = descendantBytes(process.pid)
    peak.all = Math.max(peak.all, all)
    peak.renderers = Math.max(peak.renderers, renderers)
  }
  look()
  const timer = setInterval(look, 500)
  return () => {
    clearInterval(timer)
    look()
    return peak
  }
}

function childrenByParent() {
  /** @type {Map<number, number[]>} */
  const children = new Map()
  for (const name of namesIn('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const parent = Number(/^PPid:\s+(\d+)/m.exec(contentOf(`/proc/${name}/status`))?.[1])
    children.set(parent, [...(children.get(parent) ?? []), Number(name)])
  }
  return children
}

function pssOf(/** @type {number} */ pid) {
  return 1024 * Number(/^Pss:\s+(\d+)/m.exec(contentOf(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0)
}

function isRenderer(/** @type {number} */ pid) {
  return contentOf(`/proc/${pid}/cmdline`).includes('--type=renderer')
}

function namesIn(/** @type {string} */ folder) {
  try {
    return readdirSync(folder)
  } catch {
    return [] // not Linux
  }
}

function contentOf(/** @type {string} */ file) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return '' // the process has ended meanwhile
  }
}
