/** @file Says in a sentence what the comparison with TensorFlow.js' own kernels has found. */
import { type Computing, moreExactThan, referenceKernels } from '../../core/backendNames.ts'
import { type SelfTest, shownError } from '../../state/model/selfTest.ts'

export function SelfTestNote({ test, backend }: { test: SelfTest; backend: Computing }) {
  return (
    <p className="muted" role="status">
      {noteOf(test, backend)}
    </p>
  )
}

function noteOf(test: SelfTest, backend: Computing): string {
  switch (test.status) {
    case 'waiting':
      return `When nothing else runs, one image is compared with what ${referenceKernels} make of it.`
    case 'running':
      return `One image is being compared with what ${referenceKernels} make of it …`
    case 'passed':
      return test.error === 0
        ? `Checked with one image against ${referenceKernels}: all layers are exactly the same.`
        : `Checked with one image against ${referenceKernels}: layers differ ${shownError(test.error)} at most.`
    case 'differs':
      return `From layer "${test.layer}" on${test.isFolded ? ', if layers before it are folded into one another,' : ''} other numbers come out than by ${referenceKernels} (they differ ${shownError(test.error)}). Choose ${moreExactThan(backend)} for exact results.`
    case 'skipped':
      return `It was not compared with ${referenceKernels}: ${test.reason}.`
    case 'failed':
      return `It could not be compared with ${referenceKernels} (${test.reason}).`
  }
}
