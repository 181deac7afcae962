/**
 * @file Draws a mosaic patch by patch; it may be taken before the last patch is there. It is transparent where nothing
 * has been drawn, so that the page's own sign of waiting can be seen.
 */

/** Within this time, in ms, patches that come one after the other seem to come at once. */
const draftMs = 150

type Context = OffscreenCanvasRenderingContext2D

export class MosaicDrawing {
  /** The number of patches that were drawn, those that were drawn again sharper included. */
  steps = 0
  readonly #context: Context
  #taken = false
  #onStep: () => void = () => undefined

  /** The side of the mosaic in pixels. */
  constructor(extent: number) {
    this.#context = new OffscreenCanvas(extent, extent).getContext('2d')!
  }

  /** Does nothing once the mosaic has been taken. */
  draw(paint: (context: Context) => void): void {
    if (this.#taken) return
    paint(this.#context)
    this.steps++
    this.#onStep()
  }

  /**
   * Whether the mosaic is complete. Waits for `all`; if `have` is given, only until there are more than that many steps
   * and some time has passed in which others may come.
   */
  async ready(all: Promise<unknown>, have: number | null): Promise<boolean> {
    const whole = all.then(() => true)
    if (have === null) return whole
    const draft = new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => {
        this.#onStep = () => {
          // Waits a moment, as the last patch may complete the mosaic.
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
