/**
 * @file A mosaic that is drawn patch by patch, and may be taken before the last one is there. Where nothing has been drawn
 * it is transparent, so that the page's own sign of waiting is seen.
 */

/** Nobody sees that patches come one after the other when they do so within this time. */
const draftMs = 150

type Context = OffscreenCanvasRenderingContext2D

export class MosaicDrawing {
  /** What has been drawn: patches, and those that have become sharper. */
  steps = 0
  readonly #context: Context
  #taken = false
  #onStep: () => void = () => undefined

  /** Pixels of its side. */
  constructor(extent: number) {
    this.#context = new OffscreenCanvas(extent, extent).getContext('2d')!
  }

  /** Nothing happens once it has been taken. */
  draw(paint: (context: Context) => void): void {
    if (this.#taken) return
    paint(this.#context)
    this.steps++
    this.#onStep()
  }

  /**
   * Whether it is whole: waits for `all`; where `have` is given, only until there is more than these steps, and time has
   * passed in which others may come.
   */
  async ready(all: Promise<unknown>, have: number | null): Promise<boolean> {
    const whole = all.then(() => true)
    if (have === null) return whole
    const draft = new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => {
        this.#onStep = () => {
          // A moment later, as the last patch makes it whole.
          if (this.steps > have) setTimeout(resolve, 0, false)
        }
        this.#onStep()
      }, draftMs)
      void whole.then(() => clearTimeout(timer))
    })
    return Promise.race([whole, draft])
  }

  take(): ImageBitmap {
    this.#taken = true
    return this.#context.canvas.transferToImageBitmap()
  }
}
