/**
 * @file What a snapshot, `*.urpatch`, says in its JSON; `docs/snapshot.md` describes the file, `docs/snapshot.schema.json` the
 * JSON.
 */
import type { BackendChoice } from '../../backendNames.ts'
import type { IndexSettings } from '../../images/imageTable.ts'
import type { Sample, Shard } from '../../images/selection.ts'
import type { MapShape, Pair, Shape } from '../../model/network.ts'
import type { NotesFile } from '../../notes/notesFile.ts'
import type { Preprocessing } from '../../preprocessing/preprocessing.ts'
import type { LayerLosses } from '../../reasons/lossRanking.ts'

export const snapshotFormat = 'urpatch-snapshot'
/** The newest version that is read. */
export const snapshotVersion = 1
export const snapshotEnding = '.urpatch'

/** The file's first bytes. As in PNG, they tell a file that a transfer has treated as text, or cut to seven bits. */
export const snapshotMagic: readonly number[] = [0x89, 0x55, 0x52, 0x50, 0x0d, 0x0a, 0x1a, 0x0a]

/** Magic, version, and where the JSON lies; arrays begin behind it. */
export const preambleBytes = 32

/** What a snapshot is of, without its images and layers. */
export interface SnapshotFacts {
  readonly model: {
    readonly name: string
    readonly sha256: string
    readonly inputShape: MapShape
    /** The rows and columns that were chosen for a model that leaves them open. */
    readonly inputSize: Pair | null
  }
  readonly images: {
    readonly name: string
    /** The number of images in the set, scanned or not. */
    readonly count: number
    /** The digest of all paths with classes, splits and order (`digestTable`): image numbers mean the same where it is equal. */
    readonly digest: string
    /** The digest of all paths and sizes, as in the results file. */
    readonly fingerprint: string
    readonly index: IndexSettings | null
    readonly classNames: readonly string[]
  }
  readonly preprocessing: Preprocessing
  /** How many patches of a channel are shown; each layer says how many are kept. */
  readonly k: number
  /** How it was computed: another backend gives other last digits. */
  readonly backend: Exclude<BackendChoice, 'auto'>
  readonly selection: {
    readonly classes: readonly string[] | null
    readonly splits: readonly string[] | null
    readonly shard: Shard | null
  }
  readonly notes: NotesFile | null
}

/** Layers that were scanned together have seen the same images. */
export interface StoredScan {
  readonly sample: Sample
  /** How many images the choice has, in all shards together. */
  readonly chosen: number
  /** The numbers of those that have been through, or were skipped, ascending. */
  readonly images: Uint32Array
}

/** An image's number is the rank of its path in the whole set. Only those that have been through are in the file. */
export interface StoredImages {
  /** Ascending. */
  readonly numbers: Uint32Array
  /** In step with the numbers, as are the classes. */
  readonly paths: readonly string[]
  /** Positions in the class names; -1 for none. */
  readonly classes: Int32Array
  readonly skipped: ReadonlyMap<number, string>
}

/**
 * Where units look, along the axes: first pixel and the one behind the last for each row and each column of units, of boxes and of
 * seats. Seats are null if a layer has none; a unit without one has `[0, 0)`.
 */
export interface StoredPlaces {
  readonly rows: Int32Array
  readonly columns: Int32Array
  readonly seatRows: Int32Array | null
  readonly seatColumns: Int32Array | null
}

export interface StoredLayerFacts {
  readonly name: string
  readonly shape: Shape
  readonly globalContext: boolean
  /** The number of patches that are kept of each channel, highest and lowest. */
  readonly kept: number
  /** Which of the scans it belongs to. */
  readonly scan: number
  readonly places: StoredPlaces
  /** What the network loses without each channel, if that was asked for. */
  readonly losses?: LayerLosses
}

/** How many images a scan was to go through, in its shard. */
export function toScan({ chosen }: Pick<StoredScan, 'chosen'>, shard: Shard | null): number {
  if (!shard) return chosen
  const [part, of] = shard
  return part > chosen ? 0 : Math.floor((chosen - part) / of) + 1
}
