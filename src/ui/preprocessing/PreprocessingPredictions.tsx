/** @file The network's answer to each image of a comparison. */
import { shownText } from '../../core/shownText.ts'
import type { Verdict } from '../../core/preprocessing/guess/trial.ts'
import type { Trial } from '../../state/preprocessing/trial.ts'

interface Props {
  trial: Trial
  verdict: Verdict
  /** The candidate's name. */
  label: string
}

export function PreprocessingPredictions({ trial, verdict, label }: Props) {
  const { chosen, images } = trial
  const classes = trial.comparison?.classes
  const { paths, classOf, classNames } = images.table
  return (
    <section className="input-answers" aria-label={`Answers with ${label}`}>
      <h4>Answers with {label}</h4>
      <ul>
        {chosen.map((image, i) => {
          const prediction = verdict.predictions[i]
          const wanted = classes?.outputOf[classOf[image]!] ?? -1
          const mark = !prediction || wanted < 0 ? '' : prediction.output === wanted ? '✓' : '✗'
          return (
            <li key={image} data-mark={mark || undefined}>
              <span className="input-answer-mark">
                <span aria-hidden>{mark}</span>
                {mark && <span className="visually-hidden">{mark === '✓' ? 'right:' : 'wrong:'}</span>}
              </span>
              <span className="input-path" title={shownText(paths[image]!)}>
                {classNames[classOf[image]!] ?? shownText(paths[image]!)}
              </span>
              <span className="input-answer">
                {prediction
                  ? `${classes?.names[prediction.output] ?? `class ${prediction.output}`}, ${Math.round(100 * prediction.probability)} %`
                  : verdict.report.outputs[i]
                    ? 'not finite'
                    : 'cannot be read'}
              </span>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
