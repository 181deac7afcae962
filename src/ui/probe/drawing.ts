/** @file A picture on a canvas, and what the user draws over it: strokes of a brush, or of an eraser that leaves the picture. */
import type { Brush } from './ProbedPicture.tsx'

export interface BrushSettings {
  readonly isEraser: boolean
  /** A CSS colour. */
  readonly color: string
  /** The diameter, as a share of the picture's longer side. */
  readonly size: number
}

export interface Stroke {
  readonly isEraser: boolean
  readonly color: string
  /** In pixels of the picture. */
  readonly size: number
  /** x and y by turns, in pixels of the picture. */
  readonly points: number[]
}

export class Drawing {
  readonly #listeners = new Set<() => void>()
  #canvas: HTMLCanvasElement | null = null
  #base: OffscreenCanvas | null = null
  #over: OffscreenCanvas | null = null
  #strokes: readonly Stroke[] = []
  #frame = 0

  /** Draws on this canvas from now on; null: on none. */
  readonly attach = (canvas: HTMLCanvasElement | null): void => {
    this.#canvas = canvas
    if (canvas === null) cancelAnimationFrame(this.#frame)
  }

  /** Calls back whenever strokes have changed on the canvas. Returns a function that ends it. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  readonly strokeCount = (): number => this.#strokes.length

  /** Shows another picture, without strokes. It stays the caller's. */
  show(picture: CanvasImageSource, width: number, height: number): void {
    const canvas = this.#canvas
    if (!canvas) return
    if (!this.#base || this.#base.width !== width || this.#base.height !== height) {
      this.#base = new OffscreenCanvas(width, height)
      this.#over = new OffscreenCanvas(width, height)
    }
    // Setting its size empties it and costs a frame, so a camera's pictures keep it.
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width
      canvas.height = height
    }
    this.#base.getContext('2d')!.drawImage(picture, 0, 0, width, height)
    this.forgetStrokes()
    this.#paint()
  }

  /** Another picture is on its way. */
  forgetStrokes(): void {
    cancelAnimationFrame(this.#frame)
    if (this.#strokes.length === 0) return
    this.#strokes = []
    for (const listener of this.#listeners) listener()
  }

  /** The picture with what is drawn over it, opaque. Throws if no picture is shown. */
  pixels(): ImageData {
    const { width, height } = this.#canvas!
    return contextOf(this.#canvas!).getImageData(0, 0, width, height)
  }

  brush({ isEraser, color, size }: BrushSettings): Brush {
    const onCanvas = (at: { x: number; y: number }): [number, number] => {
      const { width, height } = this.#canvas!
      return [at.x * width, at.y * height]
    }
    return {
      onDown: (at) => {
        const { width, height } = this.#canvas!
        const pixels = Math.max(1, size * Math.max(width, height))
        this.#change([...this.#strokes, { isEraser, color, size: pixels, points: onCanvas(at) }])
      },
      onMove: (at) => {
        this.#strokes.at(-1)?.points.push(...onCanvas(at))
        this.#change(this.#strokes)
      },
    }
  }

  undo(): void {
    this.#change(this.#strokes.slice(0, -1))
  }

  clear(): void {
    this.#change([])
  }

  /** However many points come in a frame, it is painted once. */
  #change(strokes: readonly Stroke[]): void {
    this.#strokes = strokes
    cancelAnimationFrame(this.#frame)
    this.#frame = requestAnimationFrame(() => {
      this.#paint()
      for (const listener of this.#listeners) listener()
    })
  }

  #paint(): void {
    if (!this.#canvas || !this.#base || !this.#over) return
    const context = contextOf(this.#canvas)
    context.drawImage(this.#base, 0, 0)
    if (this.#strokes.length === 0) return
    drawStrokes(this.#over.getContext('2d')!, this.#strokes)
    context.drawImage(this.#over, 0, 0)
  }
}

function contextOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  return canvas.getContext('2d', { willReadFrequently: true })!
}

/** Draws the strokes into an emptied layer of the picture's size. */
function drawStrokes(context: OffscreenCanvasRenderingContext2D, strokes: readonly Stroke[]): void {
  context.clearRect(0, 0, context.canvas.width, context.canvas.height)
  context.lineCap = 'round'
  context.lineJoin = 'round'
  for (const { isEraser, color, size, points } of strokes) {
    context.globalCompositeOperation = isEraser ? 'destination-out' : 'source-over'
    context.strokeStyle = color
    context.lineWidth = size
    context.beginPath()
    context.moveTo(points[0]!, points[1]!)
    // A line to where it begins draws a dot.
    for (let i = 0; i < points.length; i += 2) context.lineTo(points[i]!, points[i + 1]!)
    context.stroke()
  }
  context.globalCompositeOperation = 'source-over'
}
