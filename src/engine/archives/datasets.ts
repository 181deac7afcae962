/**
 * @file Datasets of many pictures in one file: the binary version of CIFAR-10 and CIFAR-100 (Krizhevsky), and the idx
 * files of MNIST, Fashion-MNIST and EMNIST (LeCun). A picture's path is its split, its class, its file and its row:
 * `train/frog/data_batch_1.bin#00042`.
 */
import { appError } from '../../core/errors.ts'
import { baseName, withoutControls } from '../../core/paths.ts'

export interface DatasetFile {
  readonly name: string
  readonly file: Blob
}

/** The pictures of one file, which follow each other at equal distances. */
export interface DatasetPart {
  /** The path of each picture, joined by NUL. */
  readonly paths: string
  /** The file itself, unpacked. */
  readonly file: Blob
  /** The offset of the first picture and the distance from one to the next, in bytes. */
  readonly offset: number
  readonly stride: number
  readonly width: number
  readonly height: number
  readonly channels: 1 | 3
  readonly layout: 'planar' | 'interleaved'
}

const cifarPixels = 32 * 32 * 3
const cifarFile = /^((data|test)_batch(_\d+)?|train|test)\.bin$/
const idxImages = /images[-.]idx3-ubyte(\.gz)?$/

/** Leaves out files that hold no pictures. Throws `dataset/damaged`. */
export async function listDataset(files: readonly DatasetFile[]): Promise<DatasetPart[]> {
  const parts: DatasetPart[] = []
  for (const { name, file } of files) {
    const base = baseName(name)
    if (cifarFile.test(base)) parts.push(await cifarPart(base, file, files))
    else if (idxImages.test(base)) parts.push(await idxPart(name, file, files))
  }
  return parts
}

async function cifarPart(name: string, file: Blob, files: readonly DatasetFile[]): Promise<DatasetPart> {
  // CIFAR-100 has one byte more: the coarse label comes before the fine one.
  const fine = /^(train|test)\.bin$/.test(name)
  const labelBytes = fine ? 2 : 1
  const stride = labelBytes + cifarPixels
  if (file.size === 0 || file.size % stride !== 0)
    throw appError('dataset/damaged', { file: name, reason: `its size is no multiple of ${stride} bytes` })
  const names = await linesOf(files, fine ? 'fine_label_names.txt' : 'batches.meta.txt')
  const bytes = new Uint8Array(await file.arrayBuffer())
  const labels = Uint8Array.from(
    { length: file.size / stride },
    (_, row) => bytes[row * stride + labelBytes - 1]!,
  )
  return {
    paths: pathsOf(name, /test/.test(name) ? 'test' : 'train', labels, names, labels.length),
    file,
    offset: labelBytes,
    stride,
    width: 32,
    height: 32,
    channels: 3,
    layout: 'planar',
  }
}

async function idxPart(path: string, packed: Blob, files: readonly DatasetFile[]): Promise<DatasetPart> {
  const name = baseName(path)
  const damaged = (reason: string): Error => appError('dataset/damaged', { file: name, reason })
  const file = await unpacked(packed, name)
  const head = new DataView(await file.slice(0, 16).arrayBuffer())
  if (head.byteLength < 16 || head.getUint32(0) !== 0x803)
    throw damaged('it does not begin as an idx file of pictures')
  const [count, height, width] = [head.getUint32(4), head.getUint32(8), head.getUint32(12)]
  if (file.size !== 16 + count * height * width) throw damaged('its size is not what its first bytes say')
  const labels = await idxLabels(name, files, count)
  return {
    paths: pathsOf(
      name.replace(/\.gz$/, ''),
      /(^|-)(t10k|test)-/.test(name) ? 'test' : 'train',
      labels,
      [],
      count,
    ),
    file,
    offset: 16,
    stride: height * width,
    width,
    height,
    channels: 1,
    layout: 'interleaved',
  }
}

/** Is null if there is no file of labels beside the pictures. */
async function idxLabels(
  images: string,
  files: readonly DatasetFile[],
  count: number,
): Promise<Uint8Array | null> {
  const stem = (name: string): string => baseName(name).replace(/\.gz$/, '')
  const wanted = stem(images).replace('images', 'labels').replace('idx3', 'idx1')
  const found = files.find(({ name }) => stem(name) === wanted)
  if (!found) return null
  const bytes = new Uint8Array(await (await unpacked(found.file, found.name)).arrayBuffer())
  if (bytes.length !== 8 + count)
    throw appError('dataset/damaged', {
      file: baseName(found.name),
      reason: `it holds ${Math.max(0, bytes.length - 8)} labels for ${count} pictures`,
    })
  return bytes.subarray(8)
}

async function unpacked(file: Blob, name: string): Promise<Blob> {
  if (!name.endsWith('.gz')) return file
  try {
    return await new Response(file.stream().pipeThrough(new DecompressionStream('gzip'))).blob()
  } catch {
    throw appError('dataset/damaged', { file: baseName(name), reason: 'it cannot be unpacked' })
  }
}

async function linesOf(files: readonly DatasetFile[], name: string): Promise<string[]> {
  const text = await files.find((file) => baseName(file.name) === name)?.file.text()
  return (text ?? '').split(/\r?\n/).filter((line) => line !== '')
}

/** Classes without a name are called by their number, with as many digits as the largest. */
function pathsOf(
  file: string,
  split: string,
  labels: Uint8Array | null,
  names: readonly string[],
  count: number,
): string {
  const digits = String(labels?.reduce((most, label) => Math.max(most, label), 0) ?? 0).length
  const folders = names.map(withoutControls)
  return Array.from({ length: count }, (_, row) => {
    const label = labels?.[row]
    const directory = label === undefined ? '' : `${folders[label] ?? String(label).padStart(digits, '0')}/`
    return `${split}/${directory}${file}#${String(row).padStart(5, '0')}`
  }).join('\0')
}
