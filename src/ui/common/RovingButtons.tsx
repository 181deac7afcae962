/**
 * @file Buttons laid over a drawing, for example over the patches of a mosaic. Together they are one stop for Tab; from
 * there the arrow keys lead to the others, as in a grid. The drawing itself lies below them.
 */
import { type CSSProperties, type KeyboardEvent, useRef, useState } from 'react'
import { stepInGrid } from '../../core/mosaic/gridSteps.ts'
import './rovingButtons.css'

export interface RovingButton {
  readonly name: string
  /** The tooltip. */
  readonly title: string
  readonly style: CSSProperties
  /** Whether it is drawn fainter than the others. */
  readonly dimmed?: boolean
  /** A few letters in its corner. */
  readonly badge?: string
  readonly isOutlier?: boolean
}

interface Props {
  /** The name of the group. */
  label: string
  /** The buttons, row by row. */
  buttons: readonly RovingButton[]
  columns: number
  /** The index of the chosen button; -1 if there is none. */
  chosen: number
  onChoose: (index: number) => void
  className?: string
}

export function RovingButtons({
  label,
  buttons,
  columns,
  chosen,
  onChoose,
  className = 'patch-button',
}: Props) {
  const group = useRef<HTMLDivElement>(null)
  const [focused, setFocused] = useState(-1)
  const stop = buttons[chosen] ? chosen : buttons[focused] ? focused : 0

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return
    const from = Number((event.target as HTMLElement).dataset['index'])
    const rowsPerPage = Math.ceil(buttons.length / columns)
    const to = stepInGrid(event.key, from, { items: buttons.length, columns, rowsPerPage })
    if (to === null) return
    event.preventDefault()
    if (to === from) return
    group.current?.querySelector<HTMLElement>(`[data-index="${to}"]`)?.focus()
    onChoose(to)
  }

  return (
    // The group only handles the keys of its buttons.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <div ref={group} role="group" aria-label={label} className="roving" onKeyDown={onKeyDown}>
      {buttons.map(({ name, title, style, dimmed, badge, isOutlier }, index) => (
        <button
          // While a scan runs, the slots stay and the patches in them change; so the index is the right key.
          // oxlint-disable-next-line react/no-array-index-key
          key={index}
          type="button"
          className={className}
          aria-label={name}
          aria-pressed={index === chosen}
          title={title}
          style={style}
          tabIndex={index === stop ? 0 : -1}
          data-index={index}
          data-dimmed={dimmed || undefined}
          data-badge={badge}
          data-outlier={isOutlier || undefined}
          onFocus={() => setFocused(index)}
          onClick={() => onChoose(index)}
        />
      ))}
    </div>
  )
}
