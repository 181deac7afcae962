/** @file Formats numbers for the page. */
import type { Padding } from '../../core/model/network.ts'

/** Writes a count as `1.66 M`, `12.3 k` or `512`. */
export function formatCount(count: number): string {
  if (count >= 999_500) return `${(count / 1e6).toPrecision(3)} M`
  if (count >= 10_000) return `${(count / 1e3).toPrecision(3)} k`
  return count.toLocaleString('en')
}

/** Writes images a second as `1,140`, `262` or `0.85`. */
export function formatRate(imagesPerSecond: number): string {
  return imagesPerSecond.toLocaleString('en', { maximumSignificantDigits: 3 })
}

/** Writes an activation with four digits; very large and very small ones with three and an exponent. */
export function formatActivation(value: number): string {
  if (value === 0) return '0'
  const size = Math.abs(value)
  return size >= 1e5 || size < 1e-3 ? value.toExponential(2) : value.toPrecision(4)
}

/** Writes rows and columns as `20×20`. */
export function formatExtent([rows, columns]: readonly [number, number]): string {
  return `${rows}×${columns}`
}

/** Writes `3` if both are the same, otherwise `3×2`. */
export function formatPair([rows, columns]: readonly [number, number]): string {
  return rows === columns ? String(rows) : `${rows}×${columns}`
}

/** Writes `20²` if both are the same, otherwise `20×18`. */
export function formatSquare([rows, columns]: readonly [number, number]): string {
  return rows === columns ? `${rows}²` : `${rows}×${columns}`
}

/** Writes margins as `1`, as `2×1` for rows and columns, or with both ends as `0,1×0,1`. */
export function formatPadding(padding: Padding): string {
  if (typeof padding === 'string') return padding
  const { rows, columns } = padding
  const uneven = rows[0] !== rows[1] || columns[0] !== columns[1]
  return uneven ? `${rows.join()}×${columns.join()}` : formatPair([rows[0], columns[0]])
}

export function formatShape(shape: readonly number[]): string {
  return shape.join('×')
}

/** Writes a duration as `8 s`, `2 min 5 s` or `1 h 4 min`. */
export function formatDuration(seconds: number): string {
  const s = Math.max(0, Math.round(seconds))
  if (s < 60) return `${s} s`
  if (s < 3600) return `${Math.floor(s / 60)} min ${s % 60} s`
  return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`
}

/** Writes a ratio, which may be below 0 or above 1, as `98 %`. */
export function formatRatio(ratio: number): string {
  return `${Math.round(100 * ratio)} %`
}

/** Writes a share as `98.2 %`. 0 % and 100 % mean exactly none and all. */
export function formatShare(part: number, whole: number): string {
  if (part === 0 || part === whole) return part === 0 ? '0 %' : '100 %'
  const percent = (part / whole) * 100
  return `${percent < 0.1 ? '< 0.1' : percent > 99.9 ? '> 99.9' : percent.toPrecision(3)} %`
}
