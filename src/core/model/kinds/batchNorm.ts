/** BatchNormalization with the moving statistics: https://keras.io/api/layers/normalization_layers/batch_normalization/ */
import { lastAxis, samePlace, type LayerKind } from './kind.ts'

export const batchNorm: LayerKind<'batchNorm'> = {
  kind: 'batchNorm',
  classNames: ['BatchNormalization', 'BatchNormalizationV1'],
  parse(config) {
    config.only('renorm', false)
    config.only('virtual_batch_size')
    config.ignore('momentum', 'synchronized', 'renorm_clipping', 'renorm_momentum', 'fused')
    return {
      kind: 'batchNorm',
      axis: config.axis('axis'),
      epsilon: config.number('epsilon', 1e-3),
      scale: config.boolean('scale', true),
      center: config.boolean('center', true),
    }
  },
  shape: (op, inputs) => lastAxis(op.axis, inputs),
  weights(op, input) {
    const shape = [input.at(-1)!]
    const names = [op.scale && 'gamma', op.center && 'beta', 'moving mean', 'moving variance']
    return names.filter((name) => name !== false).map((name) => ({ name, shape }))
  },
  reach: () => samePlace,
}
