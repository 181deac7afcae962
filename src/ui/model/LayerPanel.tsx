/** @file The layers, to choose the one to look at. */
import { Table2 } from 'lucide-react'
import { lazy, Suspense, useEffect, useMemo, useRef } from 'react'
import { Button, DialogTrigger, ListBox, ListBoxItem, Text } from 'react-aria-components'
import { formatCount } from '../common/format.ts'
import { useApp } from '../useApp.ts'
import { factsLine, type LayerFacts, layerFacts, totalParameters } from './layerFacts.ts'
import { ScopeChoice } from './ScopeChoice.tsx'

/** Seldom opened, and a table is a large component: it comes when it is asked for. */
const LayerTable = lazy(() => import('./LayerTable.tsx'))

export function LayerPanel() {
  const model = useApp((state) => state.model)!
  const layer = useApp((state) => state.layer)
  const results = useApp((state) => state.results)
  const showLayer = useApp((state) => state.showLayer)
  const facts = useMemo(() => model.network.layers.map((_, i) => layerFacts(model, i)), [model])
  const disabled = facts.filter(({ notScannable }) => notScannable !== null).map(({ name }) => name)
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => {
    // The list draws its items one pass after this component.
    const frame = requestAnimationFrame(() =>
      list.current
        ?.querySelector('[aria-selected=true]')
        ?.scrollIntoView({ block: 'nearest', inline: 'center' }),
    )
    return () => cancelAnimationFrame(frame)
  }, [layer])
  const total = totalParameters(model)
  return (
    <aside className="layers" aria-label="Model">
      <div className="panel-head">
        <h2>Layers</h2>
        <span className="muted wide-only">{formatCount(total)} parameters</span>
        <span className="spacer" />
        <DialogTrigger>
          <Button className="icon-button" aria-label="Model summary">
            <Table2 size={16} />
          </Button>
          <Suspense>
            <LayerTable facts={facts} total={total} />
          </Suspense>
        </DialogTrigger>
      </div>
      <ListBox
        ref={list}
        className="layer-list"
        aria-label="Layer"
        items={facts}
        dependencies={[results]}
        selectionMode="single"
        disallowEmptySelection
        selectedKeys={layer === null ? [] : [layer]}
        disabledKeys={disabled}
        onSelectionChange={(keys) => {
          const [key] = keys as Set<string>
          if (key !== undefined) showLayer(key)
        }}
      >
        {(item) => <LayerItem facts={item} scanned={results.has(item.name)} />}
      </ListBox>
      <ScopeChoice />
    </aside>
  )
}

function LayerItem({ facts, scanned }: { facts: LayerFacts; scanned: boolean }) {
  const { name, field, fieldStride, parameters, notScannable } = facts
  return (
    <ListBoxItem className="layer-item" id={name} textValue={name} data-scanned={scanned || undefined}>
      <span className="layer-line">
        <Text slot="label" className="layer-name">
          {name}
        </Text>
        {notScannable === null && (
          <span className="layer-field" title="Receptive field of one unit, in pixels of the input">
            {field}
            {fieldStride && <span className="muted"> /{fieldStride}</span>}
          </span>
        )}
      </span>
      <Text slot="description" className="layer-facts">
        <span>{factsLine(facts)}</span>
        {parameters > 0 && <span>{parameters.toLocaleString('en')}</span>}
        {notScannable !== null && <span className="layer-reason">Not scanned: {notScannable}.</span>}
      </Text>
    </ListBoxItem>
  )
}
