/** @file The sum that the unit of the chosen patch is, channel by channel, and its proof. */
import { ShieldCheck } from 'lucide-react'
import { Fragment, useEffect, useRef, useState } from 'react'
import { Button } from 'react-aria-components'
import type { Network } from '../../core/model/network.ts'
import { sumTolerance, type Term } from '../../core/reasons/contributions.ts'
import type { LinearPart } from '../../core/reasons/lineage.ts'
import { type Equation, equationOf } from '../../core/reasons/strongest.ts'
import { activationWord, layerWord } from '../../core/reasons/words.ts'
import { ownActivation } from '../../core/reasons/ways.ts'
import { inSentence } from '../../core/shownText.ts'
import type { UnitReasons, ValuesWithout } from '../../engine/reasons/unitReasons.ts'
import { withoutOf } from '../../state/reasons/circuits.ts'
import { formatActivation } from '../common/format.ts'
import { useApp, useAppStore } from '../useApp.ts'
import { shownSource } from './carriers.ts'
import { usePictureChannel } from './pictureChannels.ts'
import { useScanned } from './useScanned.ts'
import type { AboutPatch } from './useUnitReasons.ts'

/** How many terms are written out and proved. */
const mostTerms = 6

interface Props {
  about: AboutPatch
  part: LinearPart
  /** Undefined until they are known. */
  reasons: UnitReasons | null | undefined
}

export function UnitSum({ about, part, reasons }: Props) {
  const { network } = about.asking.model
  if (reasons === null)
    return <p className="muted circuits-note">The unit of this patch has the same value in every picture.</p>
  const equation = reasons && equationOf(reasons, mostTerms)
  return (
    <section className="unit-sum" aria-label="The sum on this patch" aria-busy={reasons === undefined}>
      <h4>
        <b>On this patch</b> {reasons && placeText(network, part, reasons, about)}
      </h4>
      {reasons && equation ? (
        <>
          <Written network={network} equation={equation} />
          <p className="muted circuits-note">{afterText(network, part, reasons)}</p>
          <Proof key={aboutKey(about)} about={about} reasons={reasons} />
        </>
      ) : (
        <p className="muted circuits-note">The network runs…</p>
      )}
    </section>
  )
}

function aboutKey({ asking: { layer, channel }, patch: { image, unit } }: AboutPatch): string {
  return [layer, channel, image, ...unit].join('/')
}

function Written({ network, equation }: { network: Network; equation: Equation }) {
  const follow = useApp((state) => state.followChannel)
  const isScanned = useScanned()
  const nameOf = usePictureChannel(network)
  const { value, terms, rest, others, bias, decimals } = equation
  const number = (one: number): string => Math.abs(one).toFixed(decimals)
  const sign = (one: number, isFirst = false): string => (one < 0 ? '− ' : isFirst ? '' : '+ ')
  return (
    <p className="unit-sum-equation">
      <b>
        {value < 0 ? '−' : ''}
        {number(value)}
      </b>{' '}
      ={' '}
      {terms.map((term, i) => {
        const name = nameOf(term)
        const shown = shownSource(network, term, isScanned)
        return (
          <Fragment key={`${term.layer}/${term.channel}`}>
            <span className="unit-sum-term">
              {sign(term.value, i === 0)}
              {number(term.value)} from{' '}
              {shown && name === null ? (
                <button
                  type="button"
                  className="unit-sum-channel"
                  title={`${inSentence(shown.layer)}, channel ${shown.channel}`}
                  onClick={() => follow(shown.layer, shown.channel)}
                >
                  channel {shown.channel}
                </button>
              ) : (
                (name ?? `channel ${term.channel}`)
              )}
            </span>{' '}
          </Fragment>
        )
      })}
      {others > 0 && (
        <span className="unit-sum-term">
          {sign(rest)}
          {number(rest)} from {others.toLocaleString('en')} {others === 1 ? 'other' : 'others'}{' '}
        </span>
      )}
      {bias !== 0 && (
        <span className="unit-sum-term">
          {sign(bias)}
          {number(bias)} bias
        </span>
      )}
    </p>
  )
}

/** Which unit it is, if it is one of another layer than the open one. */
function placeText(
  network: Network,
  { sum }: LinearPart,
  { unit, after }: UnitReasons,
  { asking, patch }: AboutPatch,
): string {
  const isActivated = after.some(({ layer }) => {
    const { op } = network.layers[layer]!
    return op?.kind === 'activation' || (op && ownActivation(op) !== null)
  })
  const when = isActivated ? 'before the activation' : ''
  if (sum.layer === asking.layer || String(unit) === String(patch.unit)) return when
  return `${when && `${when}: `}the unit at row ${unit[0]}, column ${unit[1]} of ${inSentence(network.layers[sum.layer]!.name)}`
}

/** What comes after the sum, with the values there, and how well the network agrees. */
function afterText(network: Network, { sum }: LinearPart, { value, computed, after }: UnitReasons): string {
  const steps = after.flatMap(({ layer, value: there }) => {
    const { op } = network.layers[layer]!
    const own = op && layer === sum.layer ? ownActivation(op) : null
    const word = own ? activationWord(own) : op && layerWord(op)
    return word ? [`${word} makes ${formatActivation(there)} of it`] : []
  })
  const first = steps.length > 0 ? `${steps.join('; ')}. ` : 'Nothing follows it. '
  const agrees = ` The network computes ${computed.toPrecision(7)}, this sum is ${value.toPrecision(7)}.`
  return first[0]!.toUpperCase() + first.slice(1).trimEnd() + agrees
}

function Proof({ about, reasons }: { about: AboutPatch; reasons: UnitReasons }) {
  const { getState } = useAppStore()
  const [values, setValues] = useState<ValuesWithout | 'running' | null>(null)
  const effect = useRef<AbortController | null>(null)
  useEffect(() => () => effect.current?.abort(), [])
  const terms = reasons.terms.toSorted((a, b) => Math.abs(b.value) - Math.abs(a.value)).slice(0, mostTerms)
  const prove = (): void => {
    if (values === 'running') return
    const own = new AbortController()
    effect.current = own
    setValues('running')
    withoutOf(about.asking, about.patch, terms).then(
      (found) => {
        if (!own.signal.aborted) setValues(found)
      },
      (error: unknown) => {
        if (own.signal.aborted) return
        setValues(null)
        getState().report(error)
      },
    )
  }
  return (
    <>
      <Button className="button" aria-disabled={values === 'running'} onPress={prove}>
        <ShieldCheck size={16} aria-hidden />
        Prove this sum
      </Button>
      <div role="status" className="unit-sum">
        {values === 'running' && <p className="muted">The network runs…</p>}
        {values !== null && values !== 'running' && (
          <Verdict network={about.asking.model.network} reasons={reasons} terms={terms} values={values} />
        )}
      </div>
    </>
  )
}

function Verdict({
  network,
  reasons,
  terms,
  values,
}: {
  network: Network
  reasons: UnitReasons
  terms: readonly Term[]
  values: ValuesWithout
}) {
  const isScanned = useScanned()
  const nameOf = usePictureChannel(network)
  const losses = values.without.map((without) => values.before - without)
  const worst = Math.max(...losses.map((loss, i) => Math.abs(loss - terms[i]!.value)))
  // A loss is the difference of two sums of floats.
  const isProved = worst <= sumTolerance(reasons, 2)
  return (
    <>
      <table className="unit-sum-proof">
        <thead>
          <tr>
            <th scope="col">Channel set to 0</th>
            <th scope="col">Value</th>
            <th scope="col">Falls by</th>
            <th scope="col">Its term</th>
          </tr>
        </thead>
        <tbody>
          {terms.map((term, i) => (
            <tr key={`${term.layer}/${term.channel}`}>
              <th scope="row">
                {nameOf(term) ?? shownSource(network, term, isScanned)?.channel ?? term.channel}
              </th>
              <td>{formatActivation(values.without[i]!)}</td>
              <td>{formatActivation(losses[i]!)}</td>
              <td>{formatActivation(term.value)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p data-same={isProved}>
        {isProved
          ? `Proved: run again without a channel, the sum falls by its term, to the accuracy of floats.`
          : `Not proved: run again without a channel, the sum falls by something else than its term.`}
      </p>
    </>
  )
}
