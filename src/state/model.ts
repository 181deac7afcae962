/** @file The opened model and the backend that runs it. */
import { appError, sentence } from '../core/errors.ts'
import type { Network } from '../core/model/network.ts'
import { receptiveField, type ReceptiveField } from '../core/model/receptiveField.ts'
import { firstLayerToShow, scannableLayers, whyNotScannable } from '../core/model/scannable.ts'
import type { BackendChoice, BackendReport } from '../engine/backend.ts'
import type { Slice } from './appState.ts'
import { fitView } from './view.ts'

export interface OpenModel {
  readonly name: string
  readonly file: File
  readonly network: Network
  /** All by layer. */
  readonly parameters: readonly number[]
  readonly fields: readonly (ReceptiveField | null)[]
  readonly notScannable: readonly (string | null)[]
}

export interface ModelSlice {
  readonly model: OpenModel | null
  /** Name of the file that is being opened. */
  readonly openingModel: string | null
  readonly backend: BackendReport | null
  readonly backendChoice: BackendChoice
  /** Workers side by side. */
  readonly workers: number
  /** The model among some files; the model before stays if it cannot be opened. Resolves to whether it could. */
  openModel(files: readonly File[]): Promise<boolean>
  /** Opens the model again on another backend. */
  setBackend(choice: BackendChoice): Promise<void>
}

/** By its ending; whether it is one, opening tells. */
export function looksLikeModel(name: string): boolean {
  return /\.(h5|hdf5|keras)$/i.test(name)
}

export const createModel: Slice<ModelSlice> = (set, get, { pool }) => {
  let latest = 0

  const open = async (file: File, choice: BackendChoice): Promise<boolean> => {
    const attempt = ++latest
    get().stop()
    set({ openingModel: file.name })
    try {
      const { backend, model } = await pool.open(file, choice, (opened) =>
        refuseUseless(file, opened.network),
      )
      if (attempt !== latest) return false
      const { network, parameters } = model
      set({
        model: describe(file, network, parameters),
        backend,
        backendChoice: choice,
        workers: pool.size,
        // The layer of the link, or of the model before, where this one has it too.
        ...fitView(network, get(), firstLayerToShow(network)?.name ?? null),
      })
      get().clearResults()
      const problem = firstProblem(network)
      if (problem) get().notify('info', sentence('model/partly-scannable', { file: file.name, problem }))
      return true
    } catch (error) {
      if (attempt === latest) get().report(error)
      return false
    } finally {
      if (attempt === latest) set({ openingModel: null })
    }
  }

  return {
    model: null,
    openingModel: null,
    backend: null,
    backendChoice: 'auto',
    workers: 0,
    async openModel(files) {
      const file = files.find(({ name }) => looksLikeModel(name)) ?? files[0]
      if (file) return open(file, get().backendChoice)
      get().notify('error', sentence('model/no-file'))
      return false
    },
    async setBackend(choice) {
      const { model } = get()
      if (model) await open(model.file, choice)
      else set({ backendChoice: choice })
    },
  }
}

function describe(file: File, network: Network, parameters: readonly number[]): OpenModel {
  return {
    name: file.name,
    file,
    network,
    parameters,
    fields: network.layers.map((layer, i) => (layer.op === null ? null : receptiveField(network, i))),
    notScannable: network.layers.map(whyNotScannable),
  }
}

/** Throws `model/nothing-to-scan`. */
function refuseUseless(file: File, network: Network): void {
  if (scannableLayers(network).length > 0) return
  throw appError('model/nothing-to-scan', {
    file: file.name,
    reason: firstProblem(network) ?? 'it has no layer with channels',
  })
}

/** The first layer that is not supported itself, as a clause. */
function firstProblem(network: Network): string | null {
  const layer = network.layers.find(({ op }) => op === null)
  return layer && layer.op === null ? layer.problem : null
}
