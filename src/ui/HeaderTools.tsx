/** @file The workbench's tools in the header: the open model and images, the backend, Run and Export. */
import { EllipsisVertical, FolderOpen, Images, ScanEye, ScanSearch } from 'lucide-react'
import { useState } from 'react'
import { Button, Dialog, DialogTrigger, Popover } from 'react-aria-components'
import { inSentence } from '../core/shownText.ts'
import { Brand } from './common/Brand.tsx'
import { picksFolders, usePickers } from './common/FileInputs.tsx'
import { CompareButton } from './compare/CompareButton.tsx'
import { IconButton } from './common/IconButton.tsx'
import { ThemeButton } from './common/ThemeButton.tsx'
import { useScreen } from './common/useScreen.ts'
import { LayerMenu } from './model/LayerMenu.tsx'
import { FinderButton } from './mosaic/FinderButton.tsx'
import { ViewMenu } from './mosaic/ViewMenu.tsx'
import { TourButton } from './tour/TourButton.tsx'
import { useTour } from './tour/useTour.ts'
import { BackendMenu } from './scan/BackendMenu.tsx'
import { ExportMenu } from './scan/ExportMenu.tsx'
import { ImagesMenu } from './images/ImagesMenu.tsx'
import { OpenImagesMenu } from './images/OpenImagesMenu.tsx'
import { InputSizeMenu } from './model/InputSizeMenu.tsx'
import { aloneOf } from '../state/selectors/shown.ts'
import { RecordedTools } from './results/RecordedTools.tsx'
import { RunButtons } from './scan/RunButtons.tsx'
import { useApp } from './useApp.ts'

export function HeaderTools() {
  const isAlone = useApp((state) => aloneOf(state) !== null)
  const screen = useScreen()
  if (isAlone) return <RecordedTools />
  return screen === 'narrow' ? <OneRow /> : <AllTools />
}

function AllTools() {
  return (
    <>
      <Sources />
      <BackendMenu />
      <span className="spacer" />
      <RunButtons />
      <ExportMenu />
    </>
  )
}

/** For narrow screens: the layer, how it is shown, and Run. Everything else is in a menu. */
function OneRow() {
  return (
    <>
      <LayerMenu />
      <ViewMenu />
      <RunButtons />
      <MoreMenu />
    </>
  )
}

/** It goes away as soon as a page or the tour is opened from it, because it would cover them. */
function MoreMenu() {
  const page = useApp((state) => state.page)
  const { step } = useTour()
  const shown = `${page}/${step}`
  const [openAt, setOpenAt] = useState<string | null>(null)
  if (openAt !== null && openAt !== shown) setOpenAt(null)
  return (
    <DialogTrigger isOpen={openAt === shown} onOpenChange={(isOpen) => setOpenAt(isOpen ? shown : null)}>
      <Button className="icon-button" aria-label="Menu">
        <EllipsisVertical size={18} aria-hidden />
      </Button>
      <Popover className="popover header-menu" placement="bottom end">
        <Dialog className="dialog" aria-label="Menu">
          <Brand />
          <Sources />
          <div className="row">
            <BackendMenu />
            <ExportMenu />
            <FinderButton />
            <CompareButton />
            <ThemeButton />
            <TourButton />
          </div>
        </Dialog>
      </Popover>
    </DialogTrigger>
  )
}

/** The open model and images, and the buttons that open others. */
function Sources() {
  const model = useApp((state) => state.model)!
  const opening = useApp((state) => state.openingModel)
  const { pickModel, pickImages } = usePickers()
  const openInputView = useApp((state) => state.openInputView)
  const probe = useApp((state) => state.probe)
  return (
    <>
      <div className="source">
        <IconButton label="Open model" className="button quiet" onPress={pickModel}>
          <FolderOpen size={16} aria-hidden />
        </IconButton>
        <span className="source-name" title={model.name}>
          {opening ? `Opening ${inSentence(opening)}…` : model.name}
        </span>
        {model.network.openSize && <InputSizeMenu key={String(model.network.inputShape)} />}
      </div>
      <div className="source">
        <IconButton
          label="Open images"
          hint={picksFolders ? 'A folder' : 'Pictures, or an archive'}
          className="button quiet"
          onPress={pickImages}
        >
          <Images size={16} aria-hidden />
        </IconButton>
        <OpenImagesMenu />
        <ImagesMenu />
        <IconButton
          label="What the network sees"
          hint="A picture before and after, and which preprocessing is right"
          className="button quiet"
          onPress={() => openInputView()}
        >
          <ScanEye size={16} aria-hidden />
          <span className="where-room">What the network sees</span>
        </IconButton>
        <IconButton
          label="Probe an image"
          hint="Which channels fire in any picture: a file, a drawing, or the webcam"
          className="button quiet"
          onPress={() => probe()}
        >
          <ScanSearch size={16} aria-hidden />
        </IconButton>
      </div>
    </>
  )
}
