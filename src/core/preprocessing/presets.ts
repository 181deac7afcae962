/** @file The usual ways of preprocessing that many networks share, by the names that the field gives them. */
import type { Preprocessing } from './preprocessing.ts'

/** The statistics of ImageNet's pixels, 0…1, that networks of PyTorch get as a rule. */
const imageNet = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] } as const

export interface Preset {
  /** The name in settings, as in `--set preset=torch`. */
  readonly id: string
  readonly label: string
  /** One line: what it does, and which models want it. */
  readonly hint: string
  /** The code that defines it. */
  readonly source: string
  /** The settings that differ from the notebook's. */
  readonly settings: Partial<Preprocessing>
}

export const presets: readonly Preset[] = [
  {
    id: 'notebook',
    label: 'Divided by 255',
    hint: 'Stretched with tf.image.resize, 0…1: the exercise, and most small Keras models.',
    source: 'tf.image.resize(image, size) / 255',
    settings: {},
  },
  {
    id: 'raw',
    label: 'Bytes as they are',
    hint: '0…255, for models that have a Rescaling or Normalization layer inside (EfficientNet, ConvNeXt, MobileNetV3).',
    source: 'keras.utils.image_dataset_from_directory',
    settings: { scale: '0..255' },
  },
  {
    id: 'tf',
    label: 'Keras “tf” mode',
    hint: '−1…1: MobileNet, MobileNetV2, Inception, Xception, NASNet, ResNetV2 of keras.applications.',
    source: 'keras.applications.imagenet_utils.preprocess_input(mode="tf")',
    settings: { scale: '-1..1' },
  },
  {
    id: 'torch',
    label: 'Keras “torch” mode',
    hint: '0…1, less the mean of ImageNet and divided by its standard deviation: DenseNet, and models converted from PyTorch.',
    source: 'keras.applications.imagenet_utils.preprocess_input(mode="torch")',
    settings: imageNet,
  },
  {
    id: 'caffe',
    label: 'Keras “caffe” mode',
    hint: 'Blue, green, red, 0…255 less the mean of ImageNet: VGG16, VGG19 and ResNet of keras.applications.',
    source: 'keras.applications.imagenet_utils.preprocess_input(mode="caffe")',
    settings: { scale: '0..255', channels: 'bgr', mean: [103.939, 116.779, 123.68] },
  },
  {
    id: 'torchvision',
    label: 'torchvision',
    hint: 'The shorter side to 256 of 224, the centre of it, ImageNet’s mean and deviation: most weights of torchvision.',
    source: 'torchvision.transforms._presets.ImageClassification',
    settings: { resize: 'pillow-bilinear', fit: 'resize-crop', cropFraction: 0.875, ...imageNet },
  },
  {
    id: 'torchvision-v2',
    label: 'torchvision, V2 weights',
    hint: 'The shorter side to 232 of 224, otherwise as torchvision: its weights IMAGENET1K_V2.',
    source: 'torchvision.transforms._presets.ImageClassification(crop_size=224, resize_size=232)',
    settings: { resize: 'pillow-bilinear', fit: 'resize-crop', cropFraction: 0.9655, ...imageNet },
  },
  {
    id: 'timm',
    label: 'timm',
    hint: 'Bicubic, the centre, ImageNet’s mean and deviation: most weights of timm. The crop fraction is the weights’ crop_pct.',
    source: 'timm.data.create_transform(224, interpolation="bicubic", crop_pct=0.875)',
    settings: { resize: 'pillow-bicubic', fit: 'resize-crop', cropFraction: 0.875, ...imageNet },
  },
  {
    id: 'timm-half',
    label: 'timm, mean 0.5',
    hint: 'Bicubic, the centre, −1…1: vision transformers (augreg), Inception and networks from TensorFlow in timm.',
    source:
      'timm.data.create_transform(224, mean=IMAGENET_INCEPTION_MEAN, std=IMAGENET_INCEPTION_STD, crop_pct=0.9)',
    settings: {
      resize: 'pillow-bicubic',
      fit: 'resize-crop',
      cropFraction: 0.9,
      mean: [0.5, 0.5, 0.5],
      std: [0.5, 0.5, 0.5],
    },
  },
  {
    id: 'clip',
    label: 'CLIP',
    hint: 'Bicubic, the centre of all, CLIP’s own mean and deviation: image encoders of CLIP, and what was trained from them.',
    source: 'timm.data.create_transform(224, mean=OPENAI_CLIP_MEAN, std=OPENAI_CLIP_STD, crop_pct=1.0)',
    settings: {
      resize: 'pillow-bicubic',
      fit: 'resize-crop',
      cropFraction: 1,
      mean: [0.48145466, 0.4578275, 0.40821073],
      std: [0.26862954, 0.26130258, 0.27577711],
    },
  },
  {
    id: 'fastai',
    label: 'fastai',
    hint: 'The centre in the input’s shape, resized, ImageNet’s mean and deviation: vision_learner of fastai with Resize.',
    source: 'fastai.vision.augment.Resize(224), Normalize.from_stats(*imagenet_stats)',
    settings: { resize: 'pillow-bilinear', fit: 'fastai-crop', ...imageNet },
  },
  {
    id: 'ultralytics',
    label: 'Ultralytics',
    hint: 'The whole picture, padded with grey, 0…1: YOLO for detection, segmentation and poses.',
    source: 'ultralytics.data.augment.LetterBox(640), image / 255',
    settings: { fit: 'letterbox' },
  },
  {
    id: 'ultralytics-classify',
    label: 'Ultralytics classify',
    hint: 'The shorter side to the input’s size, the centre of it, 0…1: YOLO for classification.',
    source: 'ultralytics.data.augment.classify_transforms(224)',
    settings: { resize: 'pillow-bilinear', fit: 'resize-crop', cropFraction: 1 },
  },
  {
    id: 'teachable-machine',
    label: 'Teachable Machine',
    hint: 'The centre square, −1…1, as in the code that Teachable Machine hands out.',
    source: 'ImageOps.fit(image, (224, 224), Image.Resampling.LANCZOS); image / 127.5 - 1',
    settings: { resize: 'pillow-lanczos', fit: 'crop', scale: '-1..1' },
  },
  {
    id: 'inverted',
    label: 'Inverted',
    hint: '1…0: for networks trained on white digits on black (MNIST), when your pictures are black on white.',
    source: '1 - image / 255',
    settings: { mean: [1], std: [-1] },
  },
]
