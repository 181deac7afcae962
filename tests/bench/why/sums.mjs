/** @file Measures how exactly the contributions of a unit's channels, with the bias, sum to what the network computes before its activation. */
import { exercise, mobileNet, resNet } from '../inputs.mjs'
import { withPage } from '../page.mjs'
import { targets } from '../targets.mjs'

/** @param {import('../page.mjs').Bench} bench */
export async function measureSums(bench) {
  const large = resNet()
  if (!large) bench.report.note('ResNet50 is left out: there is no Python with TensorFlow (URPATCH_PYTHON)')
  const small = mobileNet()
  // Each unit takes a run of the network.
  await report(bench, exercise.network, 8)
  if (small) await report(bench, small, 1)
  if (large) await report(bench, large, 1)
}

/**
 * @param {import('../page.mjs').Bench} bench
 * @param {import('../inputs.mjs').BenchNetwork} network
 * @param {number} channels How many of each layer, spread over all of them.
 */
async function report(bench, network, channels) {
  await withPage(bench, { network, images: exercise.images, backend: 'wasm' }, async (page) => {
    const { worst, layer, units } = await worstSum(page, channels)
    bench.report.figure(`${network.name}: what a sum is off by, of its largest term`, worst, 'share', {
      target: targets.sumByTerm,
      detail: `the worst of ${units} units, of all layers that add: one of ${layer}`,
    })
  })
}

/** A unit in the middle of the first image, of some channels of every layer that is a sum. @param {import('../page.mjs').Page} page @param {number} channels */
function worstSum(page, channels) {
  return page.evaluate(async (most) => {
    const handle = window.urpatch
    const layers = handle?.state().model?.network.layers ?? []
    const found = { worst: 0, layer: '', units: 0 }
    const seen = new Set()
    for (const layer of layers) {
      if (layer.op === null || layer.op.kind === 'input') continue
      const all = layer.shape.at(-1) ?? 1
      const count = Math.min(most, all)
      const [row = 0, column = 0] = layer.shape.length === 3 ? layer.shape.map((n) => Math.floor(n / 2)) : []
      for (let i = 0; i < count; i++) {
        const channel = Math.floor((i * all) / count)
        const unit = { image: 0, row, column }
        // Layers that cannot be shown, as dropout, are no sums.
        const circuit = await handle?.circuit({ layer: layer.name, channel, unit }).catch((error) => {
          if (!String(error).includes('that can be scanned')) throw error
          return null
        })
        if (!circuit?.unit || !circuit.sum) continue
        // Layers that only move or cut a sum's numbers tell the same one again.
        const key = `${circuit.sum.layer} ${circuit.sum.channel} ${circuit.folded.join()}`
        if (seen.has(key)) continue
        seen.add(key)
        const { value, computed, bias } = circuit.unit
        const terms = circuit.fedBy.map(({ contribution }) => Math.abs(contribution ?? 0))
        const largest = Math.max(Math.abs(bias), ...terms)
        const off = largest === 0 ? 0 : Math.abs(computed - value) / largest
        if (!(off <= found.worst)) Object.assign(found, { worst: off, layer: layer.name })
        found.units++
      }
    }
    return found
  }, channels)
}
