/** Generated archives, in every dialect of tar and zip in which folders of images are packed. */
import { describe, expect, it } from 'vitest'
import { listDataset } from '../../../src/engine/archives/datasets.ts'
import type { ArchiveCursor } from '../../../src/engine/archives/archivePiece.ts'
import { listArchive } from '../../../src/engine/archives/listArchive.ts'
import { readHandle } from '../../../src/engine/images/readHandle.ts'
import { readIndex } from '../../../src/engine/files/readIndex.ts'
import { listFolder } from '../../../src/state/images/imageSet.ts'
import { archiveSource } from '../../../src/state/images/sources/archiveSource.ts'
import { tarEntry, tarOf, type TarOptions, zipOf } from '../../fixtures/archives.ts'

const lister = () => ({
  listArchive: (file: Blob, label: string, cursor: ArchiveCursor | null) => listArchive(file, label, cursor),
  listDataset,
})

async function contents(file: Blob): Promise<Record<string, string>> {
  const source = archiveSource(file, 'photos', lister)
  const found: Record<string, string> = {}
  for await (const paths of source.list(new AbortController().signal))
    for (const path of paths) {
      const handle = await source.open(path)
      found[path] = await (await readHandle(handle as Blob)).text()
    }
  return found
}

/** What a listing reports besides the files. */
async function leftOut(file: Blob): Promise<string[]> {
  const { leftOut: told } = await listFolder(
    archiveSource(file, 'photos', lister),
    new AbortController().signal,
    () => undefined,
  )
  return told.map(({ path, why }) => `${path}: ${why}`)
}

const failure = (file: Blob): Promise<unknown> => contents(file).catch((error: unknown) => error)

describe('a tar archive', () => {
  const long = `${'a'.repeat(90)}/${'b'.repeat(90)}/${'c'.repeat(80)}.png`

  it.each<[string, TarOptions]>([
    ['ustar', {}],
    ['of before POSIX', { magic: 'none' }],
    ['pax, with its name', { pax: { path: 'cat/ünï.png' } }],
    ['pax, with its size', { pax: { size: '5' }, size: 0 }],
    ['GNU, with a long name', { gnuName: long }],
    ['ustar, with a prefix', { prefix: 'animals' }],
    ['GNU, with a size in binary', { binarySize: true }],
  ])('%s is read', async (_, options) => {
    const file = tarOf([
      tarEntry('first.png', 'one'),
      tarEntry('cat/1.png', 'hello', options),
      tarEntry('z.png', 'last'),
    ])
    const path =
      options.gnuName ??
      options.pax?.['path'] ??
      (options.prefix ? `${options.prefix}/cat/1.png` : 'cat/1.png')
    expect(await contents(file)).toEqual({ 'first.png': 'one', [path]: 'hello', 'z.png': 'last' })
  })

  it('has no directories, and blanks at its end may be missing', async () => {
    const entries = [tarEntry('./photos/', '', { type: '5' }), tarEntry('./photos/a.png', 'a')]
    expect(await contents(new Blob(entries.flat()))).toEqual({ 'a.png': 'a' })
  })

  describe('with links', () => {
    it('has the file that a hard link stands for under both names, whatever size the link claims', async () => {
      const far = `${'d'.repeat(120)}/far.png`
      const file = tarOf([
        tarEntry('./cat/1.png', 'one'),
        tarEntry('./cat/2.png', '', { type: '1', target: './cat/1.png', size: 3 }),
        tarEntry('cat/3.png', '', { type: '1', pax: { linkpath: 'cat/1.png' } }),
        tarEntry('x', 'far', { gnuName: far }),
        tarEntry('cat/4.png', '', { type: '1', gnuTarget: far }),
      ])
      expect(await contents(file)).toEqual({
        'cat/1.png': 'one',
        'cat/2.png': 'one',
        'cat/3.png': 'one',
        'cat/4.png': 'far',
        [far]: 'far',
      })
      expect(await leftOut(file)).toEqual([])
    })

    it('follows symbolic ones within the archive, also to what comes later and through others', async () => {
      const file = tarOf([
        tarEntry('train/cat/1.png', '', { type: '2', target: '../../all/./1.png' }),
        tarEntry('all/1.png', 'one'),
        tarEntry('all/2.png', '', { type: '2', target: '1.png' }),
        tarEntry('all/3.png', '', { type: '2', target: '2.png' }),
      ])
      expect(await contents(file)).toEqual({
        'train/cat/1.png': 'one',
        'all/1.png': 'one',
        'all/2.png': 'one',
        'all/3.png': 'one',
      })
    })

    it('tells those that lead nowhere, and goes on', async () => {
      const file = tarOf([
        tarEntry('a.png', 'a'),
        tarEntry('out.png', '', { type: '2', target: '../../elsewhere.png' }),
        tarEntry('root.png', '', { type: '2', target: '/a.png' }),
        tarEntry('round.png', '', { type: '2', target: 'trip.png' }),
        tarEntry('trip.png', '', { type: '2', target: 'round.png' }),
        tarEntry('sub/b.png', 'b'),
        tarEntry('folder', '', { type: '2', target: 'sub' }),
        tarEntry('Makefile', '', { type: '2', target: 'nowhere' }),
      ])
      expect(await contents(file)).toEqual({ 'a.png': 'a', 'sub/b.png': 'b' })
      expect(await leftOut(file)).toEqual([
        'out.png: a link to ../../elsewhere.png, which is not in the archive',
        'root.png: a link to /a.png, which is not in the archive',
        'round.png: a link to trip.png, which is not in the archive',
        'trip.png: a link to round.png, which is not in the archive',
        'folder: a link to a folder',
      ])
    })

    it('has the later one of a link and a file of one name, as when it is unpacked', async () => {
      const file = tarOf([
        tarEntry('a.png', 'a'),
        tarEntry('b.png', '', { type: '1', target: 'a.png' }),
        tarEntry('b.png', 'b'),
      ])
      expect(await contents(file)).toEqual({ 'a.png': 'a', 'b.png': 'b' })
    })
  })

  it('tells sparse files and other things that are named as pictures, and goes on behind them', async () => {
    const file = tarOf([
      tarEntry('old.png', 'data', { type: 'S', mapBlocks: 3 }),
      tarEntry('GNUSparseFile.30525/new.png', 'map and data', {
        pax: {
          'GNU.sparse.major': '1',
          'GNU.sparse.name': 'cat/new.png',
          path: 'GNUSparseFile.30525/new.png',
        },
      }),
      tarEntry('device.png', '', { type: '3' }),
      tarEntry('pipe', '', { type: '6' }),
      tarEntry('z.png', 'last'),
    ])
    expect(await contents(file)).toEqual({ 'z.png': 'last' })
    expect(await leftOut(file)).toEqual([
      'old.png: a sparse file of tar',
      'cat/new.png: a sparse file of tar',
      'device.png: a device',
    ])
  })

  it('leaps over large files', async () => {
    const large = 'x'.repeat(5_000_000)
    const file = tarOf([tarEntry('a.png', large), tarEntry('b.png', large), tarEntry('c.png', 'c')])
    expect(Object.keys(await contents(file))).toEqual(['a.png', 'b.png', 'c.png'])
  })

  it('comes in pieces', async () => {
    const count = 9_000
    const file = tarOf(Array.from({ length: count }, (_, i) => tarEntry(`${i}.png`, String(i))))
    const source = archiveSource(file, 'many.tar', lister)
    const told: number[] = []
    const found: string[] = []
    for await (const paths of source.list(new AbortController().signal, (n) => told.push(n)))
      found.push(...paths)
    expect(found).toHaveLength(count)
    expect(told.length).toBeGreaterThan(1)
    expect(told.at(-1)).toBe(count)
    expect(await (await readHandle((await source.open('8999.png')) as Blob)).text()).toBe('8999')
  })

  it('that is cut off is told as such', async () => {
    const file = tarOf([tarEntry('a.png', 'x'.repeat(2000))])
    expect(await failure(file.slice(0, 1500))).toMatchObject({
      code: 'archive/damaged',
      message: expect.stringMatching(/^photos cannot be read \(it is cut off\)/) as unknown,
    })
  })

  it('that is something else is told as such', async () => {
    expect(await failure(new Blob(['x'.repeat(2000)]))).toMatchObject({ code: 'archive/damaged' })
    expect(await failure(new Blob([new Uint8Array([0x1f, 0x8b, 8, 0])]))).toMatchObject({
      code: 'archive/packed',
      message: expect.stringMatching(/gzip.*Unpack it and drop the folder, or use a \.zip/) as unknown,
    })
  })
})

describe('a zip archive', () => {
  it('whose entries lie on top of one another, so that it unpacks without end, is refused', async () => {
    const entries = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`${i}.png`, 'the same']))
    expect(await failure(await zipOf(entries, { deflate: true, overlap: true }))).toMatchObject({
      code: 'archive/damaged',
      message: 'photos cannot be read (its entries lie on top of one another). Copy or download it again.',
    })
  })

  it.each([
    ['stored', {}],
    ['deflated', { deflate: true }],
    ['of zip64', { zip64: true }],
    ['with a comment', { comment: 'made by hand' }],
  ])('%s is read', async (_, options) => {
    const file = await zipOf({ 'cat/1.png': 'hello hello hello', 'dog/': '', 'dog/2.png': 'dog' }, options)
    expect(await contents(file)).toEqual({ 'cat/1.png': 'hello hello hello', 'dog/2.png': 'dog' })
  })

  it('has names in UTF-8, with or without saying so, or of the IBM PC', async () => {
    expect(Object.keys(await contents(await zipOf({ 'Kühe.png': '1' }, { utf8: true })))).toEqual([
      'Kühe.png',
    ])
    expect(Object.keys(await contents(await zipOf({ 'Kühe.png': '1' })))).toEqual(['Kühe.png'])
    const ibm = await zipOf({ 'K?he.png': '1' }, { byteOf: { '?': 0x81 } })
    expect(Object.keys(await contents(ibm))).toEqual(['Kühe.png'])
  })

  it.each([
    [
      'after a program that unpacks it',
      (zip: Blob) => new Blob(['MZ, or #!/bin/sh', 'x'.repeat(70_000), zip]),
    ],
    ['after a tar header in its prefix', (zip: Blob) => new Blob(['\0'.repeat(600), zip])],
    ['with something behind it', (zip: Blob) => new Blob([zip, 'x'.repeat(300)])],
  ])('%s is read', async (_, around) => {
    for (const options of [{}, { zip64: true }, { deflate: true }]) {
      const zip = await zipOf({ 'cat/1.png': 'hello', 'dog/2.png': 'dog' }, options)
      expect(await contents(around(zip))).toEqual({ 'cat/1.png': 'hello', 'dog/2.png': 'dog' })
    }
  })

  it.each(['PK\x07\x08', 'PK00'])(
    'that was made for several parts and has one (%j) is read',
    async (mark) => {
      expect(await contents(await zipOf({ 'a.png': 'hello' }, { mark }))).toEqual({ 'a.png': 'hello' })
    },
  )

  it('that is the last of several parts says how to join them', async () => {
    const bytes = new Uint8Array(await (await zipOf({ 'a.png': 'hello' })).arrayBuffer())
    new DataView(bytes.buffer).setUint16(bytes.length - 22 + 4, 2, true)
    expect(await failure(new Blob([bytes]))).toMatchObject({
      code: 'archive/damaged',
      message: expect.stringMatching(/it is the last of several parts; join them/) as unknown,
    })
  })

  it.each([
    ['a signature', 'see PK\x05\x06 for more, and more than twenty-two letters of it'],
    ['a whole record of nothing', `PK\x05\x06${'\0'.repeat(18)}`],
    ['a whole record that is not at its end', `PK\x05\x06${'\0'.repeat(18)} and more`],
    ['a record of another place', `PK\x05\x06\0\0\0\0\x01\0\x01\0\x30\0\0\0\0\0\0\0\0\0`],
  ])('with %s in its comment is read', async (_, comment) => {
    expect(await contents(await zipOf({ 'a.png': 'hello' }, { comment }))).toEqual({ 'a.png': 'hello' })
  })

  it('has the names of the Unicode Path field, unless they are of other names', async () => {
    const { crc32 } = await import('../../../src/engine/archives/crc32.ts')
    expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926)
    const crc = crc32(new TextEncoder().encode('a/b.png'))
    const paths = { 'a/b.png': { name: '日本/猫.png', crc } }
    expect(
      Object.keys(await contents(await zipOf({ 'a/b.png': '1', 'c.png': '2' }, { unicodePaths: paths }))),
    ).toEqual(['日本/猫.png', 'c.png'])
    const renamed = { 'a/b.png': { name: '日本/猫.png', crc: crc + 1 } }
    expect(
      Object.keys(await contents(await zipOf({ 'a/b.png': '1', 'c.png': '2' }, { unicodePaths: renamed }))),
    ).toEqual(['a/b.png', 'c.png'])
  })

  it('takes a back-slash for a slash where Windows wrote it, and for a part of a letter of Shift-JIS', async () => {
    const windows = await zipOf({ 'cat\\1.png': '1', 'Kühe\\2.png': '2' })
    expect(Object.keys(await contents(windows))).toEqual(['cat/1.png', 'Kühe/2.png'])
    // The second byte of 表 is that of a backslash.
    const japanese = await zipOf({ 'x/?\\.png': '1', 'y.png': '2' }, { byteOf: { '?': 0x95 } })
    expect(Object.keys(await contents(japanese))).toEqual(['x/ò\\.png', 'y.png'])
    const alone = await zipOf({ '?\\.png': '1', 'y.png': '2' }, { byteOf: { '?': 0x95 } })
    expect(Object.keys(await contents(alone))).toEqual(['ò\\.png', 'y.png'])
  })

  it('whose names hold NUL and other control characters shows them, and has as many paths as files', async () => {
    const zip = await zipOf({ 'a\0b.png': '1', 'c\n\u007F.png': '2', 'd.png': '3' })
    expect(Object.keys(await contents(zip))).toEqual(['a␀b.png', 'c␊␡.png', 'd.png'])
  })

  it('protected with a password is refused', async () => {
    expect(await failure(await zipOf({ 'a.png': '1' }, { encrypted: true }))).toMatchObject({
      code: 'archive/encrypted',
    })
  })

  it('packed in another way is listed, and the picture says why it cannot be read', async () => {
    const file = await zipOf({ 'a.png': '1' }, { method: 9 })
    expect(await failure(file)).toMatchObject({
      code: 'images/unreadable',
      message: expect.stringMatching(/compress|method/) as unknown,
    })
  })

  it('that is cut off is told as such', async () => {
    expect(await failure((await zipOf({ 'a.png': 'x'.repeat(99) })).slice(0, 100))).toMatchObject({
      code: 'archive/damaged',
    })
  })
})

describe('an archive of a folder', () => {
  it('is the folder: the one directory that all lies in is left away', async () => {
    const file = await zipOf({
      'photos/cat/1.png': '1',
      'photos/index.tsv': '2',
      '__MACOSX/photos/._1.png': '',
    })
    expect(await contents(file)).toEqual({
      'cat/1.png': '1',
      'index.tsv': '2',
      '__MACOSX/photos/._1.png': '',
    })
  })

  it('keeps its directories where something lies beside', async () => {
    const file = await zipOf({ 'photos/1.png': '1', 'readme.txt': '2' })
    expect(await contents(file)).toEqual({ 'photos/1.png': '1', 'readme.txt': '2' })
  })
})

describe('a dataset', () => {
  it('of CIFAR-10 has classes by name and pictures by row', async () => {
    const batch = new Uint8Array(3073 * 2)
    batch[0] = 1
    batch[3073] = 0
    const [part] = await listDataset([
      { name: 'data_batch_1.bin', file: new Blob([batch]) },
      { name: 'batches.meta.txt', file: new Blob(['airplane\nfrog\n\n']) },
    ])
    expect(part).toMatchObject({
      offset: 1,
      stride: 3073,
      width: 32,
      height: 32,
      channels: 3,
      layout: 'planar',
    })
    expect(part!.paths.split('\0')).toEqual([
      'train/frog/data_batch_1.bin#00000',
      'train/airplane/data_batch_1.bin#00001',
    ])
  })

  it('of CIFAR-100 has its fine label second', async () => {
    const row = new Uint8Array(3074)
    row[0] = 7
    row[1] = 42
    const [part] = await listDataset([{ name: 'test.bin', file: new Blob([row]) }])
    expect(part).toMatchObject({ offset: 2, stride: 3074, paths: 'test/42/test.bin#00000' })
  })

  const idx = (magic: number, dims: number[], data: number[]): Uint8Array<ArrayBuffer> => {
    const head = new DataView(new ArrayBuffer(4 + 4 * dims.length))
    head.setUint32(0, magic)
    for (const [i, dim] of dims.entries()) head.setUint32(4 + 4 * i, dim)
    return new Uint8Array([...new Uint8Array(head.buffer), ...data])
  }
  const pictures = idx(
    0x803,
    [2, 2, 3],
    Array.from({ length: 12 }, (_, i) => i),
  )

  it('of MNIST pairs pictures with labels, also packed', async () => {
    const gzip = await new Response(
      new Blob([pictures]).stream().pipeThrough(new CompressionStream('gzip')),
    ).blob()
    const [part] = await listDataset([
      { name: 't10k-images-idx3-ubyte.gz', file: gzip },
      { name: 't10k-labels-idx1-ubyte', file: new Blob([idx(0x801, [2], [3, 7])]) },
    ])
    expect(part).toMatchObject({ offset: 16, stride: 6, width: 3, height: 2, channels: 1 })
    expect(part!.paths.split('\0')).toEqual([
      'test/3/t10k-images-idx3-ubyte#00000',
      'test/7/t10k-images-idx3-ubyte#00001',
    ])
    expect(part!.file.size).toBe(pictures.length)
  })

  it('without labels has no classes; one of another size is damaged', async () => {
    const [part] = await listDataset([{ name: 'train-images-idx3-ubyte', file: new Blob([pictures]) }])
    expect(part!.paths.split('\0')[1]).toBe('train/train-images-idx3-ubyte#00001')
    const cut = new Blob([pictures]).slice(0, 20)
    await expect(listDataset([{ name: 'train-images-idx3-ubyte', file: cut }])).rejects.toMatchObject({
      code: 'dataset/damaged',
    })
    await expect(listDataset([{ name: 'data_batch_1.bin', file: cut }])).rejects.toMatchObject({
      code: 'dataset/damaged',
    })
  })
})

describe('an index file', () => {
  const utf16 = (text: string, little: boolean): Blob => {
    const view = new DataView(new ArrayBuffer(2 * text.length))
    for (const [i, letter] of [...text].entries()) view.setUint16(2 * i, letter.charCodeAt(0), little)
    return new Blob([view.buffer])
  }

  it.each([
    ['semicolons', new Blob(['cat;1.png\r\ndog;2.png\r\n'])],
    ['pipes', new Blob(['cat|1.png\ndog|2.png'])],
    ['quotes', new Blob(['"cat","1.png"\n"dog","2.png"\n'])],
    ['a byte order mark', new Blob(['\uFEFFcat,1.png\ndog,2.png\n'])],
    ['UTF-16, little end first', utf16('\uFEFFcat\t1.png\r\ndog\t2.png\r\n', true)],
    ['UTF-16, big end first', utf16('\uFEFFcat\t1.png\ndog\t2.png\n', false)],
  ])('may have %s', async (_, file) => {
    expect(await readIndex(file)).toEqual([
      ['cat', '1.png'],
      ['dog', '2.png'],
    ])
  })

  it('may be in the letters of Windows', async () => {
    expect(await readIndex(new Blob([new Uint8Array([0x4b, 0xfc, 0x2c, 0x31])]))).toEqual([['Kü', '1']])
  })
})
