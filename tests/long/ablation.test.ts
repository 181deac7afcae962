/** What the network does without a channel, over all pictures of the demo, in the production build: equal to Keras to the last one. */
import { describe, inject, it } from 'vitest'
import { compareWithKeras, openDemo, wholeCases } from '../e2e/ablationOfDemo.ts'
import { usePerson } from '../e2e/person.ts'

describe('over all images', () => {
  const person = usePerson()

  it.each(wholeCases)('channel $channel × $replacement answers as in Keras', async (one) => {
    await openDemo(person.page, inject('url'))
    await compareWithKeras(person.page, one, one.images)
  })
})
