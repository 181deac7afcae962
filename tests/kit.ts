/** @file Finds the kit of real data beside the project. If it is missing, tests that need it say so and are skipped. */
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'

export const kit = path.resolve(import.meta.dirname, '../../shared/kit') + path.sep

export const hasKit = existsSync(kit)

/** The rows of a table of the kit, by the names of its columns; none, and a message, if the kit is missing. */
export function kitTable(file: string): Readonly<Record<string, string>>[] {
  if (!existsSync(kit + file)) {
    console.log(`The kit is not at ${kit}: ${file} is not compared.`)
    return []
  }
  const [head = '', ...lines] = readFileSync(kit + file, 'utf8')
    .trimEnd()
    .split('\n')
  const names = head.split('\t')
  return lines.map((line) => {
    const cells = line.split('\t')
    return Object.fromEntries(names.map((name, i) => [name, cells[i] ?? '']))
  })
}
