/**
 * @file The page "What the network sees": an image before and after preprocessing, its numbers, the settings, and a
 * comparison that tells which settings are right.
 */
import { Button } from 'react-aria-components'
import { sameSettings } from '../../core/preprocessing/preprocessing.ts'
import { inputViewOf } from '../../state/selectors/inputView.ts'
import { ModalHead } from '../common/ModalHead.tsx'
import { ModalPage } from '../common/ModalPage.tsx'
import { useApp } from '../useApp.ts'
import { PreprocessingFigures } from './PreprocessingFigures.tsx'
import { PreprocessingForm } from './PreprocessingForm.tsx'
import { PreprocessingImage } from './PreprocessingImage.tsx'
import { PreprocessingStatistics } from './PreprocessingStatistics.tsx'
import { PreprocessingTrial } from './PreprocessingTrial.tsx'
import { useInputInspection, useInputSample } from './useInputInspection.ts'
import './preprocessing.css'

export default function PreprocessingPage() {
  const close = useApp((state) => state.closeInputView)
  return (
    <ModalPage onClose={close} className="input-modal" dialogClassName="input-page">
      <Contents />
    </ModalPage>
  )
}

function Contents() {
  const { image, draft } = useApp(inputViewOf)!
  const changeInputView = useApp((state) => state.changeInputView)
  const channels = useApp((state) => state.model!.network.inputShape[2])
  const inspection = useInputInspection(image, draft)
  const sample = useInputSample(draft)
  const count = sample.value?.images
  return (
    <>
      <ModalHead title="What the network sees" />
      <section className="input-body" aria-label="What the network sees">
        <div className="input-seen">
          <PreprocessingImage image={image} onChange={(next) => changeInputView({ image: next })} />
          <PreprocessingFigures
            inspection={inspection.value}
            problem={inspection.problem}
            preprocessing={draft}
          />
          <div className="input-tables">
            <PreprocessingStatistics
              title="This image"
              statistics={inspection.value?.statistics ?? null}
              channels={channels}
              preprocessing={draft}
            />
            <PreprocessingStatistics
              title={count === undefined ? 'A sample of all classes' : `${count} images of all classes`}
              statistics={sample.value}
              channels={channels}
              preprocessing={draft}
            />
          </div>
          {sample.problem !== null && (
            <p className="input-problem" role="alert">
              The sample cannot be read: {sample.problem}
            </p>
          )}
          <PreprocessingTrial />
        </div>
        <div className="input-settings">
          <Guesses />
          <PreprocessingForm
            draft={draft}
            channels={channels}
            onChange={(next) => changeInputView({ draft: next })}
          />
        </div>
      </section>
      <Foot />
    </>
  )
}

const words = { sure: 'The file says so', likely: 'Likely', possible: 'Possible' } as const

/** What the model's file tells about the preprocessing that it expects. */
function Guesses() {
  const model = useApp((state) => state.model)!
  const { guesses } = model
  return (
    <div className="input-guesses">
      <h3>What the model says</h3>
      {guesses.length === 0 && <p className="muted">Nothing in the file tells which numbers it expects.</p>}
      <ul>
        {guesses.map(({ id, label, confidence, reason }) => (
          <li key={id}>
            <b>{label}</b> <span className="muted">{words[confidence]}:</span> {reason}.
          </li>
        ))}
      </ul>
    </div>
  )
}

function Foot() {
  const { draft } = useApp(inputViewOf)!
  const current = useApp((state) => state.preprocessing)
  const hasResults = useApp((state) => state.results.size > 0)
  const apply = useApp((state) => state.applyDraft)
  const changed = !sameSettings(draft, current)
  return (
    <div className="input-foot">
      <p className="muted">
        {!changed
          ? 'These settings are in use.'
          : hasResults
            ? 'Using other settings puts the results so far aside.'
            : 'The next scan uses them.'}
      </p>
      <Button slot="close" className="button">
        Cancel
      </Button>
      <Button className="button primary" isDisabled={!changed} onPress={apply}>
        Use these settings
      </Button>
    </div>
  )
}
