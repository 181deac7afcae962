/** Curves over time as a picture: a panel for each column of numbers, with its least and its greatest value. */

/** Rows of a table; the column `seconds` is the time. Numbers are drawn, texts are not. */
export type Row = Readonly<Record<string, number | string>>

const panel = { width: 900, height: 90, left: 150, gap: 34 }

export function csvOf(rows: readonly Row[]): string {
  return [Object.keys(rows[0] ?? {}), ...rows.map((row) => Object.values(row))]
    .map((cells) => `${cells.join(',')}\n`)
    .join('')
}

/** Each panel begins at zero, so that a curve is as steep as what it shows grows. */
export function curvesSvg(rows: readonly Row[], title: string): string {
  const names = Object.keys(rows[0] ?? {}).filter(
    (name) => name !== 'seconds' && typeof rows[0]![name] === 'number',
  )
  const times = rows.map(({ seconds }) => Number(seconds))
  const x = (seconds: number): number =>
    panel.left + (seconds / Math.max(1, times.at(-1)!)) * (panel.width - panel.left - 10)
  const panels = names.map((name, i) => {
    const values = rows.map((row) => Number(row[name]))
    const [least, most] = [Math.min(...values), Math.max(...values)]
    const bottom = 40 + (i + 1) * (panel.height + panel.gap) - panel.gap
    const y = (value: number): number => bottom - (value / (most || 1)) * (panel.height - 8)
    const points = values.map((value, t) => `${x(times[t]!).toFixed(1)},${y(value).toFixed(1)}`).join(' ')
    return `<text x="10" y="${bottom - panel.height / 2}" font-weight="bold">${name}</text>
<text x="10" y="${bottom - panel.height / 2 + 16}">${short(least)} to ${short(most)}</text>
<path d="M${panel.left} ${bottom - panel.height}V${bottom}H${panel.width - 10}" stroke="#999" fill="none"/>
<polyline points="${points}" fill="none" stroke="#0b62c4" stroke-width="1.5"/>`
  })
  const height = 40 + names.length * (panel.height + panel.gap)
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${panel.width} ${height}" font-family="sans-serif" font-size="12">
<rect width="100%" height="100%" fill="#fff"/>
<text x="10" y="22" font-size="14">${title}, ${rows.length} times in ${(times.at(-1)! / 60).toFixed(1)} minutes</text>
${panels.join('\n')}
</svg>
`
}

function short(value: number): string {
  return value < 1e5 ? String(value) : `${(value / 1e6).toFixed(1)} M`
}
