/** @file The list of classes: bars show how many images each class has, ticks which classes are scanned. */
import { Check, Search, X } from 'lucide-react'
import { useMemo, useState } from 'react'
import {
  Button,
  Input,
  ListBox,
  ListBoxItem,
  ListLayout,
  SearchField,
  type Selection,
  Virtualizer,
} from 'react-aria-components'
import { type ClassCount, countClasses } from '../../core/images/classCounts.ts'
import { useApp } from '../useApp.ts'
import { Name } from '../common/Name.tsx'
import './class-choice.css'

/** Up to this many classes can be read at a glance, so a search field would only be in the way. */
const fewClasses = 8
/** In pixels; the style sheet has the same height. */
const rowHeight = 28

export function ClassChoice() {
  const table = useApp((state) => state.images!.table)
  const selection = useApp((state) => state.selection)
  const setSelection = useApp((state) => state.setSelection)
  const classes = useMemo(() => countClasses(table), [table])
  const [search, setSearch] = useState('')
  const { classNames } = table
  const chosen = new Set(selection.classes ?? classNames)
  const shown = classes.filter(({ name }) => name.toLowerCase().includes(search.trim().toLowerCase()))
  const most = Math.max(1, ...classes.map(({ images }) => images))

  /** Choosing all classes counts as no choice, so that images without a class are scanned too. */
  const choose = (names: ReadonlySet<string>): void =>
    setSelection({
      ...selection,
      classes: names.size === classNames.length ? null : classNames.filter((name) => names.has(name)),
    })
  const chooseShown = (keys: Selection): void => {
    if (keys === 'all') return
    const next = new Set(chosen)
    for (const { name } of shown) {
      next.delete(name)
      if (keys.has(name)) next.add(name)
    }
    choose(next)
  }
  return (
    <section className="class-choice" aria-label="Classes">
      <div className="row class-choice-head">
        <h3>
          {classNames.length.toLocaleString('en')} {classNames.length === 1 ? 'class' : 'classes'}
        </h3>
        <span className="muted">
          {chosen.size === classNames.length ? 'all are scanned' : `${chosen.size} are scanned`}
        </span>
        <span className="spacer" />
        <Button className="button quiet" onPress={() => choose(new Set([...chosen, ...shown.map(nameOf)]))}>
          All
        </Button>
        <Button
          className="button quiet"
          onPress={() =>
            choose(new Set([...chosen].filter((name) => !shown.some((one) => one.name === name))))
          }
        >
          None
        </Button>
      </div>
      {classNames.length > fewClasses && (
        <SearchField className="search" aria-label="Search classes" value={search} onChange={setSearch}>
          <Search size={14} aria-hidden />
          <Input className="search-input" placeholder="Name of a class" />
          <Button className="search-clear" aria-label="Clear the search">
            <X size={14} aria-hidden />
          </Button>
        </SearchField>
      )}
      <Virtualizer layout={ListLayout} layoutOptions={{ rowSize: rowHeight }}>
        <ListBox
          className="class-list"
          aria-label="Classes to scan"
          items={shown}
          selectionMode="multiple"
          selectedKeys={shown.filter(({ name }) => chosen.has(name)).map(nameOf)}
          onSelectionChange={chooseShown}
          style={{ height: Math.min(7.5, Math.max(1, shown.length)) * rowHeight }}
          renderEmptyState={() => <p className="muted">No class matches.</p>}
        >
          {(item) => <ClassRow id={item.name} item={item} most={most} />}
        </ListBox>
      </Virtualizer>
    </section>
  )
}

function nameOf({ name }: ClassCount): string {
  return name
}

function ClassRow({ id, item: { name, images }, most }: { id: string; item: ClassCount; most: number }) {
  const count = images.toLocaleString('en')
  return (
    <ListBoxItem className="class-item" id={id} textValue={name}>
      {({ isSelected }) => (
        <>
          <span className="tick-box" aria-hidden>
            {isSelected && <Check size={12} />}
          </span>
          <span className="class-name" title={name}>
            <Name>{name}</Name>
          </span>
          <span className="class-bar" aria-hidden>
            <span style={{ width: `${(images / most) * 100}%` }} />
          </span>
          <span className="class-count">
            {count}
            <span className="visually-hidden"> images</span>
          </span>
        </>
      )}
    </ListBoxItem>
  )
}
