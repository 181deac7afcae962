/** @file Recognizes, reads and merges snapshots, `*.urpatch`. */
import { type Merge, mergedName, mergeOf, scansAmong } from '../../core/results/snapshot/mergeSnapshots.ts'
import { type ByteSource, SnapshotFile } from '../../core/results/snapshot/snapshotFile.ts'
import { snapshotEnding, snapshotMagic } from '../../core/results/snapshot/snapshotHead.ts'
import type { ReadSnapshot } from '../../core/results/snapshot/snapshotResult.ts'

const decoder = new TextDecoder('utf-8', { fatal: true })
const encoder = new TextEncoder()

function sourceOf(file: File): ByteSource {
  return {
    name: file.name,
    size: file.size,
    read: async (start, end) => new Uint8Array(await file.slice(start, end).arrayBuffer()),
    decode: (bytes) => decoder.decode(bytes),
  }
}

async function openedOf(files: readonly File[]): Promise<SnapshotFile[]> {
  const snapshots: SnapshotFile[] = []
  for (const file of files) snapshots.push(await SnapshotFile.open(sourceOf(file)))
  return snapshots
}

/** Whether it is one by its first bytes or, so that the user learns what is wrong with it, by its name. */
export async function isSnapshot(file: File): Promise<boolean> {
  if (file.name.toLowerCase().endsWith(snapshotEnding)) return true
  const start = new Uint8Array(await file.slice(0, snapshotMagic.length).arrayBuffer())
  return snapshotMagic.every((byte, i) => start[i] === byte)
}

/**
 * Several snapshots as one, how many of the chosen images are in none of them, and the layers whose losses they do not agree on. Throws `snapshot/…`, `results/truncated`,
 * `results/version` and `results/unreadable`.
 */
export async function mergeSnapshots(
  files: readonly File[],
): Promise<{ readonly file: File } & Pick<Merge, 'missing' | 'unlikeLosses'>> {
  const snapshots = await openedOf(files)
  const name = mergedName(files.map((file) => file.name))
  const merge = mergeOf(snapshots, { out: name, partial: true })
  const { missing, unlikeLosses } = merge
  if (files.length === 1) return { file: files[0]!, missing, unlikeLosses }
  const blobs: Blob[] = []
  let held: Uint8Array<ArrayBuffer>[] = []
  // The browser keeps blobs outside of the worker.
  const handOver = (): void => {
    blobs.push(new Blob(held))
    held = []
  }
  const start = await merge.write(
    (text) => encoder.encode(text),
    (bytes) => held.push(bytes),
    handOver,
  )
  handOver()
  return { file: new File([start, ...blobs], name), missing, unlikeLosses }
}

/** The files that are parts of one scan, for each of several scans of the same images. Throws the same. */
export async function sortSnapshots(files: readonly File[]): Promise<File[][]> {
  const snapshots = await openedOf(files)
  return scansAmong(snapshots).map((scan) => scan.map((one) => files[snapshots.indexOf(one)]!))
}

/** Throws the same. */
export async function readSnapshot(file: File): Promise<ReadSnapshot> {
  const snapshot = await SnapshotFile.open(sourceOf(file))
  const { facts, images, scans, layers } = snapshot
  const found: ReadSnapshot['found'][number][] = []
  for (const at of layers.keys()) found.push(await snapshot.layer(at))
  return { facts, images, scans, layers, found }
}
