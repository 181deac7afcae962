/**
 * @file The page for any picture: from a file, the clipboard, the set or a camera, and drawn over. Which channels fire there follows
 * at once.
 */
import { ClipboardPaste, FolderOpen, Images, PencilLine, Square, Video } from 'lucide-react'
import { type DragEvent, useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { Button, FileTrigger, ToggleButton } from 'react-aria-components'
import { appError, messageOf, sentence } from '../../core/errors.ts'
import type { Probed } from '../../state/appState.ts'
import { chosenImage } from '../../state/selectors/inputView.ts'
import { probedImage } from '../../state/selectors/probing.ts'
import { ModalHead } from '../common/ModalHead.tsx'
import { ModalPage } from '../common/ModalPage.tsx'
import { untilCleanup } from '../common/untilCleanup.ts'
import { PreprocessingImage } from '../preprocessing/PreprocessingImage.tsx'
import { useApp, useAppStore } from '../useApp.ts'
import { DrawTools } from './DrawTools.tsx'
import { PictureDetails } from './PictureDetails.tsx'
import { useCamera } from './useCamera.ts'
import { type BrushSettings, Drawing } from './drawing.ts'
import { useProbe } from './useProbe.ts'
import './probe.css'

/** The longer side of the picture that is drawn on. */
const mostSide = 1024

const takenName = 'The picture of the camera'

const firstBrush: BrushSettings = { isEraser: false, color: '#d62728', size: 0.06 }

export default function ProbePage() {
  const showPage = useApp((state) => state.showPage)
  return (
    <ModalPage onClose={() => showPage(null)} className="probe-modal" dialogClassName="probe-page">
      <ModalHead title="Probe an image" />
      <Contents />
    </ModalPage>
  )
}

function Contents() {
  const { getState, services } = useAppStore()
  const probed = useApp((state) => state.probed)
  const image = useApp(probedImage)
  const orientation = useApp((state) => state.preprocessing.orientation)
  const probe = useApp((state) => state.probe)
  const probeImage = useApp((state) => state.probeImage)
  const [drawing] = useState(() => new Drawing())
  const strokes = useSyncExternalStore(drawing.subscribe, drawing.strokeCount)
  const [near] = useState(() => new Set<number>())
  const [size, setSize] = useState<{ width: number; height: number } | null>(null)
  const [unshown, setUnshown] = useState<string | null>(null)
  const [brush, setBrush] = useState<BrushSettings | null>(null)
  /** The camera has taken the place of this one. */
  const [before, setBefore] = useState<{ readonly probed: Probed | null } | null>(null)
  const isTaken = before !== null && before.probed === probed
  const probing = useProbe()
  const { look, forget } = probing

  const lookAgain = (): Promise<void> => {
    if (isTaken) return look(() => drawing.pixels(), takenName)
    if (!probed) return Promise.resolve()
    // Without strokes the file itself is looked at, with all its pixels.
    return look(() => (drawing.strokeCount() === 0 ? probed.handle : drawing.pixels()), probed.name)
  }
  const latest = useRef(lookAgain)
  useEffect(() => {
    latest.current = lookAgain
  })
  useEffect(() => drawing.subscribe(() => void latest.current()), [drawing])

  const camera = useCamera(async (video) => {
    const { videoWidth: width, videoHeight: height } = video
    if (width === 0) return
    drawing.show(video, width, height)
    if (!isTaken) setBefore({ probed })
    setUnshown(null)
    setSize((now) => (now?.width === width && now.height === height ? now : { width, height }))
    await look(() => drawing.pixels(), takenName, near.size > 0 ? near : undefined)
  })
  const { status, perSecond, start, stop } = camera
  const isLive = status === 'on'

  useEffect(() => {
    if (!probed) return
    stop()
    drawing.forgetStrokes()
    return untilCleanup(
      async (signal) => {
        forget()
        const { bitmap } = await services.gallery.remote.foreignPicture(probed.handle, mostSide, orientation)
        if (!signal.aborted) {
          drawing.show(bitmap, bitmap.width, bitmap.height)
          setSize({ width: bitmap.width, height: bitmap.height })
          setUnshown(null)
        }
        bitmap.close()
      },
      (error) => {
        setSize(null)
        setUnshown(sentence('images/not-shown', { image: probed.name, reason: messageOf(error) }))
      },
    )
  }, [probed, orientation, services, drawing, forget, stop])
  useEffect(() => {
    if (!isLive) void latest.current()
  }, [probed, isTaken, isLive, look])

  const take = useCallback(
    (files: ArrayLike<File> | null | undefined): void => {
      const file = files?.[0]
      if (file) probe({ name: file.name, handle: file })
    },
    [probe],
  )
  usePaste(take)
  const isDrawn = brush !== null && size !== null && !isLive
  useUndoKey(isDrawn ? drawing : null)
  return (
    <div
      className="probe-drop"
      // Files that are dropped here are looked at; elsewhere they are opened.
      {...dropsOn(take)}
    >
      <PictureDetails
        probing={probing}
        unshown={unshown}
        canvas={drawing.attach}
        size={size}
        image={isTaken || strokes > 0 ? null : image}
        near={near}
        isLive={isLive}
        brush={isDrawn ? drawing.brush(brush) : null}
      >
        <div className="probe-tools">
          <FileTrigger acceptedFileTypes={['image/*', '.tif', '.tiff']} onSelect={take}>
            <Button className="button">
              <FolderOpen size={16} aria-hidden /> Choose a file
            </Button>
          </FileTrigger>
          {'clipboard' in navigator && (
            <Button className="button" onPress={() => void readClipboard(take, getState().report)}>
              <ClipboardPaste size={16} aria-hidden /> Paste
            </Button>
          )}
          <Button
            className="button"
            onPress={() => void probeImage(chosenImage(getState()) ?? getState().images!.table.order[0]!)}
          >
            <Images size={16} aria-hidden /> From the set
          </Button>
          {status === 'off' ? (
            <Button className="button" onPress={start}>
              <Video size={16} aria-hidden /> Webcam
            </Button>
          ) : (
            <Button className="button" onPress={stop}>
              <Square size={14} aria-hidden /> Stop the webcam
            </Button>
          )}
          <ToggleButton
            className="button"
            isDisabled={size === null || isLive}
            isSelected={brush !== null}
            onChange={(on) => setBrush(on ? firstBrush : null)}
          >
            <PencilLine size={16} aria-hidden /> Draw over
          </ToggleButton>
        </div>
        {status !== 'off' && (
          <p className="probe-live muted" role="status">
            {status === 'asking'
              ? 'Waiting for the camera: the browser may ask whether it may be used.'
              : 'Live. The pictures stay on this machine.'}
            {perSecond !== null && ` ${perSecond.toFixed(perSecond < 10 ? 1 : 0)} a second.`}
          </p>
        )}
        {isDrawn && <DrawTools settings={brush} onChange={setBrush} drawing={drawing} strokes={strokes} />}
        {image !== null && !isTaken && (
          <PreprocessingImage image={image} onChange={(next) => void probeImage(next)} />
        )}
        {image === null && !isTaken && probed && <p className="probe-name">{probed.name}</p>}
        {size === null && unshown === null && status === 'off' && (
          <p className="probe-hint muted">Drop a picture here, paste one, or take one from above.</p>
        )}
      </PictureDetails>
    </div>
  )
}

function dropsOn(take: (files: FileList) => void) {
  const isFiles = (event: DragEvent): boolean => event.dataTransfer.types.includes('Files')
  const keep = (event: DragEvent): boolean => {
    if (!isFiles(event)) return false
    event.preventDefault()
    event.stopPropagation()
    return true
  }
  return {
    onDragOver: (event: DragEvent) => void keep(event),
    onDrop: (event: DragEvent) => {
      if (keep(event)) take(event.dataTransfer.files)
    },
  }
}

function usePaste(take: (files: ArrayLike<File>) => void): void {
  const { getState } = useAppStore()
  useEffect(() => {
    const onPaste = (event: ClipboardEvent): void => {
      if (event.target instanceof Element && event.target.closest('input, textarea')) return
      event.preventDefault()
      const files = event.clipboardData?.files
      if (files && files.length > 0) take(files)
      else getState().report(appError('probe/no-picture'))
    }
    document.addEventListener('paste', onPaste)
    return () => document.removeEventListener('paste', onPaste)
  }, [take, getState])
}

async function readClipboard(
  take: (files: readonly File[]) => void,
  report: (error: ReturnType<typeof appError>) => void,
): Promise<void> {
  try {
    for (const item of await navigator.clipboard.read()) {
      const type = item.types.find((one) => one.startsWith('image/'))
      if (type === undefined) continue
      return take([new File([await item.getType(type)], 'From the clipboard', { type })])
    }
    report(appError('probe/no-picture'))
  } catch {
    report(appError('probe/clipboard'))
  }
}

function useUndoKey(drawing: Drawing | null): void {
  useEffect(() => {
    if (!drawing) return
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key !== 'z' || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return
      event.preventDefault()
      drawing.undo()
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [drawing])
}
