/**
 * @file The queue of scans: one that is asked for while another runs waits for its turn. A layer that has results goes
 * on with the images that are left; it begins anew only if that is asked for.
 */
import { sentence } from '../../core/errors.ts'
import type { ImageTable } from '../../core/images/imageTable.ts'
import type { AppState, Slice, Planner, QueuedScan, ScanQueueSlice } from '../appState.ts'
import { coveredOf, isDone, sharers } from '../scan/coverage.ts'
import { isUnderWay } from '../scan/scanPhase.ts'
import { planRest, planScan } from '../scan/scanPlan.ts'
import { scopeLayers } from '../selectors/scopeLayers.ts'

interface Task {
  readonly entry: QueuedScan
  /** Plans are made when their turn has come: what is left depends on what was scanned before. */
  plans(state: AppState): Planner[]
  /** Plans how to go on after an interruption. */
  readonly rest: (state: AppState) => Planner[]
  readonly settle: () => void
}

export const createScanQueue: Slice<ScanQueueSlice> = (set, get, { mosaics, checkpoints }) => {
  /** In step with `queue`. */
  let waiting: readonly Task[] = []
  let current: Task | null = null
  let working = false
  let lastId = 0

  const show = (tasks: readonly Task[]): void => {
    waiting = tasks
    set({ queue: tasks.map(({ entry }) => entry) })
  }

  const add = (
    names: readonly string[],
    plans: Task['plans'],
    { rest = (state: AppState) => plansFor(state, names), first = false } = {},
  ): Promise<void> =>
    new Promise((settle) => {
      const task: Task = { entry: { id: ++lastId, names }, plans, rest, settle }
      show(first ? [task, ...waiting] : [...waiting, task])
      void work()
    })

  const work = async (): Promise<void> => {
    if (working) return
    working = true
    for (let task = waiting[0]; task; task = waiting[0]) {
      current = task
      show(waiting.slice(1))
      await scan(task)
      // If it was interrupted, it waits again.
      if (current === task) task.settle()
      current = null
    }
    working = false
  }

  const scan = async (task: Task): Promise<void> => {
    for (const plan of task.plans(get())) {
      await get().scanPlanned(plan)
      if (current !== task || get().scan.status !== 'done') break
    }
    // The others would fail for the same reason.
    if (get().scan.status !== 'failed' || waiting.length === 0) return
    const layers = waiting.flatMap(({ entry }) => entry.names).join(', ')
    get().clearQueue()
    get().notify('warning', sentence('scan/queue-dropped', { layers }))
  }

  return {
    queue: [],
    run(layers) {
      const names = layers ?? scopeLayers(get())
      return add(names, (state) => {
        const plans = plansFor(state, names)
        if (plans.length === 0 && names.length > 0 && state.images && state.model)
          state.notify('info', sentence('scan/nothing-left', { layers: names.join(', ') }), {
            label: 'Scan again',
            run: () => void get().runAnew(names),
          })
        return plans
      })
    },
    runAnew(layers) {
      const names = layers ?? scopeLayers(get())
      return add(names, () => [anew(names)])
    },
    runFirst(layers) {
      const interrupted = isUnderWay(get().scan) ? current : null
      if (interrupted) {
        const { entry, rest, settle } = interrupted
        show([{ entry, plans: rest, rest, settle }, ...waiting])
        current = null
      }
      const done = add(layers, (state) => plansFor(state, layers), { first: true })
      if (interrupted) get().interrupt()
      return done
    },
    runRest(layer) {
      const rest = (): Planner[] => [(_, { table }) => planRest(get(), table, layer)]
      return add(sharers(get(), layer), rest, { rest })
    },
    runPlanned: (names, plan) => add(names, () => [plan]),
    unqueue(id) {
      const task = waiting.find(({ entry }) => entry.id === id)
      show(waiting.filter((other) => other !== task))
      task?.settle()
    },
    clearQueue() {
      const dropped = waiting
      if (dropped.length === 0) return
      show([])
      for (const { settle } of dropped) settle()
    },
  }

  function anew(names: readonly string[]): Planner {
    return (model, { table }) => {
      const plan = planScan(get(), model, table, names)
      offerBack(names.filter((name) => get().results.has(name)))
      return plan
    }
  }

  /** Offers to bring back the results that these layers have now, as long as the notice stands. */
  function offerBack(names: readonly string[]): void {
    if (names.length === 0) return
    const { model, images, preprocessing, results, coverage } = get()
    const before = names.map((name) => ({ name, result: results.get(name)!, cover: coverage.get(name) }))
    const undo = (): void => {
      const now = get()
      // They would be wrong for what is open or set now; the change has put results aside with an Undo of its own.
      if (now.model !== model || now.images !== images || now.preprocessing !== preprocessing) return
      if (isUnderWay(now.scan) && now.scan.progress.layers.some((name) => names.includes(name))) now.stop()
      mosaics.clear()
      const covered = before.flatMap(({ name, cover }) => (cover ? [[name, cover] as const] : []))
      set((state) => ({
        results: new Map([...state.results, ...before.map(({ name, result }) => [name, result] as const)]),
        coverage: new Map([...state.coverage, ...covered]),
        revision: state.revision + 1,
      }))
      checkpoints.comeBack(covered.map(([, { images: mask }]) => mask))
    }
    get().notify('info', sentence('scan/anew', { layers: names.join(', ') }), { label: 'Undo', run: undo })
  }

  /** One plan for all layers without results of the chosen images, and one for each group that is half done. */
  function plansFor(state: AppState, names: readonly string[]): Planner[] {
    const { images, layer: shown } = state
    if (!images) return []
    const fresh = names.filter((name) => (coveredOf(state, name)?.others ?? 1) > 0 && !isDone(state, name))
    const groups: { readonly names: readonly string[]; readonly plan: Planner }[] = []
    if (fresh.length > 0) groups.push({ names: fresh, plan: anew(fresh) })
    for (const name of names) {
      if (groups.some((group) => group.names.includes(name)) || isDone(state, name)) continue
      groups.push({ names: sharers(state, name), plan: (_, { table }) => goOn(table, name) })
    }
    // The layer on the screen comes first.
    const rank = (group: { readonly names: readonly string[] }): number =>
      shown !== null && group.names.includes(shown) ? 0 : 1
    return groups.toSorted((a, b) => rank(a) - rank(b)).map(({ plan }) => plan)
  }

  function goOn(table: ImageTable, layer: string): ReturnType<Planner> {
    return planRest(get(), table, layer, get().selection.sample)
  }
}
