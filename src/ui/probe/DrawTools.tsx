/** @file The tools to draw over the picture: brush or eraser, colour, size, and a step back. */
import { Brush as BrushIcon, Eraser, Trash2, Undo2 } from 'lucide-react'
import { Label, Slider, SliderThumb, SliderTrack, ToggleButton } from 'react-aria-components'
import { IconButton } from '../common/IconButton.tsx'
import type { BrushSettings, Drawing } from './drawing.ts'

interface Props {
  settings: BrushSettings
  onChange: (settings: BrushSettings) => void
  drawing: Drawing
  /** The number of strokes. */
  strokes: number
}

/** Shares of the picture's longer side. */
const sizes = { least: 0.01, most: 0.3 }

export function DrawTools({ settings, onChange, drawing, strokes }: Props) {
  const { isEraser, color, size } = settings
  return (
    <div className="draw-tools" role="group" aria-label="Drawing tools">
      <ToggleButton
        className="button quiet"
        isSelected={!isEraser}
        onChange={() => onChange({ ...settings, isEraser: false })}
      >
        <BrushIcon size={16} aria-hidden /> Brush
      </ToggleButton>
      <ToggleButton
        className="button quiet"
        isSelected={isEraser}
        onChange={() => onChange({ ...settings, isEraser: true })}
      >
        <Eraser size={16} aria-hidden /> Eraser
      </ToggleButton>
      <label className="draw-color">
        Colour
        <input
          type="color"
          value={color}
          onChange={(event) => onChange({ ...settings, color: event.target.value, isEraser: false })}
        />
      </label>
      <Slider
        className="draw-size"
        minValue={sizes.least}
        maxValue={sizes.most}
        step={0.01}
        value={size}
        formatOptions={{ style: 'percent' }}
        onChange={(value) => onChange({ ...settings, size: value })}
      >
        <Label>Size</Label>
        <SliderTrack className="draw-track">
          <SliderThumb className="draw-thumb" />
        </SliderTrack>
      </Slider>
      <IconButton
        label="Undo"
        hint="Takes the latest stroke back: Ctrl+Z"
        isUnavailable={strokes === 0}
        onPress={() => drawing.undo()}
      >
        <Undo2 size={16} />
      </IconButton>
      <IconButton label="Clear the drawing" isUnavailable={strokes === 0} onPress={() => drawing.clear()}>
        <Trash2 size={16} />
      </IconButton>
    </div>
  )
}
