/** @file What else Run can do: scan the rest, all again, or other layers; during a scan, what is to follow it. */
import { ChevronDown } from 'lucide-react'
import {
  Button,
  Header,
  Menu,
  MenuItem,
  MenuSection,
  MenuTrigger,
  Popover,
  Separator,
} from 'react-aria-components'
import { inSentence } from '../../core/shownText.ts'
import { imagesLeft } from '../../state/scan/scanPlan.ts'
import { layersText, queueOffer } from '../../state/selectors/runOffer.ts'
import { scopeLayers } from '../../state/selectors/scopeLayers.ts'
import { isUnderWay } from '../../state/scan/scanPhase.ts'
import { scopeOptions } from '../model/scopes.ts'
import { named } from '../common/named.ts'
import { useApp, useAppStore } from '../useApp.ts'

export function RunMenu() {
  const opening = useApp((state) => state.openingModel !== null)
  return (
    <MenuTrigger>
      <Button className="button run-more" aria-label="More to run" {...named()} isDisabled={opening}>
        <ChevronDown size={14} aria-hidden />
      </Button>
      <Popover className="popover" placement="bottom end">
        <Items />
      </Popover>
    </MenuTrigger>
  )
}

/** Rendered only while the menu is open. */
function Items() {
  const { getState } = useAppStore()
  const underWay = useApp((state) => isUnderWay(state.scan))
  const model = useApp((state) => state.model)!
  const scope = useApp((state) => state.scope)
  const left = useApp((state) => (state.layer === null ? 0 : imagesLeft(state, state.layer)))
  const toQueue = useApp((state) => inSentence(layersText(state, queueOffer(state))))
  const canQueue = useApp((state) => queueOffer(state).length > 0)
  const layers = useApp((state) => inSentence(layersText(state, scopeLayers(state))))
  const hasResults = useApp((state) => scopeLayers(state).some((name) => state.results.has(name)))
  const scopes = scopeOptions(model, scope)

  const act = (key: string): void => {
    const state = getState()
    if (key === 'queue') void state.run(queueOffer(state))
    if (key === 'rest') void state.runRest(state.layer!)
    if (key === 'again') void state.runAnew()
  }
  const disabled = [
    ...(left > 0 ? [] : ['rest']),
    ...(hasResults ? [] : ['again']),
    ...(canQueue ? [] : ['queue']),
  ]
  return (
    <Menu
      className="menu"
      aria-label="More to run"
      {...named()}
      disabledKeys={disabled}
      onAction={(key) => act(String(key))}
    >
      {underWay ? (
        <MenuItem className="menu-item" id="queue">
          {canQueue ? `Scan ${toQueue} after this` : 'Nothing else to scan after this'}
        </MenuItem>
      ) : (
        <>
          <MenuItem className="menu-item" id="rest">
            Scan the rest{left > 0 && ` (${left.toLocaleString('en')})`}
          </MenuItem>
          <MenuItem className="menu-item" id="again">
            Scan {layers} again from the start
          </MenuItem>
        </>
      )}
      <Separator className="menu-line" />
      <MenuSection
        aria-label="What Run scans"
        selectionMode="single"
        disallowEmptySelection
        selectedKeys={[scopes.value]}
        onSelectionChange={(keys) => {
          const [key] = keys as Set<string>
          const chosen = scopes.options.find(({ id }) => id === key)
          if (chosen) getState().setScope(chosen.scope)
        }}
      >
        <Header className="menu-head">Run scans</Header>
        {scopes.options.map(({ id, text }) => (
          <MenuItem key={id} className="menu-item menu-choice" id={id} shouldCloseOnSelect={false}>
            {text}
          </MenuItem>
        ))}
      </MenuSection>
    </Menu>
  )
}
