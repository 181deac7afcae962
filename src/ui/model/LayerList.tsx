/**
 * @file The list of layers, one per row, from which the user chooses the one to look at. Layers of one module or nested
 * model are a group with a row of its own, which closes and opens it; what a search finds is a list without groups.
 */
import { ChevronDown, ChevronRight } from 'lucide-react'
import { useEffect, useMemo, useRef, useState } from 'react'
import { ListBox, ListBoxItem, ListLayout, Virtualizer } from 'react-aria-components'
import { closedAtFirst, groupLayers, type GroupRow, rowsOf } from '../../core/model/layerGroups.ts'
import { LayerNamed } from '../notes/NamedCount.tsx'
import { useApp } from '../useApp.ts'
import { factsLine, type LayerFacts } from './layerFacts.ts'
import { LayerRing, LayerScanned } from './LayerRing.tsx'
import { LayerName } from './LayerName.tsx'

interface Props {
  facts: readonly LayerFacts[]
  /** Whether these are all layers. */
  isWhole: boolean
  onChoose?: (() => void) | undefined
}

/** In pixels; the style sheet has the same height. */
const rowHeight = 46
/**
 * Up to this many rows all are rendered, so that the browser's search and screen readers find them. More would take too
 * long.
 */
const plainRows = 200

export function LayerList({ facts, isWhole, onChoose }: Props) {
  const layer = useApp((state) => state.layer)
  const showLayer = useApp((state) => state.showLayer)
  const disabled = facts.filter(({ notScannable }) => notScannable !== null).map(({ name }) => name)
  const { rows, toggle, isGroup } = useRows(facts, isWhole, layer)
  const at = rows.findIndex((row) => (row.kind === 'layer' ? row.facts.name === layer : row.holdsShown))
  const shown = rows[at]
  const list = useShownRow(at, rows)
  const box = (
    <ListBox
      ref={list}
      className="layer-list"
      aria-label="Layer"
      items={rows}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={shown?.kind === 'layer' ? [shown.id] : []}
      disabledKeys={disabled}
      onSelectionChange={(keys) => {
        const [key] = keys as Set<string>
        if (key === undefined) return
        if (isGroup(key)) {
          toggle(key)
          return
        }
        showLayer(key)
        onChoose?.()
      }}
      renderEmptyState={() => <p className="empty">No layer matches.</p>}
    >
      {(row) =>
        row.kind === 'group' ? <GroupItem id={row.id} row={row} /> : <LayerItem id={row.id} row={row} />
      }
    </ListBox>
  )
  if (rows.length <= plainRows) return box
  return (
    <Virtualizer layout={ListLayout} layoutOptions={{ rowSize: rowHeight }}>
      {box}
    </Virtualizer>
  )
}

/**
 * Scrolls the list so that row `at` is visible, whenever the row or the list changes; -1 means no row. If a search has
 * made the list shorter, it scrolls to the start.
 */
function useShownRow(at: number, rows: readonly Row[]): React.RefObject<HTMLDivElement | null> {
  const list = useRef<HTMLDivElement>(null)
  /** The number of rows before the change. */
  const lengthBefore = useRef(0)
  useEffect(() => {
    // The list draws its rows, and so its height, one pass after this component.
    const frame = requestAnimationFrame(() => {
      const element = list.current
      if (!element) return
      const isNarrowed = rows.length < lengthBefore.current
      lengthBefore.current = rows.length
      if (at < 0 || isNarrowed) {
        element.scrollTop = 0
        return
      }
      const { scrollTop, clientHeight } = element
      const [top, bottom] = [at * rowHeight, (at + 1) * rowHeight]
      if (top < scrollTop || bottom > scrollTop + clientHeight)
        element.scrollTop = top - Math.max(0, clientHeight - rowHeight) / 2
    })
    return () => cancelAnimationFrame(frame)
  }, [at, rows])
  return list
}

/** A row has a key that no other row has. */
type Row = (LayerFactsRow | GroupFactsRow) & { readonly id: string }

interface LayerFactsRow {
  readonly kind: 'layer'
  readonly facts: LayerFacts
  readonly depth: number
  readonly pathLength: number
}

interface GroupFactsRow extends GroupRow {
  readonly parameters: number
  /** Whether it is closed and holds the layer that is shown. */
  readonly holdsShown: boolean
}

function useRows(facts: readonly LayerFacts[], isWhole: boolean, layer: string | null) {
  const names = useMemo(() => facts.map(({ name }) => name), [facts])
  const groups = useMemo(() => (isWhole ? groupLayers(names) : []), [names, isWhole])
  const shown = layer === null ? -1 : names.indexOf(layer)
  const atFirst = (): ReadonlySet<string> => closedAtFirst(groups, names.length, shown)
  const [state, setState] = useState(() => ({ groups, shown, closed: atFirst() }))
  let { closed } = state
  if (state.groups !== groups || state.shown !== shown) {
    // Groups of another model begin anew; those around a layer that is shown from elsewhere open, and stay so.
    if (state.groups !== groups) closed = atFirst()
    else {
      const around = groups.filter(({ first, end }) => first <= shown && shown < end)
      closed = new Set([...closed].filter((key) => !around.some((group) => group.key === key)))
    }
    setState({ groups, shown, closed })
  }
  const rows = useMemo(
    () =>
      rowsOf(names.length, groups, closed).map((row): Row => {
        if (row.kind === 'layer') return { ...row, id: names[row.index]!, facts: facts[row.index]! }
        const { key, first, end } = row.group
        const parameters = facts.slice(first, end).reduce((sum, one) => sum + one.parameters, 0)
        return {
          ...row,
          id: groupId(key),
          parameters,
          holdsShown: !row.isOpen && first <= shown && shown < end,
        }
      }),
    [facts, names, groups, closed, shown],
  )
  const toggle = (id: string): void => {
    const key = groups.find((group) => groupId(group.key) === id)!.key
    const others = [...closed].filter((one) => one !== key)
    setState({ groups, shown, closed: new Set(closed.has(key) ? others : [...others, key]) })
  }
  return { rows, toggle, isGroup: (id: string) => rows.some((row) => row.kind === 'group' && row.id === id) }
}

/** No layer is called so, as no name has a line break. */
function groupId(key: string): string {
  return `group\n${key}`
}

interface GroupProps {
  id: string
  row: GroupFactsRow
}

function GroupItem({ id, row }: GroupProps) {
  const { group, isOpen, parameters, holdsShown } = row
  const { path, depth, pathLength, first, end } = group
  const Chevron = isOpen ? ChevronDown : ChevronRight
  return (
    <ListBoxItem
      className="layer-item layer-group"
      id={id}
      textValue={path}
      style={indent(depth)}
      data-holds-shown={holdsShown || undefined}
    >
      <span className="layer-line" title={path}>
        <span className="layer-title">
          <Chevron className="layer-chevron" size={14} aria-hidden />
          <LayerName name={path} from={pathLength} />
        </span>
        <span className="visually-hidden">, {isOpen ? 'open' : 'closed'}, </span>
      </span>
      <span className="layer-facts">
        <span className="layer-window">{end - first} layers</span>
        {parameters > 0 && <span>{parameters.toLocaleString('en')}</span>}
      </span>
    </ListBoxItem>
  )
}

/** Deeper groups are no further to the right, so that names have room. */
const deepestIndent = 4

function indent(depth: number): React.CSSProperties {
  return depth === 0 ? {} : { paddingLeft: 8 + 12 * Math.min(depth, deepestIndent) }
}

interface ItemProps {
  /** Without an id React Aria would take the rows of another model for the same rows with new names, which it refuses. */
  id: string
  row: LayerFactsRow
}

function LayerItem({ id, row }: ItemProps) {
  const { facts, depth, pathLength } = row
  const { name, field, shortField, fieldStride, parameters, notScannable, note, images } = facts
  return (
    <ListBoxItem className="layer-item" id={id} textValue={name} style={indent(depth)}>
      <span className="layer-line" title={note ? `${name}\n${note}` : name}>
        <span className="layer-title">
          <LayerRing layer={name} />
          <LayerName name={name} from={pathLength} />
        </span>
        {notScannable === null && (
          <span className="layer-field" title={fieldTitle(field, fieldStride)}>
            <span aria-hidden>
              {shortField}
              {fieldStride && <span className="muted"> /{fieldStride}</span>}
            </span>
            <span className="visually-hidden">, {fieldWords(field, fieldStride)}, </span>
          </span>
        )}
      </span>
      <span className="layer-facts">
        {notScannable === null ? (
          <>
            <span className="layer-window">{factsLine(facts)}</span>
            <LayerScanned layer={name} />
            <LayerNamed layer={name} />
            {parameters > 0 && <span>{parameters.toLocaleString('en')}</span>}
            {images !== undefined && <span>{images}</span>}
          </>
        ) : (
          <span className="layer-window" title={`Not scanned: ${notScannable}.`}>
            {facts.className} · not scanned: {notScannable}
          </span>
        )}
      </span>
    </ListBoxItem>
  )
}

/** The receptive field in words for screen readers: `sees 20 by 20 pixels, step 2`. */
function fieldWords(field: string, step: string): string {
  return step ? `sees ${field.replace('×', ' by ')} pixels, step ${step}` : `sees the ${field}`
}

function fieldTitle(field: string, step: string): string {
  return step ? `Receptive field ${field}, step ${step}, in pixels of the input` : `Receptive field: ${field}`
}
