import type { ReactNode } from 'react'
import { Empty } from '../parts/notes.tsx'
import { countText } from '../parts/number.ts'
import { Panel } from '../parts/panel.tsx'
import { msText, offsetText } from '../parts/time.ts'
import { useLanguage } from '../words/language.tsx'
import type { CaptureAnswer } from './captures-page.tsx'

type Found = NonNullable<CaptureAnswer['found']>

/** What each interface carried in the capture. */
export function CaptureInterfaces({ interfaces }: { readonly interfaces: Found['interfaces'] }): ReactNode {
  const { words, pick } = useLanguage()
  return (
    <Panel title={words.captures.interfaces} className="panel-list">
      {interfaces.length === 0 ? (
        <Empty>{words.captures.interfacesNone}</Empty>
      ) : (
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{words.captures.interfaces}</th>
              <th scope="col" className="number">
                {words.captures.exchanges}
              </th>
              <th scope="col" className="number">
                {words.captures.failed}
              </th>
              <th scope="col" className="number">
                {words.captures.unanswered}
              </th>
              <th scope="col" className="number">
                {words.captures.violations}
              </th>
              <th scope="col" className="number wide-only">
                {words.captures.latency}
              </th>
            </tr>
          </thead>
          <tbody>
            {interfaces.map((iface) => (
              <tr key={iface.id}>
                <td>{pick(iface.name)}</td>
                <td className="number">{countText(iface.exchanges)}</td>
                <Count value={iface.failed} />
                <Count value={iface.unanswered} />
                <Count value={iface.violations} />
                <td className="number wide-only">
                  {msText(iface.latencyMs.p50)} / {msText(iface.latencyMs.p95)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  )
}

function Count({ value }: { readonly value: number }): ReactNode {
  return <td className={`number ${value === 0 ? 'zero' : 'bad'}`}>{countText(value)}</td>
}

/** The clocks of both ends, as the messages tell them. */
export function CaptureSystems({ systems }: { readonly systems: Found['systems'] }): ReactNode {
  const { words, pick } = useLanguage()
  return (
    <Panel title={words.captures.systems} className="panel-list">
      <table className="table">
        <tbody>
          {systems.map((system) => (
            <tr key={system.id}>
              <td>{pick(system.name)}</td>
              <td className={system.verdict === 'in-step' || system.verdict === 'unknown' ? 'quiet' : 'bad'}>
                {words.systems.verdicts[system.verdict]}
              </td>
              <td className="figures">
                {system.offsetS === null
                  ? words.common.notKnown
                  : system.offsetS >= 0
                    ? words.systems.ahead(offsetText(system.offsetS))
                    : words.systems.behind(offsetText(-system.offsetS))}
                {system.errorS !== null && <span className="quiet"> ± {offsetText(system.errorS)}</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  )
}
