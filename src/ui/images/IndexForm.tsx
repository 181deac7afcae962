/** @file Sets how the index is read: the columns of file, class and split, and whether the first line holds titles. */
import { Switch } from 'react-aria-components'
import type { ClassesFrom, IndexColumns, IndexReport } from '../../core/images/imageTable.ts'
import { mostColumns } from '../../core/images/indexColumns.ts'
import { Choice } from '../common/Choice.tsx'
import { useApp } from '../useApp.ts'
import './index-form.css'

export function IndexForm({ index }: { index: IndexReport }) {
  const preview = useApp((state) => state.images!.indexPreview)
  const setIndex = useApp((state) => state.setIndex)
  const { name, columns, header, classesFrom } = index
  const change = (part: { columns?: IndexColumns; header?: boolean; classesFrom?: ClassesFrom }): void =>
    void setIndex({ name, columns, header, classesFrom, ...part })
  const count = Math.min(
    mostColumns,
    preview.reduce((most, row) => Math.max(most, row.length), 0),
  )
  const all = Array.from({ length: count }, (_, column) => ({
    id: column,
    text: (header && preview[0]?.[column]?.trim()) || `Column ${column + 1}`,
  }))
  const none = { id: -1, text: 'None' }
  return (
    <section className="index-form" aria-label="Columns of the index">
      <div className="index-preview">
        <table>
          <tbody>
            {preview.map((row, i) => (
              <tr key={i} data-header={(header && i === 0) || undefined}>
                {all.map(({ id }) => (
                  <td key={id} data-used={id === columns.file || id === columns.class || undefined}>
                    {row[id] ?? ''}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className="row">
        <Choice
          label="File"
          showLabel
          value={columns.file}
          options={all}
          onChange={(file) => change({ columns: { ...columns, file } })}
        />
        <Choice
          label="Class"
          showLabel
          value={columns.class ?? -1}
          options={[none, ...all]}
          onChange={(column) =>
            change({
              columns: { ...columns, class: column < 0 ? null : column },
              classesFrom: column < 0 ? 'folder' : 'index',
            })
          }
        />
        <Choice
          label="Split"
          showLabel
          value={columns.split ?? -1}
          options={[none, ...all]}
          onChange={(column) => change({ columns: { ...columns, split: column < 0 ? null : column } })}
        />
      </div>
      <Switch className="switch" isSelected={header} onChange={(selected) => change({ header: selected })}>
        <span className="switch-track" aria-hidden />
        The first line holds titles
      </Switch>
    </section>
  )
}
