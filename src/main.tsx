/** @file Starts the app: makes the store with its workers, renders the page, and opens what the address names. */
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { createAppStore } from './state/store.ts'
import { followAddressBar } from './state/addressBar.ts'
import { spawnDecoder, spawnEngine, spawnGallery } from './state/workers/workers.ts'
import { App } from './ui/App.tsx'
import { StoreContext } from './ui/useApp.ts'
import { keepForOffline } from './keepForOffline.ts'
import { exposeAutomation } from './automation/automation.ts'
import { remembered } from './ui/common/remembered.ts'
import { rememberedHeat } from './ui/mosaic/heat/rememberedHeat.ts'
import { toEdgeKey } from './ui/mosaic/WideFieldNote.tsx'
import { trustOwnScripts } from './trustedTypes.ts'
import './ui/styles.css'

trustOwnScripts()

const store = createAppStore({
  spawnEngine,
  spawnGallery,
  spawnDecoder,
  spawnReference: spawnEngine,
  cores: navigator.hardwareConcurrency || 2,
})
if (remembered(toEdgeKey) === 'false') store.getState().setView({ toEdge: false })
store.getState().setHeat(rememberedHeat())
followAddressBar(store)
exposeAutomation(store)
// The development server has no service worker; only the build has one.
if (import.meta.env.PROD) keepForOffline(store)

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <StoreContext value={store}>
      <App />
    </StoreContext>
  </StrictMode>,
)

const link = new URLSearchParams(location.search)
const project = link.get('project')
const results = link.get('results')
if (project !== null) void store.getState().openProject(project)
else if (results !== null) void store.getState().openResultsAt(results)
else if (link.has('demo')) void store.getState().openDemo()
