/** @file The choices of which layers Run scans. */
import { scannableLayers } from '../../core/model/scannable.ts'
import type { OpenModel } from '../../state/model/openModel.ts'
import type { ScanScope } from '../../state/appState.ts'
import { isConvolution } from './layerFacts.ts'

interface ScopeOption {
  readonly id: string
  readonly text: string
  readonly scope: ScanScope
}

/** The options, and as `value` the id of the one that is the current scope. */
export function scopeOptions(
  model: OpenModel,
  scope: ScanScope,
): { readonly options: readonly ScopeOption[]; readonly value: string } {
  const all = scannableLayers(model.network).map(({ name }) => name)
  const convolutions = model.network.layers.filter(isConvolution).map(({ name }) => name)
  const options: ScopeOption[] = [
    { id: 'shown', text: 'the shown layer', scope: 'shown' },
    ...(convolutions.length > 1
      ? [{ id: 'convolutions', text: `all ${convolutions.length} convolutions`, scope: convolutions }]
      : []),
    ...(all.length > 1 ? [{ id: 'all', text: `all ${all.length} layers`, scope: all }] : []),
  ]
  const known = options.find((one) => String(one.scope) === String(scope))
  if (known) return { options, value: known.id }
  const chosen = {
    id: 'chosen',
    text: scope.length === 1 ? '1 chosen layer' : `${scope.length} chosen layers`,
    scope,
  }
  return { options: [...options, chosen], value: 'chosen' }
}
