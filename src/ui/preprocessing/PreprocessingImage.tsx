/** @file Chooses the image to look at: the previous or next one, a random one, or the first of a class. */
import { shownText } from '../../core/shownText.ts'
import { ChevronLeft, ChevronRight, Shuffle } from 'lucide-react'
import { Choice } from '../common/Choice.tsx'
import { IconButton } from '../common/IconButton.tsx'
import { useApp } from '../useApp.ts'
import { Name } from '../common/Name.tsx'

interface Props {
  image: number
  onChange: (image: number) => void
}

export function PreprocessingImage({ image, onChange }: Props) {
  const { table } = useApp((state) => state.images)!
  const { order, classOf, classNames, paths } = table
  const position = order.indexOf(image)
  const step = (by: number): void => onChange(order[(position + by + order.length) % order.length]!)
  const cls = classOf[image] ?? -1
  const none = { id: -1, text: 'No class' }
  const classes = classNames.map((text, id) => ({ id, text }))
  return (
    <div className="input-image">
      <IconButton label="Image before" onPress={() => step(-1)}>
        <ChevronLeft size={18} />
      </IconButton>
      <IconButton label="Next image" onPress={() => step(1)}>
        <ChevronRight size={18} />
      </IconButton>
      <IconButton
        label="Any image"
        onPress={() => onChange(order[Math.floor(Math.random() * order.length)]!)}
      >
        <Shuffle size={16} />
      </IconButton>
      {classes.length > 0 && (
        <Choice
          label="Class of the image"
          value={cls}
          options={cls < 0 ? [none, ...classes] : classes}
          onChange={(wanted) => {
            const first = order.find((one) => classOf[one] === wanted)
            if (first !== undefined) onChange(first)
          }}
        />
      )}
      <span className="input-path" title={shownText(paths[image]!)}>
        <Name>{paths[image]!}</Name>
      </span>
    </div>
  )
}
