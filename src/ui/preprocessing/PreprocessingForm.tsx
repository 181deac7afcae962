/** @file The form with every preprocessing setting, made from the table of settings. Presets set several at once. */
import { Fragment } from 'react'
import type { Preprocessing } from '../../core/preprocessing/preprocessing.ts'
import { notebookPreprocessing, sameSettings } from '../../core/preprocessing/preprocessing.ts'
import { presets } from '../../core/preprocessing/presets.ts'
import { preprocessingSettings, type Setting } from '../../core/preprocessing/settings.ts'
import { Choice } from '../common/Choice.tsx'
import { PreprocessingNumbers } from './PreprocessingNumbers.tsx'

interface Props {
  draft: Preprocessing
  /** The number of the network's input channels. */
  channels: number
  onChange: (draft: Preprocessing) => void
}

const own = { id: 'own', text: 'Own settings' }

export function PreprocessingForm({ draft, channels, onChange }: Props) {
  const fitting = presets.filter(({ settings }) => fits(settings, channels))
  const preset = fitting.find(({ settings }) =>
    // The EXIF orientation is ignored here, because it depends on the pictures, not on the model.
    sameSettings({ ...notebookPreprocessing, ...settings }, { ...draft, orientation: 'ignore' }),
  )
  const options = fitting.map(({ id, label }) => ({ id, text: label }))
  const shown = (Object.entries(preprocessingSettings) as [keyof Preprocessing, Setting][]).filter(([name]) =>
    isOfUse(name, draft, channels),
  )
  return (
    <div className="input-form" role="group" aria-label="Preprocessing settings">
      <Choice
        label="Preset"
        showLabel
        value={preset?.id ?? own.id}
        options={preset ? options : [own, ...options]}
        onChange={(id) => {
          const chosen = fitting.find((one) => one.id === id)
          const { orientation } = draft
          if (chosen) onChange({ ...notebookPreprocessing, ...chosen.settings, orientation })
        }}
      />
      <p className="muted input-hint">{preset?.hint ?? 'A combination of your own.'}</p>
      {shown.map(([name, setting]) => (
        <Fragment key={name}>
          {setting.kind === 'choice' ? (
            <Choice
              label={setting.label}
              showLabel
              value={draft[name] as string}
              options={setting.choices.map(({ value, label }) => ({ id: value, text: label }))}
              onChange={(value) => onChange({ ...draft, [name]: value })}
            />
          ) : (
            <PreprocessingNumbers
              name={name}
              setting={setting}
              draft={draft}
              channels={channels}
              onChange={onChange}
            />
          )}
          <p className="muted input-hint">{setting.hint}</p>
        </Fragment>
      ))}
    </div>
  )
}

/** Presets with one number for each of three channels, or with an order of them, only fit networks with three. */
function fits({ mean, std, channels: order }: Partial<Preprocessing>, channels: number): boolean {
  return channels === 3 || (Math.max(mean?.length ?? 0, std?.length ?? 0) <= 1 && order === undefined)
}

/** Leaves out settings that would change nothing, or that have only one value. */
function isOfUse(name: keyof Preprocessing, draft: Preprocessing, channels: number): boolean {
  const setting = preprocessingSettings[name]
  if (setting.kind === 'choice' && setting.choices.length < 2) return false
  if (name === 'cropFraction') return draft.fit === 'resize-crop'
  if (name === 'channels') return channels !== 1
  if (name === 'grey') return channels === 1 || draft.channels === 'grey'
  return true
}
