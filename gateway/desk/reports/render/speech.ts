import { ownerText } from '../../../incidents/catalogue.ts'
import type { Text } from '../../../model/text.ts'
import type { HealthReport } from '../../api/report-shapes.ts'
import type { Language } from '../numbers.ts'
import { type Word, words } from './words.ts'

/** How one report speaks one language. */
export interface Speech {
  readonly language: Language
  /** Chinese with the marks that are set between its characters, however a text was written. */
  pick(text: Text): string
  /** `Owner: chen.wei`. */
  labelled(word: Word, value: string): string
  say(word: Word, values?: { readonly [placeholder: string]: number | string }): string
  /** An interface's name. */
  nameOf(interfaceId: string): string
  /** Who it lies with, in the reader's language where it is a team that has a name. */
  owner(name: string | null): string
  /** `11-18 14:20` of an ISO instant, by the hospital's own digits. */
  time(iso: string): string
  /** Names one after another. */
  listed(names: readonly string[]): string
  /** `+3 against the span before`. */
  against(change: string): string
}

export function createSpeech(report: HealthReport, language: Language): Speech {
  const pick = (text: Text) => (language === 'zh' ? typeset(text.zh) : text.en)
  const teams = new Map(report.teams?.map(({ id, name }) => [id, name]))
  const interfaces = new Map(report.interfaces.map(({ id, name }) => [id, name[language]]))
  return {
    language,
    pick,
    labelled: (word, value) => `${words[word][language]}${language === 'zh' ? '：' : ': '}${value}`,
    say: (word, values = {}) => {
      const said: string = words[word][language]
      return Object.entries(values).reduce((text, [name, value]) => text.replace(`{${name}}`, String(value)), said)
    },
    nameOf: (id) => interfaces.get(id) ?? id,
    owner: (name) => (name === null ? words.nobody[language] : (teams.get(name) ?? ownerText(name))[language]),
    time: (iso) => `${iso.slice(5, 10)} ${iso.slice(11, 16)}`,
    listed: (names) => names.join(language === 'zh' ? '、' : ', '),
    against: (change) => (language === 'zh' ? `较上期 ${change}` : `${change} against before`),
  }
}

/** GB/T 15834: marks between Chinese characters are full-width, and so are the brackets around them. */
function typeset(text: string): string {
  const wide: { readonly [mark: string]: string } = { ',': '，', ';': '；', ':': '：' }
  return text
    .replace(/(?<=[\p{Script=Han}）」])([,;:]) ?(?=[\p{Script=Han}（「]|\d+ )/gu, (_, mark: string) => wide[mark] ?? mark)
    .replace(/ ?\(([^()]*\p{Script=Han}[^()]*)\)/gu, '（$1）')
}
