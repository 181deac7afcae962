import { readFileSync } from 'node:fs'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { followsGuess, withGuess } from '../../../../src/core/preprocessing/guess/followedGuess.ts'
import {
  candidatesFor,
  guessPreprocessing,
  type ModelEvidence,
  rangeLabel,
} from '../../../../src/core/preprocessing/guess/guess.ts'
import { architectureOf } from '../../../../src/core/preprocessing/guess/guessArchitecture.ts'
import { inputStart, inputWeightLayers } from '../../../../src/core/preprocessing/guess/guessInput.ts'
import { notebookPreprocessing } from '../../../../src/core/preprocessing/preprocessing.ts'
import type { Network } from '../../../../src/core/model/network.ts'
import { onnxNetwork } from '../../../../src/core/model/onnx/onnxNetwork.ts'
import {
  chain,
  exerciseNetwork,
  inputSpec,
  type Json,
  keras3FunctionalJson,
  layerIndex,
  type LayerSpec,
  networkOf,
  sequentialJson,
  spec,
} from '../../../fixtures/kerasModels.ts'
import { node, onnxModel, weights } from '../../../fixtures/onnxWriter.ts'
import { kit, kitTable } from '../../../kit.ts'
import { readModelConfig } from '../../../modelConfig.ts'

const conv = spec('Conv2D', 'conv', { filters: 4, kernel_size: 3 })

function colour(...layers: LayerSpec[]): Network {
  return chain([32, 32, 3], layers)
}

function evidence(network: Network, more: Partial<ModelEvidence> = {}): ModelEvidence {
  return { network, name: 'model.h5', inputWeights: new Map(), madeBy: null, ...more }
}

/** A guess as text, such as `tf likely`. */
function best(network: Network, more: Partial<ModelEvidence> = {}): string {
  const [guess] = guessPreprocessing(evidence(network, more))
  return guess ? `${guess.id} ${guess.confidence}` : 'nothing'
}

describe('layers that shift and scale inside', () => {
  const rescaling = (scale: unknown, offset: unknown = 0): LayerSpec =>
    spec('Rescaling', 'rescaling', { scale, offset })
  const normalization = (mean: readonly number[], variance: readonly number[]): LayerSpec =>
    spec('Normalization', 'normalization', { axis: [-1], mean, variance })

  it.each([
    ['Rescaling(1/255)', [rescaling(1 / 255)], 'raw sure'],
    ['Rescaling(1/127.5, -1)', [rescaling(1 / 127.5, -1)], 'raw sure'],
    ['Rescaling(1/128, -1), as EfficientNetV2-S', [rescaling(0.0078125, -1)], 'raw sure'],
    ['Rescaling(2, -1), as TF-Hub', [rescaling(2, -1)], 'notebook sure'],
    ['Rescaling(0.5, 0.5)', [rescaling(0.5, 0.5)], 'tf sure'],
    [
      'ImageNet’s numbers of bytes, as ConvNeXt',
      [normalization([123.675, 116.28, 103.53], [3409.976, 3262.694, 3291.891])],
      'raw sure',
    ],
    [
      'ImageNet’s numbers of 0…1',
      [normalization([0.485, 0.456, 0.406], [0.0524, 0.0502, 0.0506])],
      'notebook sure',
    ],
    [
      'both, as EfficientNet',
      [rescaling(1 / 255), normalization([0.485, 0.456, 0.406], [0.0524, 0.0502, 0.0506])],
      'raw sure',
    ],
    ['augmentation before it', [spec('RandomFlip', 'flip'), rescaling(1 / 255)], 'raw sure'],
    ['a Rescaling that does nothing', [rescaling(1)], 'nothing'],
    ['numbers of no use', [rescaling(1e-7)], 'nothing'],
  ] as const)('%s', (_, layers, expected) => {
    expect(best(colour(...layers, conv))).toBe(expected)
  })

  it('counts numbers that are weights', () => {
    const network = colour(spec('Normalization', 'normalization', { axis: [-1] }), conv)
    const layer = layerIndex(network, 'normalization')
    expect(inputWeightLayers(network)).toEqual([layer])
    const inputWeights = new Map([
      [
        layer,
        [
          [120, 115, 105],
          [4600, 4500, 4700],
        ],
      ],
    ])
    expect(best(network, { inputWeights })).toBe('raw sure')
    expect(
      best(network, {
        inputWeights: new Map([
          [
            layer,
            [
              [0, 0, 0],
              [1, 1, 1],
            ],
          ],
        ]),
      }),
    ).toBe('nothing')
    expect(inputStart(network, inputWeights).offset[0]).toBeCloseTo(-120 / Math.sqrt(4600))
  })

  it('puts them before the name', () => {
    const network = colour(
      spec('Rescaling', 'rescaling', { scale: 1 / 127.5, offset: -1 }),
      spec('Conv2D', 'bn_Conv1', { filters: 4, kernel_size: 3 }),
      spec('Conv2D', 'block_16_project', { filters: 4, kernel_size: 3 }),
    )
    expect(architectureOf(network, '')?.name).toBe('MobileNetV2')
    const guesses = guessPreprocessing(evidence(network))
    expect(guesses.map(({ id, reason }) => [id, reason])).toEqual([
      ['raw', 'its layer rescaling rescales it inside'],
    ])
  })

  it('does not judge what it cannot follow', () => {
    const network = networkOf(
      keras3FunctionalJson([
        inputSpec([32, 32, 3]),
        spec('Conv2D', 'a', { filters: 3, kernel_size: 1 }, ['image']),
        spec('Add', 'sum', {}, ['image', 'a']),
        spec('Conv2D', 'bn_Conv1', { filters: 4, kernel_size: 3 }, ['sum']),
        spec('Conv2D', 'block_16_project', { filters: 4, kernel_size: 3 }, ['bn_Conv1']),
      ]),
    )
    expect(inputStart(network, new Map()).straight).toBe(false)
    expect(best(network)).toBe('tf possible')
  })
})

describe('a batch normalization of the input itself', () => {
  const network = exerciseNetwork()
  const layer = layerIndex(network, 'batch_normalization')
  const three = (value: number): number[] => [value, value, value]
  const stored = (mean: readonly number[], variance: readonly number[]) =>
    best(network, { inputWeights: new Map([[layer, [three(1), three(0), mean, variance]]]) })

  it.each([
    ['0…1', three(0.46), three(0.07), 'notebook sure'],
    ['0…255', three(118), three(4600), 'raw sure'],
    ['−1…1', three(-0.08), three(0.29), 'tf'],
    ['torch', [0.02, 0.05, 0.01], three(1.3), 'torch'],
    ['caffe', [2, -3, 4], three(4600), 'caffe'],
    ['statistics as a layer begins with them', three(0), three(1), 'nothing'],
    ['statistics of no pictures', three(1e5), three(1), 'nothing'],
  ] as const)('has seen %s', (_, mean, variance, expected) => {
    expect(stored(mean, variance)).toMatch(new RegExp(`^${expected}`))
  })

  it('knows that handwriting is dark', () => {
    const grey = chain([28, 28, 1], [spec('BatchNormalization', 'bn', { axis: [3] }), conv])
    const inputWeights = new Map([[layerIndex(grey, 'bn'), [[1], [0], [0.131], [0.095]]]])
    expect(best(grey, { inputWeights })).toMatch(/^notebook/)
  })

  it('judges what lies before it too', () => {
    const both = colour(
      spec('Rescaling', 'r', { scale: 1 / 255 }),
      spec('BatchNormalization', 'bn', { axis: [3] }),
      conv,
    )
    const inputWeights = new Map([[layerIndex(both, 'bn'), [three(1), three(0), three(0.46), three(0.07)]]])
    expect(best(both, { inputWeights })).toBe('raw sure')
  })
})

describe('published networks', () => {
  const graphs = JSON.parse(
    gunzipSync(
      readFileSync(path.resolve(import.meta.dirname, '../../../fixtures/application-graphs.json.gz')),
    ).toString(),
  ) as Record<string, { class_name: string; config: Json }>
  const expected = {
    VGG16: 'caffe',
    MobileNet: 'tf',
    ResNet50: 'caffe',
    ResNet50V2: 'tf',
    ResNet101V2: 'tf',
    ResNet152V2: 'tf',
    InceptionV3: 'tf',
    InceptionResNetV2: 'tf',
  }

  it.each(Object.entries(expected))('%s, by its name and by the names of its layers', (name, id) => {
    const graph = graphs[name]!
    const sizes: [number, number] = [128, 128]
    expect(best(networkOf(graph, 3, sizes))).toBe(`${id} likely`)
    const renamed = { ...graph, config: { ...graph.config, name: 'functional_7' } }
    expect(best(networkOf(renamed, 3, sizes))).toBe(`${id} likely`)
  })

  /** Names that Keras 2 and 3 give, and scopes of converted graphs; as the model's own name and of a nested model. */
  it.each([
    ['vgg19', 'caffe'],
    ['resnet101', 'caffe'],
    ['resnet152v2', 'tf'],
    ['mobilenet_0.25_128', 'tf'],
    ['mobilenetv2_1.00_224', 'tf'],
    ['MobilenetV2', 'tf'],
    ['MobilenetV3small', 'tf'],
    ['MobileNetV3Large', 'tf'],
    ['densenet121', 'torch'],
    ['inception_v3', 'tf'],
    ['xception', 'tf'],
    ['nasnet_mobile', 'tf'],
    ['NASNet', 'tf'],
    ['efficientnetb0', 'torch'],
    ['efficientnetv2-b0', 'tf'],
    ['convnext_tiny', 'torch'],
    ['resnext50', 'torch'],
  ])('%s', (name, id) => {
    const named = {
      class_name: 'Sequential',
      config: { ...(sequentialJson([inputSpec([32, 32, 3]), conv])['config'] as Json), name },
    }
    expect(best(networkOf(named))).toBe(`${id} likely`)
    const nested = { class_name: 'Sequential', config: { name: 'sequential', layers: [named] } }
    expect(best(networkOf(nested))).toBe(`${id} likely`)
  })

  it.each(['my_model', 'mini_XCEPTION', 'resnet18', 'sequential_1', 'net_vgg'])(
    '%s is none of them',
    (name) => {
      const named = {
        class_name: 'Sequential',
        config: { ...(sequentialJson([inputSpec([32, 32, 3]), conv])['config'] as Json), name },
      }
      expect(best(networkOf(named))).toBe('nothing')
    },
  )

  it('says how, and that a file’s name is a weak sign', () => {
    const [guess] = guessPreprocessing(evidence(colour(conv), { name: 'my_mobilenet_v2.h5' }))
    expect(guess).toMatchObject({
      id: 'tf',
      confidence: 'possible',
      reason: 'its file is called like a MobileNetV2',
    })
  })

  it('takes what an ONNX file is called for the name of a file only', () => {
    const { network } = onnxNetwork(
      onnxModel({ nodes: [node('Conv', ['image', 'w'], 'y')], constants: { w: weights(4, 3, 3, 3) } }),
      { inputSize: null },
    )
    for (const name of ['resnet50.onnx', 'resnet50'])
      expect(guessPreprocessing(evidence(network, { name }))).toMatchObject([
        { id: 'caffe', confidence: 'possible', reason: 'its file is called like a ResNet' },
      ])
  })
})

describe('networks of PyTorch, by the paths of their modules', () => {
  const named = (...names: string[]): Network =>
    colour(...names.map((name) => spec('Conv2D', name, { filters: 3, kernel_size: 1 })))

  it.each([
    ['torchvision likely', ['conv1', 'layer1.0.conv1', 'layer4.0.conv1']],
    ['timm likely', ['conv1', 'layer1.0.conv1', 'layer1.0.act1', 'layer4.0.conv1']],
    ['timm likely', ['conv_stem', 'blocks.0.0.conv_dw']],
    ['timm-half possible', ['patch_embed.proj', 'blocks.0.attn.qkv']],
    ['torchvision likely', ['features.0', 'features.3', 'classifier.6']],
    ['fastai likely', ['0.0', '0.4.0.conv1']],
    ['ultralytics likely', ['model.0.conv', 'model.1.conv', 'model.2.cv1.conv']],
    ['nothing', ['features.0', 'head']],
    ['nothing', ['conv1', 'layer1.0.conv1']],
  ] as const)('%s: %j', (expected, names) => {
    expect(best(named(...names))).toBe(expected)
  })

  it('tells a classifier of Ultralytics by its vector', () => {
    const classifier = colour(
      ...['model.0.conv', 'model.1.conv', 'model.2.cv1.conv'].map((name) =>
        spec('Conv2D', name, { filters: 3, kernel_size: 1 }),
      ),
      spec('GlobalAveragePooling2D', 'model.9.pool'),
      spec('Dense', 'model.9.linear', { units: 5 }),
    )
    expect(best(classifier)).toBe('ultralytics-classify likely')
  })

  it('says by what it has recognised them, and leaves the names of Keras aside', () => {
    const guesses = guessPreprocessing(
      evidence(named('layer1.0.conv1', 'layer4.0.conv1'), { name: 'resnet50.onnx', madeBy: 'PyTorch' }),
    )
    expect(guesses).toMatchObject([
      { id: 'torchvision', reason: 'it holds a ResNet of torchvision', settings: { fit: 'resize-crop' } },
    ])
    const own = guessPreprocessing(evidence(named('body.0'), { name: 'vgg16.onnx', madeBy: 'PyTorch' }))
    expect(own).toMatchObject([{ id: 'torchvision', confidence: 'possible' }])
  })

  it('tries what weights of PyTorch expect, each set of numbers once', () => {
    const ids = candidatesFor(evidence(named('body.0'), { madeBy: 'PyTorch' })).map(({ id }) => id)
    expect(ids).toEqual(['torchvision', 'timm', 'timm-half', 'clip', 'notebook', 'raw'])
    const grey = chain([28, 28, 1], [conv])
    expect(candidatesFor(evidence(grey, { madeBy: 'PyTorch' })).map(({ id }) => id)).toEqual([
      'notebook',
      'inverted',
      'tf',
      'raw',
    ])
  })

  it('reads stored statistics with the presets of PyTorch', () => {
    const network = exerciseNetwork()
    const layer = layerIndex(network, 'batch_normalization')
    const [ones, zeros] = [
      [1, 1, 1],
      [0, 0, 0],
    ]
    const inputWeights = new Map([[layer, [ones, zeros, [0.02, 0.05, 0.01], [1.3, 1.3, 1.3]]]])
    expect(best(network, { inputWeights, madeBy: 'PyTorch' })).toMatch(/^torchvision/)
  })

  it('names the range of pixels, not the crop, of what is set', () => {
    const label = (id: string): string => rangeLabel(withGuess(notebookPreprocessing, candidate(id)))
    const candidate = (id: string) =>
      candidatesFor(evidence(named('body.0'), { madeBy: 'PyTorch' })).find((one) => one.id === id)!
    expect(['torchvision', 'timm-half', 'clip', 'notebook'].map(label)).toEqual([
      '0…1 less ImageNet’s mean, by its deviation',
      '−1…1 (mean 0.5)',
      '0…1 less CLIP’s mean, by its deviation',
      '0…1',
    ])
  })
})

describe('other signs', () => {
  it('Teachable Machine feeds the centre square', () => {
    const [guess] = guessPreprocessing(evidence(colour(conv), { madeBy: 'Teachable Machine' }))
    expect(guess).toMatchObject({
      id: 'teachable-machine',
      confidence: 'sure',
      settings: { scale: '-1..1', fit: 'crop' },
    })
  })

  it('grey pictures may be upside down', () => {
    const grey = chain([28, 28, 1], [conv])
    expect(guessPreprocessing(evidence(grey)).map(({ id, confidence }) => `${id} ${confidence}`)).toEqual([
      'notebook possible',
      'inverted possible',
    ])
    expect(candidatesFor(evidence(grey)).map(({ id }) => id)).toEqual(['notebook', 'inverted', 'tf', 'raw'])
  })

  it('tries every usual way once, guesses first', () => {
    const ids = candidatesFor(evidence(colour(conv), { name: 'vgg16.h5' })).map(({ id }) => id)
    expect(ids).toEqual(['caffe', 'notebook', 'tf', 'raw', 'torch'])
  })
})

it('a guess changes what it speaks of, and nothing else', () => {
  const [guess] = guessPreprocessing(evidence(colour(spec('Rescaling', 'r', { scale: 1 / 255 }), conv)))
  const own = { ...notebookPreprocessing, resize: 'nearest', mean: [0.5], std: [0.5] } as const
  expect(followsGuess(own, guess!)).toBe(false)
  const used = withGuess(own, guess!)
  expect(used).toEqual({ ...notebookPreprocessing, resize: 'nearest', scale: '0..255' })
  expect(followsGuess(used, guess!)).toBe(true)
  expect([rangeLabel(used), rangeLabel(own)]).toEqual(['0…255', '0…1 with your own numbers'])
})

describe('the kit’s models', () => {
  /** Guesses from the file's configuration alone, without its weights. */
  const expected: Readonly<Record<string, string>> = {
    'tfjs-layers/nsfwjs-mobilenet_v2-quant': 'tf likely',
    'tfjs-layers/cnn-explainer-tinyvgg': 'nothing',
    'keras2-h5/mlcommons-vww_96.h5': 'nothing',
  }
  const there = kitTable('models/manifest.tsv').length > 0
  it.skipIf(!there).each(Object.entries(expected))('%s', async (file, guess) => {
    const { config, kerasMajor } = await readModelConfig(`${kit}models/${file}`)
    expect(best(networkOf(config, kerasMajor), { name: file.split('/').at(-1)! })).toBe(guess)
  })
})
