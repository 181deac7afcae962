/** @file How many of the top patches the full page shows; what was not kept has to be scanned again. */
import { Button, Switch } from 'react-aria-components'
import { formatBytes } from '../../core/estimates.ts'
import { keptBytes } from '../../core/scan/topK.ts'
import { isUnderWay } from '../../state/scan/scanPhase.ts'
import { Choice } from '../common/Choice.tsx'
import { useApp } from '../useApp.ts'
import { Name } from '../common/Name.tsx'
import './patchCount.css'

const choices = [25, 49, 100] as const

export function PatchCount({ layer }: { layer: string }) {
  const keep = useApp((state) => state.keep)
  const setKeep = useApp((state) => state.setKeep)
  const alikeOnce = useApp((state) => state.alikeOnce)
  const setView = useApp((state) => state.setView)
  const options = [...new Set([...choices, keep])].toSorted((a, b) => a - b)
  return (
    <div className="patch-count">
      <Choice
        label="Patches on this page"
        value={keep}
        options={options.map((id) => ({ id, text: `Up to ${id} patches` }))}
        onChange={setKeep}
      />
      <Switch className="switch" isSelected={alikeOnce} onChange={(value) => setView({ alikeOnce: value })}>
        <span className="switch-track" aria-hidden />
        Alike patches once
      </Switch>
      <FewerKept layer={layer} />
    </div>
  )
}

/** Says so if the scan of the layer has kept fewer than are wanted. */
function FewerKept({ layer }: { layer: string }) {
  const keep = useApp((state) => state.keep)
  const kept = useApp((state) => state.results.get(layer)?.kept ?? null)
  const scanned = useApp((state) => state.results.get(layer)?.scanned ?? 0)
  const channels = useApp((state) => state.results.get(layer)?.channels ?? 0)
  const underWay = useApp((state) => isUnderWay(state.scan))
  const runAnew = useApp((state) => state.runAnew)
  // A results file has what it has. With few images all of them are there.
  if (kept === null || kept >= keep || scanned <= kept) return null
  return (
    <>
      <span className="muted">
        This scan has kept {kept}. {keep} take{' '}
        {formatBytes(keptBytes(channels, keep) - keptBytes(channels, kept))} more memory.
      </span>
      <Button className="button" isDisabled={underWay} onPress={() => void runAnew([layer])}>
        Scan <Name>{layer}</Name> again, keeping {keep}
      </Button>
    </>
  )
}
