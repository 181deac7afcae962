/**
 * @file Tabs as the ARIA guide has them, with activation by hand, as what a tab shows may have to be loaded: arrow keys
 * move the focus, Enter, Space and a click choose. React Aria's tab panel looks through all that is in it whenever any of it
 * changes, which scrolling a grid has no time for.
 */
import { type KeyboardEvent, useRef, useState } from 'react'
import './tabs.css'

interface Props<Id extends string> {
  /** The name of the list. */
  label: string
  tabs: readonly { readonly id: Id; readonly label: string }[]
  chosen: Id
  onChoose: (id: Id) => void
  /** The id of the element with the panel, which is named as the chosen tab. */
  panel: string
}

export function TabList<Id extends string>({ label, tabs, chosen, onChoose, panel }: Props<Id>) {
  const list = useRef<HTMLDivElement>(null)
  const [focused, setFocused] = useState<Id | null>(null)
  const stop = tabs.some(({ id }) => id === focused) ? focused : chosen

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return
    const to = stepInTabs(
      event.key,
      tabs.findIndex(({ id }) => id === stop),
      tabs.length,
    )
    if (to === null) return
    event.preventDefault()
    list.current?.querySelectorAll<HTMLElement>('[role=tab]')[to]?.focus()
  }

  return (
    <div
      ref={list}
      role="tablist"
      aria-label={label}
      tabIndex={-1}
      className="tabs"
      onKeyDown={onKeyDown}
      onBlur={() => setFocused(null)}
    >
      {tabs.map((tab) => (
        <button
          key={tab.id}
          type="button"
          role="tab"
          aria-selected={tab.id === chosen}
          aria-controls={tab.id === chosen ? panel : undefined}
          tabIndex={tab.id === stop ? 0 : -1}
          onFocus={() => setFocused(tab.id)}
          onClick={() => onChoose(tab.id)}
        >
          {tab.label}
        </button>
      ))}
    </div>
  )
}

/** The index of the tab that a key leads to, round about; null if it leads to none. */
function stepInTabs(key: string, from: number, tabs: number): number | null {
  if (key === 'ArrowRight') return (from + 1) % tabs
  if (key === 'ArrowLeft') return (from + tabs - 1) % tabs
  if (key === 'Home') return 0
  if (key === 'End') return tabs - 1
  return null
}
