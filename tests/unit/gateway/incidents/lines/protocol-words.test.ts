import { expect, it } from 'vitest'
import { causeEntries, ownerText } from '../../../../../gateway/incidents/catalogue.ts'
import { codeWords, idWords, refusalWords } from '../../../../../gateway/incidents/lines/protocol-words.ts'
import { anInterface } from '../../../monitors/stream.ts'

it('speaks of HL7 fields where HL7 is spoken, and of nothing else there', () => {
  const said = (protocol: 'mllp' | 'http' | 'dimse' | 'record') => {
    const about = { interfaces: [anInterface('x', { protocol })] }
    return [idWords(about), refusalWords(about), codeWords(about)].flatMap(({ zh, en }) => [zh, en]).join('\n')
  }
  expect(said('mllp')).toMatch(/控制号[\s\S]*MSA-3/)
  for (const protocol of ['http', 'dimse', 'record'] as const) expect(said(protocol)).not.toMatch(/MSA|ERR\b|控制号|control id/)
})

it('names every owner of the list in English', () => {
  for (const { owner } of causeEntries) expect(ownerText(owner).en).toMatch(/^[ -~]+$/)
  expect(ownerText('王工')).toEqual({ zh: '王工', en: '王工' })
})
