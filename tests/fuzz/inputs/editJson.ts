/**
 * @file Changes of a JSON document as plain data: values of other types, numbers that are negative, broken, huge or missing, keys
 * that are lost, doubled or called `__proto__`, parts that change places, and nesting.
 */
import * as fc from 'fast-check'

export type JsonEdit =
  /** `node` counts the values of the document in its order, and wraps around. */
  | { readonly edit: 'replace'; readonly node: number; readonly value: unknown }
  | { readonly edit: 'number'; readonly node: number; readonly value: number }
  | { readonly edit: 'remove'; readonly node: number }
  | { readonly edit: 'twice'; readonly node: number }
  | { readonly edit: 'rename'; readonly node: number; readonly key: string }
  | { readonly edit: 'copy'; readonly node: number; readonly from: number }
  | { readonly edit: 'nest'; readonly node: number; readonly depth: number; readonly asList: boolean }

/** `JSON.parse` gives infinity for numbers that are too large. */
const tellingNumbers = [
  0,
  -1,
  1,
  2,
  0.5,
  -0.5,
  3,
  7,
  255,
  65536,
  2 ** 31,
  2 ** 32 + 1,
  2 ** 53,
  1e10,
  1e300,
  -1e300,
]

const values: readonly unknown[] = [
  null,
  true,
  false,
  '',
  'a',
  '3',
  '__proto__',
  'constructor',
  'same',
  [],
  {},
  [null],
  [[]],
  [3],
  [3, 3],
  [-1, 3],
  [0.5, 2],
  [null, 28, null, 3],
  { value: 1 },
]

const node = fc.nat(1 << 20)

/** `words` are keys and texts of the format. */
export function jsonEdits(words: readonly string[]): fc.Arbitrary<readonly JsonEdit[]> {
  const word = fc.constantFrom(...words, '__proto__', 'constructor', 'toString')
  const number = fc.oneof(
    fc.constantFrom(...tellingNumbers),
    fc.integer({ min: -4, max: 64 }),
    fc.double({ noNaN: true }),
  )
  const edit: fc.Arbitrary<JsonEdit> = fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({
        edit: fc.constant('replace' as const),
        node,
        value: fc.oneof(fc.constantFrom(...values), number, word),
      }),
    },
    { weight: 4, arbitrary: fc.record({ edit: fc.constant('number' as const), node, value: number }) },
    { weight: 2, arbitrary: fc.record({ edit: fc.constant('remove' as const), node }) },
    fc.record({ edit: fc.constant('twice' as const), node }),
    fc.record({ edit: fc.constant('rename' as const), node, key: word }),
    fc.record({ edit: fc.constant('copy' as const), node, from: node }),
    fc.record({
      edit: fc.constant('nest' as const),
      node,
      depth: fc.constantFrom(1, 2, 20, 20_000),
      asList: fc.boolean(),
    }),
  )
  return fc.array(edit, { minLength: 1, maxLength: 4 })
}

/** The text of the document with the changes. */
export function editJson(document: unknown, edits: readonly JsonEdit[]): string {
  const whole = [structuredClone(document)]
  // Deep nesting is written as text, as no program that is not careful survives it as a value.
  const nests: { mark: string; before: string; after: string; inner: string }[] = []
  for (const change of edits) apply(change, whole, nests)
  let text = JSON.stringify(whole[0]) ?? 'null'
  for (const { mark, before, after, inner } of nests)
    text = text.replace(JSON.stringify(mark), () => before + inner + after)
  return text
}

interface Slot {
  readonly parent: Record<string, unknown> | unknown[]
  readonly key: string
}

/** Where the values of the document lie, each before those in it. */
function slotsOf(whole: unknown[], isWanted: (value: unknown) => boolean): Slot[] {
  const slots: Slot[] = []
  const visit = (parent: Slot['parent']): void => {
    for (const [key, value] of Object.entries(parent)) {
      if (isWanted(value)) slots.push({ parent, key })
      if (typeof value === 'object' && value !== null) visit(value as Slot['parent'])
    }
  }
  visit(whole)
  return slots
}

type Nests = { mark: string; before: string; after: string; inner: string }[]

function apply(change: JsonEdit, whole: unknown[], nests: Nests): void {
  const slots = slotsOf(whole, (value) => change.edit !== 'number' || typeof value === 'number')
  const slot = slots[change.node % Math.max(1, slots.length)]
  if (!slot) return
  const { parent, key } = slot
  const held = (parent as Record<string, unknown>)[key]
  const put = (value: unknown, at = key): void => {
    // `__proto__` becomes a key of its own, as `JSON.parse` makes it.
    Object.defineProperty(parent, at, { value, enumerable: true, configurable: true, writable: true })
  }
  switch (change.edit) {
    case 'replace':
    case 'number':
      put(structuredClone(change.value))
      break
    case 'remove':
      if (Array.isArray(parent)) {
        if (parent !== whole) parent.splice(Number(key), 1)
      } else delete parent[key]
      break
    case 'twice':
      if (Array.isArray(parent) && parent !== whole) parent.splice(Number(key), 0, structuredClone(held))
      else put([held, structuredClone(held)])
      break
    case 'rename':
      if (Array.isArray(parent)) break
      delete parent[key]
      put(held, change.key)
      break
    case 'copy': {
      const from = slots[change.from % slots.length]!
      put(structuredClone((from.parent as Record<string, unknown>)[from.key]))
      break
    }
    case 'nest': {
      const mark = `nest ${nests.length}`
      const [open, close] = change.asList ? ['[', ']'] : ['{"a":', '}']
      const { depth } = change
      nests.push({
        mark,
        before: open.repeat(depth),
        after: close.repeat(depth),
        inner: JSON.stringify(held),
      })
      put(mark)
    }
  }
}
