/** @file Results that no longer fit are put aside rather than deleted, and a notice brings them back as they were. */
import { sentence } from '../../core/errors.ts'
import type { AppState, Slice, AsideSlice } from '../appState.ts'

/** All that the results depend on, and what was looked at. */
const parts = [
  'model',
  'backendChoice',
  'images',
  'project',
  'preprocessing',
  'selection',
  'results',
  'coverage',
  'skipped',
  'scan',
  'peakBytes',
  'recorded',
  'layer',
  'channel',
  'patch',
] as const

type Aside = Pick<AppState, (typeof parts)[number]>

export const createAside: Slice<AsideSlice> = (set, get, { gallery, checkpoints, mosaics }) => {
  const offer = (aside: Aside): void => {
    const count = aside.results.size
    if (count === 0) return
    get().notify('info', sentence('scan/put-aside', { count }), {
      label: 'Undo',
      run() {
        void undo(aside).catch((error: unknown) => {
          get().report(error)
          offer(aside)
        })
      },
    })
  }

  /** Brings it back; results that have come meanwhile are put aside in its place. */
  const undo = async (aside: Aside): Promise<void> => {
    get().stopReading()
    const { model, backendChoice } = get()
    const isOpen = model?.source === aside.model!.source && backendChoice === aside.backendChoice
    // The notice of `reopenModel` says why the model cannot be opened; the results are still there.
    if (!isOpen && !(await get().reopenModel(aside.model!.source, aside.backendChoice))) return offer(aside)
    get().putAside()
    if (get().images !== aside.images) await gallery.setImages(aside.images!)
    mosaics.clear()
    // It is a new object if another model was open.
    const { model: opened } = get()
    const { coverage } = aside
    set({
      ...aside,
      model: opened,
      scan: asItEnded(aside.scan, coverage),
      revision: get().revision + 1,
    })
    get().fitResults()
    checkpoints.comeBack(new Set([...coverage.values()].map((one) => one.images)))
  }

  return {
    putAside() {
      get().stop()
      const aside = taken(get())
      get().clearResults()
      offer(aside)
    },
  }
}

function taken(state: AppState): Aside {
  return Object.fromEntries(parts.map((part) => [part, state[part]])) as Aside
}

/** The phase, with the images that came in while the scan was being stopped. */
function asItEnded(scan: AppState['scan'], coverage: AppState['coverage']): AppState['scan'] {
  if (!('progress' in scan)) return scan
  const [layer = ''] = scan.progress.layers
  const done = coverage.get(layer)?.images.count ?? scan.progress.done
  return { ...scan, progress: { ...scan.progress, done } }
}
