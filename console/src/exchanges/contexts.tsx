import type { ReactNode } from 'react'
import type { TreeNodeAnswer } from '../../../gateway/desk/api/shapes.ts'
import { useLanguage } from '../words/language.tsx'
import { contextsOf, type Term } from './context-rows.ts'

/** The presentation contexts of an association: what was proposed, and what the acceptor made of it. Nothing for any other message. */
export function Contexts({ nodes }: { readonly nodes: readonly TreeNodeAnswer[] }): ReactNode {
  const { words } = useLanguage()
  const rows = contextsOf(nodes)
  if (rows.length === 0) return null
  const { contexts } = words.exchange
  const isAnswered = rows.some(({ result }) => result !== null)
  return (
    <table className="table contexts">
      <thead>
        <tr>
          <th scope="col" className="number">
            {contexts.id}
          </th>
          <th scope="col">{contexts.abstract}</th>
          {isAnswered && <th scope="col">{contexts.result}</th>}
          <th scope="col">{contexts.transfer}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id}>
            <td className="number">{row.id}</td>
            <td>{row.abstract === null ? words.common.notKnown : <TermText term={row.abstract} />}</td>
            {isAnswered && <td>{row.result === null ? words.common.notKnown : <Result result={row.result} />}</td>}
            <td>
              {row.transfers.map((term) => (
                <div key={term.value}>
                  <TermText term={term} />
                </div>
              ))}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Result({ result }: { readonly result: Term }): ReactNode {
  const { pick } = useLanguage()
  const text = result.meaning === null ? result.value : `${result.value} ${pick(result.meaning)}`
  return <span className={result.value === '0' ? undefined : 'bad'}>{text}</span>
}

/** By its name where it has one; the UID on hovering. */
function TermText({ term }: { readonly term: Term }): ReactNode {
  const { pick } = useLanguage()
  return term.meaning === null ? <code>{term.value}</code> : <span title={term.value}>{pick(term.meaning)}</span>
}
