/** @file Chooses which layers are scanned: the shown one, the convolutions, all, or those ticked in the summary. */
import { Choice } from '../common/Choice.tsx'
import { useApp } from '../useApp.ts'
import { scopeOptions } from './scopes.ts'

export function ScopeChoice() {
  const model = useApp((state) => state.model)!
  const scope = useApp((state) => state.scope)
  const setScope = useApp((state) => state.setScope)
  const { options, value } = scopeOptions(model, scope)
  return (
    <div className="scope">
      <Choice
        label="Scan"
        showLabel
        value={value}
        options={options}
        onChange={(id) => setScope(options.find((one) => one.id === id)!.scope)}
      />
    </div>
  )
}
