/** @file Compares several ways of preprocessing by what the network makes of the same few images. */
import { useState } from 'react'
import { Button } from 'react-aria-components'
import { sameSettings } from '../../core/preprocessing/preprocessing.ts'
import { percent, share, type Verdict } from '../../core/preprocessing/guess/trial.ts'
import { isScanning, trialOf } from '../../state/selectors/inputView.ts'
import { trialImages } from '../../state/preprocessing/samples.ts'
import type { Candidate, Trial } from '../../state/preprocessing/trial.ts'
import { useApp } from '../useApp.ts'
import { PreprocessingPredictions } from './PreprocessingPredictions.tsx'

export function PreprocessingTrial() {
  const trial = useApp(trialOf)
  const scanning = useApp(isScanning)
  const compareCandidates = useApp((state) => state.compareCandidates)
  const running = trial !== null && trial.comparison === null
  return (
    <section className="input-trial" aria-label="Comparison">
      <div className="row input-trial-head">
        <h3>Which one is right?</h3>
        <Button
          className="button"
          // The button is not disabled, so that it keeps the focus: without any focus Esc would not close the page.
          aria-disabled={scanning || running}
          onPress={() => {
            if (!scanning && !running) void compareCandidates()
          }}
        >
          {running
            ? `Trying ${Math.min(trial.reports.length + 1, trial.candidates.length)} of ${trial.candidates.length}…`
            : `Compare on ${trialImages} images`}
        </Button>
        <p className="muted">
          {scanning
            ? 'The network is scanning. Pause or stop the scan to compare.'
            : 'Runs the whole network on a few images of all classes, prepared in every usual way.'}
        </p>
      </div>
      <div aria-live="polite">{trial?.comparison && <Outcome trial={trial} />}</div>
    </section>
  )
}

function Outcome({ trial }: { trial: Trial }) {
  const { best, reason, verdicts, classes } = trial.comparison!
  const [shown, setShown] = useState<number | null>(null)
  const order = verdicts.map((_, i) => i)
  if (best !== null) order.sort((a, b) => verdicts[a]!.cost - verdicts[b]!.cost)
  const answers = verdicts.some(({ predictions }) => predictions.some((one) => one !== null))
  const open = shown ?? order[0]!
  return (
    <>
      <p>
        {best === null ? (
          reason
        ) : (
          <>
            <b>{trial.candidates[best]!.label}</b> fits best. {reason}
          </>
        )}
        {classes && ` Right and wrong: ${classes.assumption}.`}
      </p>
      <div className="table-scroll">
        <table className="input-candidates" aria-label="Candidates">
          <thead>
            <tr>
              <th scope="col">Preprocessing</th>
              <th scope="col" title="Images whose class the network names">
                Right
              </th>
              <th scope="col" title="Probability of its answers, on average">
                Sure
              </th>
              <th
                scope="col"
                title="How far the numbers inside the network are from those of its training: 0 off (in standard deviations) and 1× as wide would be the same"
              >
                As in training
              </th>
              <th scope="col" title="Channels that are the same everywhere">
                Dead
              </th>
              <th scope="col" title="Activations at the end of their range, where more makes no difference">
                Saturated
              </th>
              <th scope="col">
                <span className="visually-hidden">Use</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {order.map((i) => (
              <CandidateRow
                key={trial.candidates[i]!.label}
                candidate={trial.candidates[i]!}
                verdict={verdicts[i]!}
                isBest={i === best}
                isShown={i === open}
                onShow={answers ? () => setShown(i) : null}
              />
            ))}
          </tbody>
        </table>
      </div>
      {answers && (
        <PreprocessingPredictions
          trial={trial}
          verdict={verdicts[open]!}
          label={trial.candidates[open]!.label}
        />
      )}
    </>
  )
}

interface RowProps {
  candidate: Candidate
  verdict: Verdict
  isBest: boolean
  isShown: boolean
  onShow: (() => void) | null
}

function CandidateRow({ candidate, verdict, isBest, isShown, onShow }: RowProps) {
  const changeInputView = useApp((state) => state.changeInputView)
  const draft = useApp((state) => state.inputView?.draft)
  const { report, right, predictions } = verdict
  const { label, preprocessing } = candidate
  const chosen = draft !== undefined && sameSettings(draft, preprocessing)
  const sure = predictions.flatMap((one) => (one ? [one.probability] : []))
  return (
    <tr data-best={isBest || undefined}>
      <th scope="row">
        {label}
        {isBest && <span className="badge">best</span>}
      </th>
      <td>{right ? `${right.count} of ${right.of}` : '–'}</td>
      <td>
        {report.notFinite
          ? 'NaN'
          : sure.length > 0
            ? `${Math.round((100 * sure.reduce((sum, p) => sum + p, 0)) / sure.length)} %`
            : '–'}
      </td>
      <td>{statisticsText(verdict)}</td>
      <td data-alarming={share(report.dead) > 0.5 || undefined}>
        {report.dead.of > 0 ? percent(report.dead) : '–'}
      </td>
      <td data-alarming={share(report.saturated) > 0.5 || undefined}>
        {report.saturated.of > 0 ? percent(report.saturated) : '–'}
      </td>
      <td className="input-candidate-actions">
        {onShow && (
          <Button
            className="button quiet"
            aria-label={`Show the answers with ${label}`}
            aria-pressed={isShown}
            onPress={onShow}
          >
            Answers
          </Button>
        )}
        <Button
          className="button quiet"
          aria-label={chosen ? `Is set: ${label}` : `Set ${label}`}
          aria-disabled={chosen}
          onPress={() => {
            if (!chosen) changeInputView({ draft: preprocessing })
          }}
        >
          {chosen ? 'Is set' : 'Set'}
        </Button>
      </td>
    </tr>
  )
}

/** Writes how the statistics compare, as `0.1 off, 1.02× as wide`. */
function statisticsText({ report: { statistics } }: Verdict): string {
  if (!statistics) return '–'
  const { shift, deviationRatio } = statistics
  return `${rounded(shift)} off, ${rounded(deviationRatio)}× as wide`
}

/** Two digits are enough to tell the candidates apart. */
function rounded(value: number): string {
  if (value >= 100) return Math.round(value).toLocaleString('en')
  return value < 0.05 ? '0' : String(Number(value.toPrecision(2)))
}
