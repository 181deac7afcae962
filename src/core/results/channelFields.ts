/** @file What is read of a channel's record in a results file, as a table; `channelRecord.ts` says how it is written. */
import { count, flag, object, optional, type Table, whole } from '../fields.ts'
import { statistics } from '../scan/statistics/index.ts'
import { patches } from '../scan/statistics/patchRecord.ts'

export const channelFields = object({
  channel: whole(0),
  dead: optional(flag),
  nanImages: optional(count),
  top: patches(1),
  ...fieldsOf('channel'),
  statistics: optional(object(fieldsOf('statistics'), formerKeys())),
})
export type ChannelFields = ReturnType<typeof channelFields>

function fieldsOf(within: 'channel' | 'statistics'): Table {
  const tables = statistics.map(({ record }) => (record?.within === within ? record.fields : {}))
  return Object.assign({}, ...tables) as Table
}

function formerKeys(): Readonly<Record<string, string>> {
  const keys = statistics.map(({ record }) => record?.formerKeys ?? {})
  return Object.assign({}, ...keys) as Record<string, string>
}
