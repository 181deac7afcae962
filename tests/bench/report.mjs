/** @file The figures that a run of the bench has measured, with targets, printed as a table with the ratios first. */
import os from 'node:os'

/** @typedef {'ratio' | 'share' | 'images/s' | 'ms' | 'frames/s' | 'bytes' | 'count'} Unit */
/** @typedef {{ readonly atLeast: number } | { readonly atMost: number }} Target */

/**
 * @typedef Figure
 * @property {string} section
 * @property {string} name
 * @property {number} value
 * @property {Unit} unit
 * @property {Target} [target] A goal; nothing fails if it is missed.
 * @property {boolean} [reached]
 * @property {string} [detail] What the value was computed from.
 */

/** @type {Readonly<Record<Unit, (value: number) => string>>} */
const texts = {
  ratio: (value) => value.toFixed(value < 0.1 ? 4 : 2),
  share: (value) => value.toExponential(1),
  'images/s': (value) => `${value.toFixed(1)} images/s`,
  ms: (value) => `${value.toFixed(value < 100 ? 1 : 0)} ms`,
  'frames/s': (value) => `${value.toFixed(1)} frames/s`,
  bytes: (value) =>
    Math.abs(value) < 1e6 ? `${(value / 1e3).toFixed(1)} kB` : `${(value / 1e6).toFixed(1)} MB`,
  count: (value) => String(value),
}

export class Report {
  /** @type {Figure[]} */
  figures = []
  /** What could not be measured, and why. @type {{ section: string, text: string }[]} */
  notes = []
  /** How long each section took, in seconds. @type {Record<string, number>} */
  seconds = {}
  /** The section that is being measured. */
  section = ''

  /**
   * @param {string} name
   * @param {number} value
   * @param {Unit} unit
   * @param {{ target?: Target, detail?: string }} [more]
   */
  figure(name, value, unit, { target, detail } = {}) {
    /** @type {Figure} */
    const figure = {
      section: this.section,
      name,
      value,
      unit,
      ...(target ? { target, reached: isReached(value, target) } : {}),
      ...(detail ? { detail } : {}),
    }
    this.figures.push(figure)
    console.error(`  ${name}: ${lineOf(figure)}`)
  }

  /** @param {string} text */
  note(text) {
    this.notes.push({ section: this.section, text })
    console.error(`  ${text}`)
  }

  /** The table as text: ratios, then everything else in the order in which it was measured. */
  text() {
    const isRatio = (/** @type {Figure} */ { unit }) => unit === 'ratio'
    const sorted = [...this.figures.filter(isRatio), ...this.figures.filter((figure) => !isRatio(figure))]
    const width = Math.max(0, ...sorted.map((figure) => label(figure).length))
    const lines = sorted.map((figure) => `${label(figure).padEnd(width)}  ${lineOf(figure)}`)
    const notes = this.notes.map(({ section, text }) => `${section}: ${text}`)
    const times = Object.entries(this.seconds).map(([name, seconds]) => `${name} ${seconds.toFixed(0)} s`)
    return [machine(), '', ...lines, '', ...notes, `Time: ${times.join(', ')}`].join('\n')
  }

  /** @param {Readonly<Record<string, unknown>>} run What was run: version, Chromium … */
  json(run) {
    const { figures, notes, seconds } = this
    return `${JSON.stringify({ ...run, machine: machine(), figures, notes, seconds }, null, 2)}\n`
  }
}

/** @param {Figure} figure */
function label({ section, name }) {
  return `${section}: ${name}`
}

/** @param {Figure} figure */
function lineOf({ value, unit, target, reached, detail }) {
  const goal = target && `(${reached ? 'reached' : 'MISSED'}: ${goalText(target, unit)})`
  return [texts[unit](value), goal, detail].filter(Boolean).join('  ')
}

/** @param {Target} target @param {Unit} unit */
function goalText(target, unit) {
  return 'atLeast' in target
    ? `at least ${texts[unit](target.atLeast)}`
    : `at most ${texts[unit](target.atMost)}`
}

/** @param {number} value @param {Target} target */
function isReached(value, target) {
  return 'atLeast' in target ? value >= target.atLeast : value <= target.atMost
}

function machine() {
  const memory = `${(os.totalmem() / 2 ** 30).toFixed(0)} GiB`
  return `${os.cpus().length} cores, ${os.cpus()[0]?.model.trim() ?? 'unknown processor'}, ${memory}`
}
