/** Reads the small files under tests/fixtures as a browser would get them. */
import type { ModelFile } from '../../src/engine/model/formats/modelFiles.ts'
import alphaPng from '../fixtures/images/green/alpha.png?url'
import brokenPng from '../fixtures/images/red/broken.png?url'
import convolutionsH5 from '../fixtures/convolutions.h5?url'
import functionalH5 from '../fixtures/functional.h5?url'
import grayPng from '../fixtures/images/blue/gray.png?url'
import keras2H5 from '../fixtures/keras2-style.h5?url'
import keras2WeightsH5 from '../fixtures/keras2-weights.h5?url'
import largePng from '../fixtures/images/red/large.png?url'
import palettePng from '../fixtures/images/blue/palette.png?url'
import plainPng from '../fixtures/images/red/00.png?url'
import sequentialH5 from '../fixtures/sequential.h5?url'
import smallPng from '../fixtures/images/green/small.png?url'
import unsupportedH5 from '../fixtures/unsupported.h5?url'
import weightsOnlyH5 from '../fixtures/weights-only.weights.h5?url'

const urls = {
  'convolutions.h5': convolutionsH5,
  'functional.h5': functionalH5,
  'keras2-style.h5': keras2H5,
  'keras2-weights.h5': keras2WeightsH5,
  'sequential.h5': sequentialH5,
  'unsupported.h5': unsupportedH5,
  'weights-only.weights.h5': weightsOnlyH5,
  'blue/gray.png': grayPng,
  'blue/palette.png': palettePng,
  'green/alpha.png': alphaPng,
  'green/small.png': smallPng,
  'red/00.png': plainPng,
  'red/broken.png': brokenPng,
  'red/large.png': largePng,
} as const

export type FixtureName = keyof typeof urls

export async function fixtureFile(name: FixtureName): Promise<File> {
  const response = await fetch(urls[name])
  return new File([await response.arrayBuffer()], name.split('/').at(-1)!)
}

const formats: Readonly<Record<string, string>> = import.meta.glob('../fixtures/formats/**/*', {
  query: '?url',
  import: 'default',
  eager: true,
})
const formatsFolder = '../fixtures/formats/'

/** The paths of the files under tests/fixtures/formats with this beginning. */
export function formatFiles(prefix: string): string[] {
  return Object.keys(formats)
    .map((path) => path.slice(formatsFolder.length))
    .filter((path) => path.startsWith(prefix))
}

export async function formatFile(path: string): Promise<ModelFile> {
  const response = await fetch(formats[formatsFolder + path]!)
  return { path, file: new File([await response.arrayBuffer()], path.split('/').at(-1)!) }
}

const torchFiles: Readonly<Record<string, string>> = import.meta.glob('../fixtures/torch/*', {
  query: '?url',
  import: 'default',
  eager: true,
})

/** A file of PyTorch (make_torch_files.py). */
export async function torchFile(name: string): Promise<Blob> {
  return (await fetch(torchFiles[`../fixtures/torch/${name}`]!)).blob()
}

/** The file as it is if it is dropped alone. */
export async function fixtureModel(name: FixtureName): Promise<ModelFile[]> {
  const file = await fixtureFile(name)
  return [{ path: file.name, file }]
}
