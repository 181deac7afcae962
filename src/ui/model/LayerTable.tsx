/**
 * @file The model summary as the exercise's notebook prints it, with receptive fields. Layers to scan can be ticked.
 */
import { Check, Minus } from 'lucide-react'
import { useMemo, useState } from 'react'
import { Button, Cell, Checkbox, Column, Row, Table, TableBody, TableHeader } from 'react-aria-components'
import { ModalHead } from '../common/ModalHead.tsx'
import { ModalPage } from '../common/ModalPage.tsx'
import { useApp } from '../useApp.ts'
import { LayerName } from './LayerName.tsx'
import { kernelText, layerFacts, totalParameters } from './layerFacts.ts'

/** Networks of some thousand layers would take seconds to be shown whole. */
const rowsAtOnce = 500

export default function LayerTable() {
  const model = useApp((state) => state.model)!
  const showPage = useApp((state) => state.showPage)
  const facts = useMemo(() => model.network.layers.map((_, i) => layerFacts(model, i)), [model])
  const total = totalParameters(model)
  // Graphics cards and the reference have kernels of TensorFlow.js alone.
  const hasKernels = useApp(({ backend }) => backend?.name === 'wasm' && !backend.isReference)
  const scope = useApp((state) => state.scope)
  const layer = useApp((state) => state.layer)
  const setScope = useApp((state) => state.setScope)
  const chosen = scope === 'shown' ? (layer === null ? [] : [layer]) : scope
  const [rows, setRows] = useState(rowsAtOnce)
  const disabled = new Set(facts.filter(({ notScannable }) => notScannable !== null).map(({ name }) => name))
  const choose = (keys: 'all' | Set<React.Key>): void => {
    const names = facts.map(({ name }) => name).filter((name) => !disabled.has(name))
    setScope(keys === 'all' ? names : names.filter((name) => keys.has(name)))
  }
  return (
    <ModalPage onClose={() => showPage(null)} className="layer-table-modal">
      <ModalHead title={model.name}>
        <span className="muted">
          {facts.length} layers, {total.toLocaleString('en')} parameters. Tick the layers to scan in one pass.
        </span>
      </ModalHead>
      <div className="table-scroll">
        <Table
          aria-label="Model summary"
          className="layer-table"
          selectionMode="multiple"
          disabledKeys={disabled}
          disabledBehavior="selection"
          selectedKeys={chosen}
          onSelectionChange={(keys) => choose(keys as 'all' | Set<React.Key>)}
        >
          <TableHeader>
            <Column>
              <Tick slot="selection" />
            </Column>
            <Column isRowHeader>Name</Column>
            <Column>Type</Column>
            <Column>Output</Column>
            <Column>Kernel</Column>
            <Column>Stride</Column>
            <Column>Padding</Column>
            <Column className="number">Parameters</Column>
            <Column className="number">Receptive field</Column>
            <Column className="number">Step</Column>
            {hasKernels && <Column>Computed by</Column>}
            <Column>Note</Column>
          </TableHeader>
          <TableBody items={facts.slice(0, rows)} dependencies={[hasKernels]}>
            {(row) => (
              <Row id={row.name}>
                <Cell>{row.notScannable === null && <Tick slot="selection" />}</Cell>
                <Cell>
                  <span className="layer-table-name" title={row.name}>
                    <LayerName name={row.name} />
                  </span>
                </Cell>
                <Cell>{row.className}</Cell>
                <Cell>{row.shape}</Cell>
                <Cell>{row.kernel}</Cell>
                <Cell>{row.stride}</Cell>
                <Cell>{row.padding}</Cell>
                <Cell className="number">{row.parameters.toLocaleString('en')}</Cell>
                <Cell className="number">{row.field}</Cell>
                <Cell className="number">{row.fieldStride}</Cell>
                {hasKernels && (
                  <Cell>
                    <span className="muted">{kernelText(model, row.index)}</span>
                  </Cell>
                )}
                <Cell className="muted">
                  {row.notScannable === null ? row.note : `Not scanned: ${row.notScannable}.`}
                </Cell>
              </Row>
            )}
          </TableBody>
        </Table>
        {facts.length > rows && (
          <Button className="button" onPress={() => setRows(rows + rowsAtOnce)}>
            Show {Math.min(rowsAtOnce, facts.length - rows)} more layers
          </Button>
        )}
      </div>
    </ModalPage>
  )
}

function Tick({ slot }: { slot: 'selection' }) {
  return (
    <Checkbox slot={slot} className="tick">
      {({ isSelected, isIndeterminate }) => (
        <span className="tick-box">
          {isIndeterminate ? <Minus size={12} aria-hidden /> : isSelected && <Check size={12} aria-hidden />}
        </span>
      )}
    </Checkbox>
  )
}
