/** @file Proves a patch on demand: the unit's answer with everything outside of the box replaced by noise. */
import { ShieldCheck } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { Button } from 'react-aria-components'
import type { Patch } from '../../state/mosaic/patches.ts'
import type { Proof } from '../../state/appState.ts'
import { agrees, proofOf } from '../../state/selectors/proof.ts'
import { formatActivation } from '../common/format.ts'
import { UrPatchButton } from '../model/UrPatchButton.tsx'
import { useApp } from '../useApp.ts'

type Outcome = NonNullable<Proof['outcome']>

export function PatchProof({ patch }: { patch: Patch }) {
  const proof = useApp((state) => proofOf(state, patch))
  const provePatch = useApp((state) => state.provePatch)
  const [height, width] = useApp((state) => state.model!.network.inputShape)
  const [top, left, bottom, right] = patch.box
  const all = top <= 0 && left <= 0 && bottom >= height && right >= width
  // When it is pressed it must keep the focus, by which Esc and the arrow keys work.
  const unavailable = all || proof?.outcome === null
  return (
    <div className="proof">
      <div
        className="row"
        title="Prove replaces everything outside of the box by noise and runs the network again; Trace draws the way from the box to the unit"
      >
        <Button
          className="button"
          aria-disabled={unavailable}
          onPress={() => {
            if (!unavailable) void provePatch(patch)
          }}
        >
          <ShieldCheck size={16} aria-hidden />
          Prove this patch
        </Button>
        <UrPatchButton text="Trace" />
      </div>
      {all && (
        <p className="muted">
          The box is the whole image: there is nothing outside of it to replace.
          {patch.seat && ' The patch is cut at the seat of the unit.'}
        </p>
      )}
      <div role="status">
        {proof?.outcome === null && <p className="muted">The network runs twice…</p>}
        {proof?.outcome && <Verdict outcome={proof.outcome} />}
      </div>
    </div>
  )
}

function Verdict({ outcome }: { outcome: Outcome }) {
  const same = agrees(outcome)
  const context = useApp((state) => {
    const index = state.model!.network.layers.findIndex(({ name }) => name === state.layer)
    return state.model!.fields[index]?.globalContext ?? false
  })
  const result = useRef<HTMLDivElement>(null)
  useEffect(() => {
    // Nothing is returned, as new browsers answer with a promise, which React would call to clean up.
    result.current?.scrollIntoView({ block: 'nearest' })
  }, [outcome])
  return (
    <div ref={result} className="proof-result">
      <Noised noised={outcome.noised} />
      <dl className="facts">
        <dt>Image as it is</dt>
        <dd>{formatActivation(outcome.before)}</dd>
        <dt>Noise outside</dt>
        <dd>{formatActivation(outcome.after)}</dd>
        <dt>Difference</dt>
        <dd>{formatActivation(Math.abs(outcome.after - outcome.before))}</dd>
      </dl>
      <p data-same={same}>{verdict(same, context)}</p>
    </div>
  )
}

function verdict(same: boolean, context: boolean): string {
  if (same && context)
    return 'The activations agree here to the accuracy of floats, though this layer also depends on statistics of the whole image.'
  if (same) return 'Proved: the unit depends on nothing outside of the box, to the accuracy of floats.'
  if (context)
    return 'The activations differ, as they should here: this layer also depends on statistics of the whole image.'
  return 'Not proved: the activations differ, so the unit depends on something outside of the box.'
}

function Noised({ noised: { width, height, data } }: Pick<Outcome, 'noised'>) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    canvas.current!.getContext('2d')!.putImageData(new ImageData(data, width, height), 0, 0)
  }, [data, width, height])
  return (
    <canvas
      ref={canvas}
      className="proof-picture"
      role="img"
      aria-label="What the network saw: the patch in noise"
      width={width}
      height={height}
    />
  )
}
