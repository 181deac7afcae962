/**
 * @file The dialog that writes the open model, images and settings as a project, which one link opens: into a zip or, if
 * the browser can, into a folder.
 */
import { useRef, useState } from 'react'
import { Button, Input, Label, TextField } from 'react-aria-components'
import { planProject, type ProjectPart, type ProjectPlan } from '../../state/exports/exportProject.ts'
import { saveFile } from '../common/saveFile.ts'
import { zipOf } from '../common/zipOf.ts'
import { ModalHead } from '../common/ModalHead.tsx'
import { ModalPage } from '../common/ModalPage.tsx'
import { useApp, useAppStore } from '../useApp.ts'
import './export.css'

export default function ProjectDialog({ onClose }: { onClose: () => void }) {
  const { getState, services } = useAppStore()
  const imagesName = useApp((state) => state.images?.name ?? '')
  const [name, setName] = useState(imagesName.replace(/\.[^.]+$/, ''))
  const [progress, setProgress] = useState<{ done: number; of: number } | null>(null)
  const work = useRef<AbortController | null>(null)

  const close = (): void => {
    work.current?.abort()
    onClose()
  }
  const write = (save: (plan: ProjectPlan, parts: AsyncGenerator<ProjectPart>) => Promise<void>): void => {
    const writing = new AbortController()
    work.current = writing
    const run = async (): Promise<void> => {
      const plan = planProject(getState(), services, name, zipOf)
      setProgress({ done: 0, of: plan.images })
      const parts = plan.parts(writing.signal, (done) => {
        if (done % 20 === 0 || done === plan.images) setProgress({ done, of: plan.images })
      })
      await save(plan, parts)
      if (writing.signal.aborted) return
      onClose()
      getState().notify('info', `The project ${plan.name} is written. Its README.txt says how to serve it.`)
    }
    run()
      .catch((error: unknown) => {
        if (!writing.signal.aborted && !isCancelled(error)) getState().report(error)
      })
      .finally(() => setProgress(null))
  }
  const saveZip = (): void =>
    write(async (plan, parts) =>
      saveFile({ name: `${plan.name}.zip`, blob: await zipOf(inFolder(plan.name, parts)) }),
    )
  const saveFolder = (pick: DirectoryPicker): void =>
    write(async (plan, parts) => {
      const root = await pick({ mode: 'readwrite' })
      for await (const part of inFolder(plan.name, parts)) await writePart(root, part)
    })
  const picker = directoryPicker()
  return (
    <ModalPage onClose={close} className="small-modal">
      <ModalHead title="Project for a link" />
      <p>
        A folder with the model, the images and the settings as they are now. Put it beside Urpatch on a web
        server, and everybody who follows its link sees this layer with these images.
      </p>
      <TextField className="text-field" value={name} onChange={setName} isDisabled={progress !== null}>
        <Label className="choice-label">Name</Label>
        <Input className="text-input" />
      </TextField>
      <p className="muted" role="status">
        {progress
          ? `${progress.done.toLocaleString('en')} of ${progress.of.toLocaleString('en')} images are written…`
          : 'Nothing is uploaded: the files are saved on this computer.'}
      </p>
      <div className="row">
        <Button
          className="button primary"
          aria-disabled={progress !== null}
          onPress={() => !progress && saveZip()}
        >
          Save as zip
        </Button>
        {picker && (
          <Button
            className="button"
            aria-disabled={progress !== null}
            onPress={() => !progress && saveFolder(picker)}
          >
            Write into a folder…
          </Button>
        )}
      </div>
    </ModalPage>
  )
}

type DirectoryPicker = (options: { mode: 'readwrite' }) => Promise<FileSystemDirectoryHandle>

/** Returns null if the browser has none. */
function directoryPicker(): DirectoryPicker | null {
  const { showDirectoryPicker } = window as unknown as { showDirectoryPicker?: DirectoryPicker }
  return showDirectoryPicker ? (options) => showDirectoryPicker.call(window, options) : null
}

async function* inFolder(name: string, parts: AsyncIterable<ProjectPart>): AsyncGenerator<ProjectPart> {
  for await (const part of parts) yield { ...part, name: `${name}/${part.name}` }
}

async function writePart(root: FileSystemDirectoryHandle, { name, input }: ProjectPart): Promise<void> {
  const folders = name.split('/')
  const file = folders.pop()!
  let folder = root
  for (const one of folders) folder = await folder.getDirectoryHandle(one, { create: true })
  const writable = await (await folder.getFileHandle(file, { create: true })).createWritable()
  await writable.write(input)
  await writable.close()
}

/** Whether the error only says that the user has closed the browser's own dialog. */
function isCancelled(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError'
}
