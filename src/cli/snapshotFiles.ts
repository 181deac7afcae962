/** @file Snapshots on disk: read in parts, and checked against the options of a scan that is to go on from one. */
import { closeSync, fstatSync, fsyncSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs'
import { appError } from '../core/errors.ts'
import { parseSample, parseShard, sameGroups } from '../core/images/selection.ts'
import { sameSettings } from '../core/preprocessing/preprocessing.ts'
import { withSettings } from '../core/preprocessing/withSettings.ts'
import { SnapshotFile } from '../core/results/snapshot/snapshotFile.ts'
import { systemReasonOf } from './outFile.mjs'
import type { ScanOptions } from './scanOptions.ts'

const decoder = new TextDecoder('utf-8', { fatal: true })

/** Throws `results/unreadable`, and what `SnapshotFile.open` throws. The file stays open until the process ends. */
export async function openSnapshot(file: string): Promise<SnapshotFile> {
  let descriptor: number
  try {
    descriptor = openSync(file, 'r')
  } catch (error) {
    throw appError('results/unreadable', { file, reason: systemReasonOf(error) })
  }
  return SnapshotFile.open({
    name: file,
    size: fstatSync(descriptor).size,
    read: (start, end) => Promise.resolve(readPart(descriptor, start, end)),
    decode: (bytes) => decoder.decode(bytes),
  })
}

/** Node reads up to 2 GB at a time. */
function readPart(descriptor: number, start: number, end: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(end - start)
  for (let at = 0; at < bytes.length;) {
    const read = readSync(descriptor, bytes, at, Math.min(bytes.length - at, 2 ** 30), start + at)
    if (read === 0) throw new Error('it has become shorter')
    at += read
  }
  return bytes
}

/** Writes a file so that it is there wholly, or not at all: under another name first. `write` gets what appends to it. */
export async function writeWhole(
  out: string,
  write: (append: (bytes: Uint8Array, at?: number) => void) => Promise<void>,
): Promise<void> {
  const part = `${out}.part`
  const descriptor = openSync(part, 'w')
  try {
    try {
      await write((bytes, at) => {
        for (let done = 0; done < bytes.length;)
          done += writeSync(descriptor, bytes, done, bytes.length - done, at === undefined ? null : at + done)
      })
      fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
    renameSync(part, out)
  } catch (error) {
    rmSync(part, { force: true })
    throw error
  }
}

/** Throws a sentence if a scan with these options cannot go on from the snapshot. Whether model and images fit, the page sees. */
export async function checkResumed({ resumed, configuration, layers }: ScanOptions): Promise<void> {
  if (resumed === null) return
  const { facts, scans, layers: stored } = await openSnapshot(resumed)
  const { k, classes, splits, sample, shard } = configuration
  const names = stored.map(({ name }) => name)
  const asked = layers === 'all' ? names : layers
  const isOther =
    scans.some((scan) => JSON.stringify(scan.sample) !== JSON.stringify(parseSample(sample))) ||
    !sameGroups(facts.selection, { classes, splits }) ||
    String(facts.selection.shard ?? '') !== String(shard ? parseShard(shard) : '')
  const what = !sameSettings(facts.preprocessing, withSettings(configuration.settings))
    ? 'another preprocessing'
    : facts.k !== k
      ? `k=${facts.k} and not ${k}`
      : isOther
        ? 'another choice of images (classes, splits, sample or shard)'
        : names.some((name) => !asked.includes(name))
          ? `other layers (${names.join(', ')})`
          : null
  if (what !== null)
    throw new Error(
      `The scan cannot go on from ${resumed}, which was made with ${what}. Give the same options, or leave --resume out to begin anew.`,
    )
}
