/** @file Opens the trace of the receptive field. */
import { Layers2 } from 'lucide-react'
import { Button } from 'react-aria-components'
import { Named } from '../common/Named.tsx'
import { useApp } from '../useApp.ts'

export function UrPatchButton({ text }: { text: string }) {
  const showPage = useApp((state) => state.showPage)
  return (
    <Named label={text} hint="How the receptive field comes about">
      <Button className="button quiet" onPress={() => showPage('trace')}>
        <Layers2 size={16} aria-hidden />
        <span className="toolbar-word">{text}</span>
      </Button>
    </Named>
  )
}
