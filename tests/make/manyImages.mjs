/**
 * @file Makes a zip of any number of small pictures in a few seconds: PNGs of 24 × 22 pixels, all of them different, in
 * ten classes. For measurements; nothing is kept in the repository.
 */
import { closeSync, existsSync, openSync, renameSync, writeSync } from 'node:fs'
import { crc32, deflateSync } from 'node:zlib'

const [width, height] = [24, 22]

/** Writes the file, unless it is already there. @param {string} file @param {number} count */
export function writeManyImages(file, count) {
  if (existsSync(file)) return
  // The file is renamed at the end, so that it is never there in part.
  const unfinished = `${file}.unfinished`
  const output = openSync(unfinished, 'w')
  /** @type {Buffer[]} */
  const directory = []
  let offset = 0
  for (let i = 0; i < count; i++) {
    const name = Buffer.from(`class${i % 10}/${String(i).padStart(6, '0')}.png`)
    const content = picture(i)
    // The entry is of version 2.0, stored, and without a date.
    const facts = record(
      [2, 20],
      [8, 0],
      [4, crc32(content)],
      [4, content.length],
      [4, content.length],
      [2, name.length],
    )
    const local = Buffer.concat([record([4, 0x04034b50]), facts, record([2, 0])])
    const entry = Buffer.concat([
      record([4, 0x02014b50], [2, 20]),
      facts,
      record([8, 0], [4, 0], [4, offset]),
    ])
    directory.push(entry, name)
    writeSync(output, Buffer.concat([local, name, content]))
    offset += local.length + name.length + content.length
  }
  const central = Buffer.concat(directory)
  // More entries than 16 bits can count need the records of zip64.
  const end64 = record(
    [4, 0x06064b50],
    [8, 44],
    [2, 45],
    [2, 45],
    [8, 0],
    [8, count],
    [8, count],
    [8, central.length],
    [8, offset],
  )
  const locator = record([4, 0x07064b50], [4, 0], [8, offset + central.length], [4, 1])
  const end = record(
    [4, 0x06054b50],
    [4, 0],
    [2, 0xffff],
    [2, 0xffff],
    [4, central.length],
    [4, offset],
    [2, 0],
  )
  writeSync(output, Buffer.concat([central, end64, locator, end]))
  closeSync(output)
  renameSync(unfinished, file)
}

/** A PNG of blocks, in colours that no other one has. @param {number} seed */
function picture(seed) {
  // Each row begins with the number of its filter; 0 means none.
  const rows = Buffer.alloc(height * (1 + 3 * width))
  let state = seed * 2654435761 + 1
  const colours = Array.from({ length: 16 }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state
  })
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      rows.writeUIntBE((colours[(y >> 3) * 4 + (x >> 3)] ?? 0) >>> 8, y * (1 + 3 * width) + 1 + 3 * x, 3)
  const header = Buffer.from([0, 0, 0, width, 0, 0, 0, height, 8, 2, 0, 0, 0])
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows, { level: 1 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** @param {string} type @param {Buffer} body */
function chunk(type, body) {
  const typed = Buffer.concat([Buffer.from(type), body])
  const frame = Buffer.alloc(typed.length + 8)
  frame.writeUInt32BE(body.length)
  typed.copy(frame, 4)
  frame.writeUInt32BE(crc32(typed), typed.length + 4)
  return frame
}

/** Writes little-endian numbers, each with its count of bytes. @param {readonly [bytes: number, value: number][]} numbers */
function record(...numbers) {
  return Buffer.concat(
    numbers.map(([bytes, value]) => {
      const buffer = Buffer.alloc(bytes)
      if (bytes === 8) buffer.writeBigUInt64LE(BigInt(value))
      else buffer.writeUIntLE(value, 0, bytes)
      return buffer
    }),
  )
}
