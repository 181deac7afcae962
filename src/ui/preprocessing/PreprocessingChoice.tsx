/** @file Says in one sentence how pictures become numbers, with a button to the page that shows and changes this. */
import { ScanEye } from 'lucide-react'
import { Button } from 'react-aria-components'
import { rangeLabel } from '../../core/preprocessing/guess/guess.ts'
import type { Preprocessing } from '../../core/preprocessing/preprocessing.ts'
import { useApp } from '../useApp.ts'

const fits: Readonly<Record<Preprocessing['fit'], string>> = {
  stretch: 'is stretched to',
  crop: 'is cut to the shape of and resized to',
  'fastai-crop': 'is cut to the shape of and resized to',
  'resize-crop': 'is resized and cut to',
  pad: 'is fitted into',
  letterbox: 'is fitted, on grey, into',
}

export function PreprocessingChoice() {
  const preprocessing = useApp((state) => state.preprocessing)
  const openInputView = useApp((state) => state.openInputView)
  const [height, width] = useApp((state) => state.model!.network.inputShape)
  return (
    <section>
      <p>
        Each picture {fits[preprocessing.fit]} {height}×{width}. Its pixels become {rangeLabel(preprocessing)}
        .
      </p>
      <Button slot="close" className="button" onPress={() => openInputView()}>
        <ScanEye size={16} aria-hidden /> What the network sees
      </Button>
    </section>
  )
}
