/** @file Says in a sentence what the comparison of the backend with WASM has found. */
import { type SelfTest, shownError } from '../../state/model/selfTest.ts'

export function SelfTestNote({ test }: { test: SelfTest }) {
  return (
    <p className="muted" role="status">
      {noteOf(test)}
    </p>
  )
}

function noteOf(test: SelfTest): string {
  switch (test.status) {
    case 'running':
      return 'One image is being compared with what WASM makes of it …'
    case 'passed':
      return test.error === 0
        ? 'Of one image all layers made exactly what they make on WASM.'
        : `Of one image all layers made what they make on WASM (they differ ${shownError(test.error)} at most).`
    case 'differs':
      return `From layer "${test.layer}" on other numbers come out than on WASM (they differ ${shownError(test.error)}). Choose WASM for exact results.`
    case 'skipped':
      return `It was not compared with WASM: ${test.reason}.`
    case 'failed':
      return `It could not be compared with WASM (${test.reason}).`
  }
}
