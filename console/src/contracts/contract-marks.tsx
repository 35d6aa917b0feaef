import type { ReactNode } from 'react'
import type { Of } from '../../../gateway/desk/api/schema.ts'
import type { shapes } from '../../../gateway/desk/api/shapes.ts'
import { useLanguage } from '../words/language.tsx'

export type ContractItem = Of<typeof shapes.ContractList>['items'][number]
type Change = Of<typeof shapes.ContractVersionList>['items'][number]['changes'][number]

const looks = { unseen: 'not-yet-observed', kept: 'ok', violated: 'degraded', drifting: 'down' } as const

/** A sign and a word, as of interfaces. */
export function ContractStateMark({ state }: { readonly state: ContractItem['state'] }): ReactNode {
  const { words } = useLanguage()
  return (
    <span className={`state state-${looks[state]}`}>
      <i aria-hidden="true" />
      {words.contracts.states[state]}
    </span>
  )
}

/** What differs, a line each, with whom it may break. */
export function Changes({ changes }: { readonly changes: readonly Change[] }): ReactNode {
  const { words, pick } = useLanguage()
  return (
    <ul className="contract-changes">
      {changes.map(({ text, breaking }) => (
        <li key={text.en}>
          <span>{pick(text)}</span>
          <span className={breaking.length === 0 ? 'quiet' : 'warn'}>
            {breaking.length === 0
              ? words.contracts.compatible
              : breaking.map((party) => words.contracts.breaking[party]).join(' · ')}
          </span>
        </li>
      ))}
    </ul>
  )
}
