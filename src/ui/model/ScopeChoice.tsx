/** @file Which layers one pass scans: the one on the screen, the convolutions, all, or those ticked in the table. */
import { scannableLayers } from '../../core/model/scannable.ts'
import type { ScanScope } from '../../state/scan.ts'
import { Choice } from '../common/Choice.tsx'
import { useApp } from '../useApp.ts'
import { isConvolution } from './layerFacts.ts'

export function ScopeChoice() {
  const model = useApp((state) => state.model)!
  const scope = useApp((state) => state.scope)
  const setScope = useApp((state) => state.setScope)
  const all = scannableLayers(model.network).map(({ name }) => name)
  const convolutions = model.network.layers.filter(isConvolution).map(({ name }) => name)
  const scopes: { id: string; text: string; scope: ScanScope }[] = [
    { id: 'shown', text: 'the shown layer', scope: 'shown' },
    { id: 'convolutions', text: `all ${convolutions.length} convolutions`, scope: convolutions },
    { id: 'all', text: `all ${all.length} layers`, scope: all },
  ]
  const known = scopes.find((one) => String(one.scope) === String(scope))
  if (!known) scopes.push({ id: 'chosen', text: `${scope.length} chosen layers`, scope })
  return (
    <div className="scope">
      <Choice
        label="Scan"
        showLabel
        value={known?.id ?? 'chosen'}
        options={scopes}
        onChange={(id) => setScope(scopes.find((one) => one.id === id)!.scope)}
      />
    </div>
  )
}
