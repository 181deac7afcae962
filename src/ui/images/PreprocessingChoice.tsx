/** @file How pictures become numbers; the default is the notebook's. */
import { Choice } from '../common/Choice.tsx'
import { useApp } from '../useApp.ts'

export function PreprocessingChoice() {
  const preprocessing = useApp((state) => state.preprocessing)
  const setPreprocessing = useApp((state) => state.setPreprocessing)
  const [height, width, channels] = useApp((state) => state.model!.network.inputShape)
  return (
    <section>
      <p>
        Each picture is stretched to {height}×{width}, {channels === 1 ? 'as grey' : 'as RGB without alpha'}.
        Changing this forgets the results.
      </p>
      <div className="row">
        <Choice
          label="Pixel range"
          showLabel
          value={preprocessing.scale}
          options={[
            { id: '0..1', text: '0…1' },
            { id: '-1..1', text: '−1…1' },
            { id: '0..255', text: '0…255' },
          ]}
          onChange={(scale) => setPreprocessing({ ...preprocessing, scale })}
        />
        <Choice
          label="Resize"
          showLabel
          value={preprocessing.resize}
          options={[
            { id: 'bilinear', text: 'Bilinear' },
            { id: 'nearest', text: 'Nearest' },
          ]}
          onChange={(resize) => setPreprocessing({ ...preprocessing, resize })}
        />
      </div>
    </section>
  )
}
