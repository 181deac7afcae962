/** @file Chooses the index of the images, and whether their classes come from it or from the folders. */
import { Button } from 'react-aria-components'
import { Choice } from '../common/Choice.tsx'
import { usePickers } from '../common/FileInputs.tsx'
import { useApp } from '../useApp.ts'
import { IndexForm } from './IndexForm.tsx'
import { Name } from '../common/Name.tsx'

export function IndexChoice() {
  const { table, indexCandidates } = useApp((state) => state.images!)
  const setIndex = useApp((state) => state.setIndex)
  const { pickIndex } = usePickers()
  const { index, classesFrom } = table
  return (
    <section>
      <p>
        Index:{' '}
        {index ? (
          <b>
            <Name>{index.name}</Name>
          </b>
        ) : (
          'none; the order of the scan is that of the paths'
        )}
      </p>
      {index && <IndexForm key={index.name} index={index} />}
      <div className="row">
        <Choice
          label="Classes from"
          showLabel
          value={classesFrom}
          options={[
            ...(index && index.columns.class !== null ? [{ id: 'index' as const, text: 'The index' }] : []),
            { id: 'folder' as const, text: 'The sub-folders' },
            { id: 'none' as const, text: 'None' },
          ]}
          onChange={(from) => {
            if (index)
              void setIndex({
                name: index.name,
                columns: index.columns,
                header: index.header,
                classesFrom: from,
              })
            else if (from !== 'index') void setIndex({ name: null, classesFrom: from })
          }}
        />
      </div>
      <div className="row">
        <Button className="button" onPress={pickIndex}>
          Choose index file
        </Button>
        {index && (
          <Button className="button" onPress={() => void setIndex('none')}>
            Use no index
          </Button>
        )}
        {indexCandidates
          .filter((name) => name !== index?.name)
          .slice(0, 3)
          .map((name) => (
            <Button key={name} className="button" onPress={() => void setIndex({ name })}>
              Use <Name>{name}</Name>
            </Button>
          ))}
      </div>
    </section>
  )
}
