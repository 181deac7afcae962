/** @file Memory of a process and all its descendants, as the system counts it (Linux only). */
import { readFileSync, readdirSync } from 'node:fs'

/** Proportional set size in bytes: memory that processes share is counted once. Null where there is no /proc. */
export function treeBytes(/** @type {number} */ root) {
  /** @type {Map<number, number[]>} */
  const children = new Map()
  try {
    for (const name of readdirSync('/proc')) {
      if (!/^\d+$/.test(name)) continue
      const parent = readParent(name)
      if (parent !== null) children.set(parent, [...(children.get(parent) ?? []), Number(name)])
    }
  } catch {
    return null
  }
  let bytes = 0
  for (const stack = [root]; stack.length > 0;) {
    const pid = /** @type {number} */ (stack.pop())
    bytes += readPss(pid)
    stack.push(...(children.get(pid) ?? []))
  }
  return bytes
}

/** Samples until it is stopped; then the highest sum. */
export function watchMemory(/** @type {number} */ root) {
  let peak = 0
  const timer = setInterval(() => {
    peak = Math.max(peak, treeBytes(root) ?? 0)
  }, 500)
  return () => {
    clearInterval(timer)
    return peak
  }
}

function readParent(/** @type {string} */ pid) {
  try {
    return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
  } catch {
    return null // it has ended meanwhile
  }
}

function readPss(/** @type {number} */ pid) {
  try {
    return 1024 * Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0)
  } catch {
    return 0
  }
}
