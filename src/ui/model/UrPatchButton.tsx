/** @file The button that opens the page with the receptive field's trace. */
import { Layers2 } from 'lucide-react'
import { PageButton } from '../common/PageButton.tsx'

export function UrPatchButton({ text }: { text: string }) {
  return <PageButton page="trace" Icon={Layers2} text={text} hint="How the receptive field comes about" />
}
