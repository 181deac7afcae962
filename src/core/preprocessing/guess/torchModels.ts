/**
 * @file Recognises networks of PyTorch's libraries by the paths of their modules, which their authors have chosen and
 * exporters keep, and knows what their published weights expect: torchvision's `transforms` of each weight, timm's
 * `pretrained_cfg`, fastai's `Resize` and `Normalize`, Ultralytics' `LetterBox` and `classify_transforms`.
 */
import type { Network } from '../../model/network.ts'
import type { Preset } from '../presets.ts'
import { answerLayer } from './prediction.ts'

/** The program that has exported a model, if its file tells. */
export type Maker = 'Teachable Machine' | 'PyTorch' | 'Ultralytics'

export interface TorchModel {
  /** The name as people write it, with its article. */
  readonly name: string
  /** The presets that its weights expect, the most usual first; of several none is likely. */
  readonly expects: readonly Preset['id'][]
}

interface Family extends TorchModel {
  /** Each must match the path of some module. */
  readonly modules: readonly RegExp[]
}

/** Vision transformers of one architecture are trained on any of these numbers. */
const transformers = ['timm-half', 'timm', 'clip']

/** The first one that fits is taken. */
const families: readonly Family[] = [
  family('a ResNet of fastai', ['fastai'], /^0\.4\.0\.conv1$/),
  family('a vision transformer of timm', transformers, /^patch_embed\.proj$/, /^blocks\.0\./),
  family('a ResNet of timm', ['timm'], /^layer1\.0\.act\d$/),
  family('a network of timm', ['timm'], /^conv_stem$/, /^blocks\.0\.0\b/),
  family('a network of timm', ['timm'], /^stages\.0\.(blocks\.)?0\b/, /^head\./),
  family('a ResNet of torchvision', ['torchvision'], /^layer1\.0\.conv1$/, /^layer4\.0\.conv1$/),
  family('a ResNet of torchvision', ['torchvision'], /^(model\.)?backbone\.layer1\.0\.conv1$/),
  family('a DenseNet', ['torchvision'], /^features\.denseblock1\.denselayer1\.conv1$/),
  family('a MobileNet of torchvision', ['torchvision'], /^features\.1\.(conv|block)\.0\.0$/),
  family('an EfficientNet of torchvision', ['torchvision'], /^features\.1\.0\.block\.0\.0$/),
  family('a ConvNeXt of torchvision', ['torchvision'], /^features\.1\.0\.block\.0$/),
  family('a SqueezeNet of torchvision', ['torchvision'], /^features\.3\.squeeze$/),
  family('an AlexNet or VGG of torchvision', ['torchvision'], /^features\.0$/, /^classifier\.6$/),
  family('a RegNet of torchvision', ['torchvision'], /^trunk_output\.block1\.block1-0\./),
  family('an Inception v3', ['torchvision'], /^Mixed_5b\.branch1x1\b/),
  family('a GoogLeNet', ['torchvision'], /^inception3a\.branch1\b/),
  family('a ShuffleNet of torchvision', ['torchvision'], /^stage2\.0\.branch1\.0$/),
  family('an MNASNet of torchvision', ['torchvision'], /^layers\.8\.0\.layers\.0$/),
  family('a Swin transformer of torchvision', ['torchvision'], /^features\.1\.0\.attn\b/),
  family('a vision transformer of torchvision', ['torchvision'], /^encoder\.layers\.encoder_layer_0\b/),
]

function family(name: string, expects: Family['expects'], ...modules: RegExp[]): Family {
  return { name, expects, modules }
}

const yolo = [/^model\.0\.conv\b/, /^model\.1\.conv\b/, /^model\.2\.(cv1|conv)\b/]

/** Returns null if nothing is recognised. */
export function torchModelOf(network: Network, madeBy: Maker | null): TorchModel | null {
  const has = (modules: readonly RegExp[]): boolean =>
    modules.every((module) => network.layers.some(({ name }) => module.test(name)))
  if (madeBy === 'Ultralytics' || has(yolo))
    return {
      name: 'a YOLO of Ultralytics',
      // Only classifiers end in a vector.
      expects: [answerLayer(network) === null ? 'ultralytics' : 'ultralytics-classify'],
    }
  return families.find(({ modules }) => has(modules)) ?? null
}
