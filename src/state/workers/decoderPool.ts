/**
 * @file Workers that decode pictures, so that the thread of an engine on a graphics card only uploads, launches and reads
 * back. There are none on WASM: passes keep all cores busy, and decoding in the engine costs nothing more.
 */
import type { MapShape } from '../../core/model/network.ts'
import type { Preprocessing } from '../../core/preprocessing/preprocessing.ts'
import type { Decoder } from '../../engine/decoder.ts'
import type { BatchItem, DecodedBatch } from '../../engine/images/decodeBatch.ts'
import type { WorkerHandle } from './workers.ts'

/** One core is left to the engine and the page; cards and disks seldom keep more than four decoders busy. */
const mostDecoders = 4
const leastDecoders = 2

interface Seat {
  readonly handle: WorkerHandle<Decoder>
  /** The number of batches that it is decoding. */
  load: number
}

export class DecoderPool {
  readonly #spawn: () => WorkerHandle<Decoder>
  readonly #most: number
  readonly #users = new Set<object>()
  #seats: Seat[] = []

  constructor(spawn: () => WorkerHandle<Decoder>, cores: number) {
    this.#spawn = spawn
    this.#most = Math.max(leastDecoders, Math.min(mostDecoders, cores - 1))
  }

  /**
   * Decodes a batch as `Decoder.decode` does, one row for each item. If a decoder dies, it is replaced and the batch is
   * decoded again; a second death is the batch's own fault and rejects with `worker/died`. Decoders are kept until each
   * `user` has released them.
   */
  async decode(
    user: object,
    items: readonly BatchItem[],
    inputShape: MapShape,
    preprocessing: Preprocessing,
  ): Promise<DecodedBatch> {
    this.#users.add(user)
    for (let deaths = 0; ;) {
      const seat = this.#idlest()
      seat.load++
      try {
        return await seat.handle.remote.decode(items, inputShape, preprocessing)
      } catch (error) {
        if (seat.handle.isAlive() || ++deaths === 2 || !this.#users.has(user)) throw error
      } finally {
        seat.load--
      }
    }
  }

  /** When no user is left, the decoders end. */
  release(user: object): void {
    this.#users.delete(user)
    if (this.#users.size > 0) return
    const seats = this.#seats
    this.#seats = []
    for (const { handle } of seats) handle.terminate()
  }

  /** The decoder with the fewest batches; a new one if all are busy and there may be more. */
  #idlest(): Seat {
    this.#seats = this.#seats.filter(({ handle }) => handle.isAlive())
    let idlest = this.#seats[0]
    for (const seat of this.#seats) if (seat.load < idlest!.load) idlest = seat
    if (idlest && (idlest.load === 0 || this.#seats.length === this.#most)) return idlest
    const seat = { handle: this.#spawn(), load: 0 }
    this.#seats.push(seat)
    return seat
  }
}
