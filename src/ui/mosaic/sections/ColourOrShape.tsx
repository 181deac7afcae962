/** @file The activations of the top patches without colour, without detail and with their blocks at other places. */
import { useEffect, useRef, useState } from 'react'
import { Button } from 'react-aria-components'
import type { ReadableResult } from '../../../core/scan/statistics/statistic.ts'
import { patchesOf } from '../../../state/mosaic/patches.ts'
import { type ColourOrShape as Found, colourOrShape } from '../../../state/scan/colourOrShape.ts'
import { isUnderWay } from '../../../state/scan/scanPhase.ts'
import { modelOf } from '../../../state/selectors/shown.ts'
import { useApp, useAppStore } from '../../useApp.ts'
import type { KnownChannel } from './section.ts'
import './colourOrShape.css'

/** What was measured stays as long as the results that it is about. */
const measured = new WeakMap<ReadableResult, Map<string, Found | null>>()

export default function ColourOrShape({ layer, channel, result }: KnownChannel) {
  const { getState, services } = useAppStore()
  const k = useApp((state) => state.k)
  const canRun = useApp((state) => modelOf(state) !== null && state.images !== null)
  const key = `${channel} ${k}`
  const [measuring, setMeasuring] = useState<string | null>(null)
  const running = useRef<AbortController | null>(null)
  useEffect(() => () => running.current?.abort(), [key, result])
  const isMeasuring = measuring === key
  const found = measured.get(result)?.get(key)

  const measure = async (): Promise<void> => {
    const { model, images, preprocessing, report } = getState()
    if (isMeasuring || !model || !images) return
    running.current = new AbortController()
    const { signal } = running.current
    const patches = patchesOf(model, layer, result, channel, k).filter(({ image }) => image >= 0)
    setMeasuring(key)
    try {
      const one = { model, images, preprocessing, layer, channel, patches }
      const means = await colourOrShape(services.pool, one, () => isUnderWay(getState().scan), signal)
      if (!measured.has(result)) measured.set(result, new Map())
      measured.get(result)!.set(key, means)
    } catch (error) {
      if (!signal.aborted) report(error)
    }
    setMeasuring((now) => (now === key ? null : now))
  }

  return (
    <>
      <p className="muted">
        The mean of activation ÷ original over the top patches, run again in grey, blurred by a sixteenth of
        their shorter side, and with their 4×4 blocks shuffled.
      </p>
      {found === undefined ? (
        canRun ? (
          <Button className="button" aria-disabled={isMeasuring} onPress={() => void measure()}>
            {isMeasuring ? 'The network runs…' : 'Measure'}
          </Button>
        ) : (
          <p className="muted">It is measured once the model and the images are open.</p>
        )
      ) : (
        <div role="status">
          {found === null ? 'No patch has an activation above 0.' : <Means found={found} />}
        </div>
      )}
    </>
  )
}

function Means({ found: { grey, blurred, shuffled } }: { found: Found }) {
  return (
    <dl className="colour-or-shape">
      <Mean name="In grey" value={grey} />
      <Mean name="Blurred" value={blurred} />
      <Mean name="Shuffled" value={shuffled} />
    </dl>
  )
}

function Mean({ name, value }: { name: string; value: number | null }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <span
          className="colour-or-shape-bar"
          style={{ width: `${60 * Math.min(1, Math.max(0, value ?? 0))}%` }}
        />
        {value === null ? 'too few pixels' : `${Math.round(100 * value)} %`}
      </dd>
    </div>
  )
}
