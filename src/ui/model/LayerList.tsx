/** @file The list of layers, one per row, from which the user chooses the one to look at. */
import { useEffect, useRef } from 'react'
import { ListBox, ListBoxItem, ListLayout, Virtualizer } from 'react-aria-components'
import { useApp } from '../useApp.ts'
import { factsLine, type LayerFacts } from './layerFacts.ts'
import { LayerRing, LayerScanned } from './LayerRing.tsx'
import { LayerName } from './LayerName.tsx'

interface Props {
  facts: readonly LayerFacts[]
  onChoose?: (() => void) | undefined
}

/** In pixels; the style sheet has the same height. */
const rowHeight = 46
/**
 * Up to this many rows all are rendered, so that the browser's search and screen readers find them. More would take too
 * long.
 */
const plainRows = 200

export function LayerList({ facts, onChoose }: Props) {
  const layer = useApp((state) => state.layer)
  const showLayer = useApp((state) => state.showLayer)
  const disabled = facts.filter(({ notScannable }) => notScannable !== null).map(({ name }) => name)
  const at = facts.findIndex(({ name }) => name === layer)
  const list = useShownRow(at, facts)
  const box = (
    <ListBox
      ref={list}
      className="layer-list"
      aria-label="Layer"
      items={facts}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={at < 0 ? [] : [layer!]}
      disabledKeys={disabled}
      onSelectionChange={(keys) => {
        const [key] = keys as Set<string>
        if (key === undefined) return
        showLayer(key)
        onChoose?.()
      }}
      renderEmptyState={() => <p className="empty">No layer matches.</p>}
    >
      {(item) => <LayerItem id={item.name} facts={item} />}
    </ListBox>
  )
  if (facts.length <= plainRows) return box
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
function useShownRow(at: number, facts: readonly LayerFacts[]): React.RefObject<HTMLDivElement | null> {
  const list = useRef<HTMLDivElement>(null)
  /** The number of rows before the change. */
  const lengthBefore = useRef(0)
  useEffect(() => {
    // The list draws its rows, and so its height, one pass after this component.
    const frame = requestAnimationFrame(() => {
      const element = list.current
      if (!element) return
      const isNarrowed = facts.length < lengthBefore.current
      lengthBefore.current = facts.length
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
  }, [at, facts])
  return list
}

interface ItemProps {
  /** Without an id React Aria would take the rows of another model for the same rows with new names, which it refuses. */
  id: string
  facts: LayerFacts
}

function LayerItem({ id, facts }: ItemProps) {
  const { name, field, shortField, fieldStride, parameters, notScannable, note, images } = facts
  return (
    <ListBoxItem className="layer-item" id={id} textValue={name}>
      <span className="layer-line" title={note ? `${name}\n${note}` : name}>
        <span className="layer-title">
          <LayerRing layer={name} />
          <LayerName name={name} />
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
