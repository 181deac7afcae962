/** The schema in `docs` says what is written. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { everything } from '../../../../src/core/images/selection.ts'
import { lossesOf } from '../../../fixtures/losses.ts'
import { scannedParts, snapshotBytes } from '../../../fixtures/snapshots.ts'

interface Schema {
  readonly type?: string | readonly string[]
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly required?: readonly string[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: boolean | Schema
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly $ref?: string
  readonly $defs?: Readonly<Record<string, Schema>>
}

const schema = JSON.parse(
  readFileSync(new URL('../../../../docs/snapshot.schema.json', import.meta.url), 'utf8'),
) as Schema

function typeOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  return Number.isInteger(value) ? 'integer' : typeof value
}

/** What does not fit, by key: the part of JSON Schema that ours uses. */
function problems(value: unknown, part: Schema, key: string): string[] {
  if (part.$ref) return problems(value, schema.$defs![part.$ref.replace('#/$defs/', '')]!, key)
  if (part.anyOf) {
    const all = part.anyOf.map((one) => problems(value, one, key))
    return all.some(({ length }) => length === 0) ? [] : all.flat()
  }
  const found: string[] = []
  const types = [part.type ?? []].flat()
  if (types.length > 0 && !types.includes(typeOf(value))) found.push(`${key} is ${typeOf(value)}`)
  if ('const' in part && part.const !== value) found.push(`${key} is ${String(value)}`)
  if (part.enum && !part.enum.includes(value)) found.push(`${key} is ${String(value)}`)
  if (Array.isArray(value) && part.items)
    found.push(...value.flatMap((one, i) => problems(one, part.items!, `${key}[${i}]`)))
  if (typeOf(value) !== 'object') return found
  const record = value as Record<string, unknown>
  for (const name of part.required ?? []) if (!(name in record)) found.push(`${key}.${name} is missing`)
  for (const [name, one] of Object.entries(record)) {
    const known = part.properties?.[name] ?? part.additionalProperties ?? {}
    if (known === false) found.push(`${key}.${name} is not in the schema`)
    else if (known !== true) found.push(...problems(one, known, `${key}.${name}`))
  }
  return found
}

function headOf(bytes: Uint8Array): Record<string, unknown> {
  const view = new DataView(bytes.buffer)
  const start = Number(view.getBigUint64(16, true))
  expect(start + Number(view.getBigUint64(24, true))).toBe(bytes.length)
  return JSON.parse(new TextDecoder().decode(bytes.subarray(start))) as Record<string, unknown>
}

describe('the schema of snapshots', () => {
  it.each([
    everything,
    { classes: ['cat'], splits: null, sample: { random: 9, seed: 2 }, shard: [1, 2] as const },
  ])('is that of a scan of %j', (selection) => {
    expect(problems(headOf(snapshotBytes(scannedParts({ selection }))), schema, '$')).toEqual([])
  })

  it('has what is lost without channels', () => {
    const known = new Map([['conv', lossesOf(5)]])
    const head = headOf(snapshotBytes(scannedParts({ change: (parts) => ({ ...parts, losses: known }) })))
    expect(
      (head['layers'] as { ablation?: unknown }[]).map(({ ablation }) => ablation !== undefined),
    ).toEqual([true, false])
    expect(problems(head, schema, '$')).toEqual([])
  })

  it('refuses what is not written', () => {
    const head = headOf(snapshotBytes())
    expect(problems({ ...head, version: 2 }, schema, '$')).toEqual(['$.version is 2'])
    expect(problems({ ...head, more: 1 }, schema, '$')).toEqual(['$.more is not in the schema'])
    expect(problems({ ...head, k: undefined }, schema, '$')).toEqual(['$.k is undefined'])
  })
})
