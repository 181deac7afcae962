/** @file The button that opens the page with the receptive field's trace. */
import { Layers2 } from 'lucide-react'
import { Button } from 'react-aria-components'
import { named } from '../common/named.ts'
import { useApp } from '../useApp.ts'

export function UrPatchButton({ text }: { text: string }) {
  const showPage = useApp((state) => state.showPage)
  return (
    <Button
      className="button quiet"
      {...named('How the receptive field comes about')}
      onPress={() => showPage('trace')}
    >
      <Layers2 size={16} aria-hidden />
      <span className="toolbar-word">{text}</span>
    </Button>
  )
}
