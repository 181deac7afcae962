/** @file The user's camera: its pictures, one after the other, each when the one before has been looked at. They stay on this machine. */
import { useCallback, useEffect, useRef, useState } from 'react'
import { type AppError, appError, messageOf } from '../../core/errors.ts'
import { useApp } from '../useApp.ts'

export type CameraStatus = 'off' | 'asking' | 'on'

export interface Camera {
  readonly status: CameraStatus
  /** The pictures that were looked at in the last second or so; null until that is known. */
  readonly perSecond: number | null
  start(): void
  stop(): void
}

/** Enough for the input of any network that follows a camera. */
const wish = { video: { width: { ideal: 640 }, height: { ideal: 480 }, facingMode: 'environment' } } as const

/** How many of the last pictures count. */
const counted = 10

/** `onPicture` gets each picture, and resolves when the next one is wanted. */
export function useCamera(onPicture: (video: HTMLVideoElement) => Promise<void>): Camera {
  const report = useApp((state) => state.report)
  const [status, setStatus] = useState<CameraStatus>('off')
  const [perSecond, setPerSecond] = useState<number | null>(null)
  /** Aborted when the camera is to be free. */
  const run = useRef<AbortController | null>(null)
  const take = useRef(onPicture)
  useEffect(() => {
    take.current = onPicture
  })

  const stop = useCallback(() => {
    run.current?.abort()
    run.current = null
    setStatus('off')
    setPerSecond(null)
  }, [])
  useEffect(() => () => run.current?.abort(), [])

  const start = useCallback(() => {
    run.current?.abort()
    const own = (run.current = new AbortController())
    const { signal } = own
    setStatus('asking')
    const follow = async (): Promise<void> => {
      const stream = await openCamera()
      const free = (): void => stream.getTracks().forEach((track) => track.stop())
      if (signal.aborted) return free()
      signal.addEventListener('abort', free)
      // It was unplugged, or the user has taken the permission back.
      stream.getVideoTracks()[0]!.addEventListener('ended', () => own.abort())
      const video = document.createElement('video')
      video.muted = true
      video.playsInline = true
      video.srcObject = stream
      try {
        await video.play()
        if (!signal.aborted) setStatus('on')
        const times: number[] = []
        while (!signal.aborted) {
          await nextFrame(video, signal)
          if (signal.aborted) break
          await take.current(video)
          times.push(performance.now())
          if (times.length > counted) times.shift()
          const span = times.at(-1)! - times[0]!
          if (span > 0 && !signal.aborted) setPerSecond(((times.length - 1) * 1000) / span)
        }
      } finally {
        free()
        video.srcObject = null
      }
    }
    follow()
      .catch((error: unknown) => {
        if (!signal.aborted) report(error)
      })
      .finally(() => {
        if (run.current === own) stop()
      })
  }, [report, stop])
  return { status, perSecond, start, stop }
}

async function openCamera(): Promise<MediaStream> {
  // A page that was not served over https has none.
  if (!('mediaDevices' in navigator)) throw appError('camera/unavailable')
  try {
    return await navigator.mediaDevices.getUserMedia(wish)
  } catch (error) {
    throw cameraError(error)
  }
}

function cameraError(error: unknown): AppError {
  const name = error instanceof DOMException ? error.name : ''
  if (name === 'NotAllowedError') return appError('camera/refused')
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return appError('camera/none')
  return appError('camera/unreadable', { reason: messageOf(error) })
}

/** Resolves with the camera's next picture, or when the signal is aborted. A hidden page gets none, and looks at none. */
function nextFrame(video: HTMLVideoElement, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      signal.removeEventListener('abort', done)
      resolve()
    }
    video.requestVideoFrameCallback(done)
    signal.addEventListener('abort', done)
  })
}
