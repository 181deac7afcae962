/** @file Opens the drawing of the ur-patch. */
import { Layers2 } from 'lucide-react'
import { lazy, Suspense } from 'react'
import { Button, DialogTrigger } from 'react-aria-components'

/** Seldom opened: it comes when it is asked for. */
const UrPatch = lazy(() => import('./UrPatch.tsx'))

export function UrPatchButton({ text }: { text: string }) {
  return (
    <DialogTrigger>
      <Button className="button quiet">
        <Layers2 size={16} aria-hidden />
        {text}
      </Button>
      <Suspense>
        <UrPatch />
      </Suspense>
    </DialogTrigger>
  )
}
