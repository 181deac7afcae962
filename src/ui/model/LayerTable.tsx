/**
 * @file The model summary as the exercise's notebook prints it, with receptive fields. Layers to scan can be ticked.
 */
import { useCallback, useMemo } from 'react'
import { ModalHead } from '../common/ModalHead.tsx'
import { ModalPage } from '../common/ModalPage.tsx'
import { useApp, useAppStore } from '../useApp.ts'
import { LayerRows } from './LayerRows.tsx'
import { kernelText, layerFacts, totalParameters } from './layerFacts.ts'
import { type SummaryColumn, summaryColumns } from './summaryColumns.ts'

export default function LayerTable() {
  const model = useApp((state) => state.model)!
  const showPage = useApp((state) => state.showPage)
  const facts = useMemo(() => model.network.layers.map((_, i) => layerFacts(model, i)), [model])
  const total = totalParameters(model)
  // Graphics cards and the reference have kernels of TensorFlow.js alone.
  const hasKernels = useApp(({ backend }) => backend?.name === 'wasm' && !backend.isReference)
  const columns = useMemo<readonly SummaryColumn[]>(() => {
    if (!hasKernels) return summaryColumns
    return [...summaryColumns, { title: 'Computed by', text: ({ index }) => kernelText(model, index) }]
  }, [model, hasKernels])
  const scope = useApp((state) => state.scope)
  const layer = useApp((state) => state.layer)
  const chosen = useMemo(
    () => new Set(scope === 'shown' ? (layer === null ? [] : [layer]) : scope),
    [scope, layer],
  )
  const store = useAppStore()
  const choose = useCallback(
    (names: ReadonlySet<string>) =>
      store
        .getState()
        .setScope(
          facts.filter((one) => one.notScannable === null && names.has(one.name)).map(({ name }) => name),
        ),
    [store, facts],
  )
  return (
    <ModalPage onClose={() => showPage(null)} className="layer-table-modal">
      <ModalHead title={model.name}>
        <span className="muted">
          {facts.length.toLocaleString('en')} layers, {total.toLocaleString('en')} parameters. Tick the layers
          to scan in one pass.
        </span>
      </ModalHead>
      <LayerRows facts={facts} columns={columns} chosen={chosen} onChoose={choose} />
    </ModalPage>
  )
}
