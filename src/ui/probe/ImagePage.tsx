/** @file The page of an image of the set: which channels fire there, and what the network answers. */
import { PencilLine } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { Button } from 'react-aria-components'
import { messageOf } from '../../core/errors.ts'
import { shownImage } from '../../state/selectors/probing.ts'
import { ModalHead } from '../common/ModalHead.tsx'
import { ModalPage } from '../common/ModalPage.tsx'
import { untilCleanup } from '../common/untilCleanup.ts'
import { PreprocessingImage } from '../preprocessing/PreprocessingImage.tsx'
import { useApp, useAppStore } from '../useApp.ts'
import { PictureDetails } from './PictureDetails.tsx'
import { useProbe } from './useProbe.ts'
import { useImageKeys } from './useImageKeys.ts'
import { Name } from '../common/Name.tsx'
import './probe.css'

export default function ImagePage() {
  const showPage = useApp((state) => state.showPage)
  const path = useApp((state) => state.image)
  const image = useApp(shownImage)
  const name = useApp((state) => state.images!.name)
  return (
    <ModalPage onClose={() => showPage(null)} className="probe-modal" dialogClassName="probe-page">
      {image === null ? (
        <>
          <ModalHead title="No such image" />
          <p className="probe-missing">
            There is no image <Name>{path ?? ''}</Name> in <Name>{name}</Name>. It may have been moved, or the
            link is about other images.
          </p>
        </>
      ) : (
        <Contents image={image} />
      )}
    </ModalPage>
  )
}

/** The longer side of the picture that is drawn, in device pixels. */
const mostSide = 1024

function Contents({ image }: { image: number }) {
  const { services } = useAppStore()
  const images = useApp((state) => state.images)!
  const orientation = useApp((state) => state.preprocessing.orientation)
  const showImage = useApp((state) => state.showImage)
  const probeImage = useApp((state) => state.probeImage)
  const canvas = useRef<HTMLCanvasElement>(null)
  const [near] = useState(() => new Set<number>())
  const [size, setSize] = useState<{ width: number; height: number } | null>(null)
  const [unshown, setUnshown] = useState<string | null>(null)
  const probing = useProbe()
  const { look } = probing
  const { paths, classNames, classOf } = images.table
  const path = paths[image]!
  const className = classNames[classOf[image]!]
  useImageKeys(image)

  useEffect(
    () =>
      untilCleanup(
        async (signal) => {
          const { bitmap, width, height } = await services.gallery.picture(image, mostSide, orientation)
          const element = canvas.current
          if (!signal.aborted && element) {
            element.width = bitmap.width
            element.height = bitmap.height
            element.getContext('2d')!.drawImage(bitmap, 0, 0)
            setSize({ width, height })
          }
          bitmap.close()
          if (!signal.aborted) setUnshown(null)
        },
        (error) => setUnshown(messageOf(error)),
      ),
    [image, orientation, services],
  )
  useEffect(() => {
    void look(() => images.handleOf(image), path)
  }, [images, image, path, look])
  return (
    <>
      <ModalHead title="Image" />
      <PictureDetails
        probing={probing}
        unshown={unshown}
        canvas={canvas}
        size={size}
        image={image}
        near={near}
        facts={
          className !== undefined && (
            <p>
              Class: <Name>{className}</Name>
            </p>
          )
        }
      >
        <div className="probe-tools">
          <PreprocessingImage image={image} onChange={(next) => showImage(paths[next]!)} />
          <Button className="button" onPress={() => void probeImage(image)}>
            <PencilLine size={16} aria-hidden /> Draw over
          </Button>
        </div>
      </PictureDetails>
    </>
  )
}
