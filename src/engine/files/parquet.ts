/** @file Writes tables as Apache Parquet; loaded when one is to be saved. */
import { type ColumnSource, parquetWriteBuffer } from 'hyparquet-writer'
import { type Column, nothing } from '../../core/results/tables/column.ts'

export function parquetOf(columns: readonly Column[]): Blob {
  return new Blob([parquetWriteBuffer({ columnData: columns.map(sourceOf), createdBy: 'Urpatch' })], {
    type: 'application/vnd.apache.parquet',
  })
}

function sourceOf(column: Column): ColumnSource {
  const { name } = column
  if (column.kind === 'text') {
    const { texts, indexes } = column
    return { name, data: Array.from(indexes, (index) => texts[index] ?? null), type: 'STRING' }
  }
  const { values } = column
  if (column.kind === 'whole') {
    // Without a gap the column has no nulls, so that pandas keeps whole numbers.
    if (!values.includes(nothing)) return { name, data: values, type: 'INT32', nullable: false }
    return { name, data: Array.from(values, (value) => (value === nothing ? null : value)), type: 'INT32' }
  }
  return { name, data: values, type: values instanceof Float32Array ? 'FLOAT' : 'DOUBLE', nullable: false }
}
