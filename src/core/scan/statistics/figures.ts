/** @file The record of a statistic that is a few numbers: each has a key, and takes one float64 of a layer's flat array. */
import type { Reader } from '../../fields.ts'
import type { RecordFormat } from './statistic.ts'

/**
 * Numbers by their keys, within `statistics`, in the order of the file; null is written as null. A file that lacks the first
 * one does not have the statistic.
 */
export function figuresRecord<Value extends { readonly [K in Key]: number | null }, Key extends string>(
  readers: Readonly<Record<Key, Reader<number | null | undefined>>>,
  formerKeys?: Readonly<Record<string, string>>,
): RecordFormat<Value, Float64Array> & { readonly within: 'statistics'; write(value: Value): Value } {
  const keys = Object.keys(readers) as Key[]
  return {
    within: 'statistics',
    write: (value) => Object.fromEntries(keys.map((key) => [key, value[key]])) as unknown as Value,
    fields: readers,
    ...(formerKeys && { formerKeys }),
    gather() {
      const numbers: number[] = []
      return {
        add(fields) {
          for (const key of keys) numbers.push((fields?.[key] as number | null | undefined) ?? Number.NaN)
        },
        columns: () => Float64Array.from(numbers),
      }
    },
    read(columns, channel) {
      const row = columns.subarray(channel * keys.length, (channel + 1) * keys.length)
      if (Number.isNaN(row[0])) return null
      return Object.fromEntries(keys.map((key, i) => [key, Number.isNaN(row[i]) ? null : row[i]!])) as Value
    },
  }
}
