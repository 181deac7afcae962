/**
 * @file How many layers a network may have. Some bytes of a file can stand for any number of them, as models may hold models
 * that are called several times, so layers are counted before they are made.
 */

/** The largest networks of images have some thousand. */
export const mostLayers = 10_000

/** The network has more layers than can be worked with. `layers` may be a number without any meaning but its size. */
export class TooManyLayers extends Error {
  readonly layers: number

  constructor(layers: number) {
    super(`it has ${layers} layers`)
    this.layers = layers
  }
}

/** Throws `TooManyLayers`. */
export function refuseTooMany(layers: number): void {
  if (layers > mostLayers) throw new TooManyLayers(layers)
}
