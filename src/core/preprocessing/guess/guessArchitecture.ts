/**
 * @file Recognises published networks of Keras by the name of the model or of its layers, and knows what they expect:
 * https://github.com/keras-team/keras/tree/master/keras/src/applications (each one's `preprocess_input`). Networks of
 * PyTorch are in `torchModels`.
 */
import type { Network } from '../../model/network.ts'
import type { Preset } from '../presets.ts'

export interface Architecture {
  /** The name as people write it. */
  readonly name: string
  /** The preset that it expects at its first computing layer. */
  readonly expects: Preset['id']
  /** How it was recognised: by the name of the model or a nested model, by the names of layers, or only by the file's. */
  readonly by: 'model' | 'layers' | 'file'
}

interface Family {
  readonly name: string
  readonly expects: 'tf' | 'caffe' | 'torch' | 'raw'
  /** Matches the model's name in Keras, and the scope's name in TF-Slim. */
  readonly model: RegExp
  /** Each must match the name of some layer. */
  readonly layers: readonly RegExp[]
}

/** The first one that fits is taken, so longer names come before shorter ones. */
const families: readonly Family[] = [
  family(
    'MobileNetV3',
    'tf',
    /mobilenet[_-]?v3/,
    /^expanded_conv_1\/?_?(squeeze|expand|depthwise)/,
    /^conv_bn$|^Conv\/BatchNorm$/,
  ),
  family(
    'MobileNetV2',
    'tf',
    /mobilenet[_-]?v2/,
    /^bn_Conv1$/,
    /^(mobl\d+_)?(block_16_project|expanded_conv(_\d+)?_project|block_1_expand)/,
  ),
  family('MobileNet', 'tf', /mobilenet([_-]?v1|[_-]\d|$)/, /^conv_dw_1$/, /^conv_pw_1$/),
  family(
    'EfficientNetV2',
    'tf',
    /efficientnet[_-]?v2/,
    /^block1a_project_conv$/,
    /^block2a_expand_conv$/,
    /^stem_conv$/,
  ),
  family('EfficientNet', 'torch', /efficientnet[_-]?(lite)?-?b?\d/, /^block1a_dwconv$/, /^stem_conv$/),
  family('ConvNeXt', 'torch', /convnext/, /stage_0_block_0_depthwise_conv$/),
  family('Inception-ResNet v2', 'tf', /inception[_-]?resnet[_-]?v2/, /^block35_1_mixed$/, /^conv_7b$/),
  family('Inception v3', 'tf', /inception[_-]?v[34]/, /^mixed0$/, /^mixed10$/),
  family('Xception', 'tf', /(^|[^a-z_])xception/, /^block1_conv1_act$/, /^block14_sepconv2$/),
  family('NASNet', 'tf', /nasnet/, /^stem_conv1$/, /^normal_conv_1_0$|^normal_add_1_0$|^normal_concat_1$/),
  family(
    'DenseNet',
    'torch',
    /densenet/,
    /^conv1[_/]conv$/,
    /^conv2_block1_1_conv$/,
    /^conv2_block1_concat$/,
  ),
  family('ResNeXt', 'torch', /resnext/, /^conv1_conv$/, /^conv2_block1_2_reduce$/),
  family('ResNetV2', 'tf', /resnet\d+[_-]?v2|resnet_v2_\d+/, /^conv1_conv$/, /^conv2_block1_preact_bn$/),
  family(
    'ResNet',
    'caffe',
    /resnet_?(v1_)?(50|101|152)($|[^\d])/,
    /^conv1_conv$/,
    /^conv1_bn$/,
    /^conv2_block1_1_conv$/,
  ),
  family('ResNet', 'caffe', /^resnet50$/, /^bn_conv1$/, /^res2a_branch2a$/),
  family('VGG19', 'caffe', /vgg_?19/, /^block1_conv1$/, /^block5_conv4$/),
  family('VGG16', 'caffe', /vgg_?16/, /^block1_conv1$/, /^block5_conv3$/),
]

function family(name: string, expects: Family['expects'], model: RegExp, ...layers: RegExp[]): Family {
  return { name, expects, model: new RegExp(model, 'i'), layers }
}

/** Returns null if nothing is recognised. `fileName` counts least, because people name files as they like. */
export function architectureOf(network: Network, fileName: string): Architecture | null {
  const parts = new Set<string>()
  const models = new Set(network.name === null ? [] : [network.name])
  for (const { name } of network.layers) {
    const path = name.replace(/@\d+$/, '').split('/')
    parts.add(path.at(-1)!)
    // Keras 1 and DenseNet have slashes in the names of their layers themselves.
    if (path.length > 1) parts.add(path.slice(-2).join('/'))
    for (const model of path.slice(0, -1)) models.add(model)
  }
  const by = (test: (one: Family) => boolean, how: Architecture['by']): Architecture | null => {
    const found = families.find(test)
    return found ? { name: found.name, expects: found.expects, by: how } : null
  }
  return (
    by(({ model }) => [...models].some((name) => model.test(name)), 'model') ??
    by(({ layers }) => layers.every((layer) => [...parts].some((name) => layer.test(name))), 'layers') ??
    by(({ model }) => model.test(fileName), 'file')
  )
}
