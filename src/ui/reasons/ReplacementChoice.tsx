/** @file What takes the place of the channel: its mean, or itself times a factor. */
import { Label, Radio, RadioGroup } from 'react-aria-components'
import type { ChannelMean } from '../../state/appState.ts'
import { formatActivation } from '../common/format.ts'

interface Props {
  isMean: boolean
  factor: number
  mean: ChannelMean | null
  onMean: () => void
  onFactor: (factor: number) => void
}

export function ReplacementChoice({ isMean, factor, mean, onMean, onFactor }: Props) {
  return (
    <div className="without-choice">
      <RadioGroup
        className="radio-group"
        value={isMean ? 'mean' : 'factor'}
        onChange={(value) => (value === 'mean' ? onMean() : onFactor(factor))}
      >
        <Label className="visually-hidden">In place of the channel</Label>
        <Radio value="mean">
          <span>
            its mean{' '}
            <span className="muted">
              {mean
                ? `${formatActivation(mean.mean)}, over all units of ${mean.images.toLocaleString('en')} images`
                : 'the network runs…'}
            </span>
          </span>
        </Radio>
        <Radio value="factor">
          <span>the channel × {factor.toFixed(1)}</span>
        </Radio>
      </RadioGroup>
      <input
        type="range"
        aria-label="Factor"
        min={0}
        max={3}
        step={0.1}
        value={factor}
        aria-valuetext={`× ${factor.toFixed(1)}`}
        onChange={(event) => onFactor(Number(event.target.value))}
      />
    </div>
  )
}
