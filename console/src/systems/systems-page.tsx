import type { ReactNode } from 'react'
import { type SystemAnswer, shapes } from '../../../gateway/desk/api/shapes.ts'
import { useAnswer } from '../api/answer.ts'
import { useNames } from '../parts/catalogue.ts'
import { Empty, Loading, ProblemNote } from '../parts/notes.tsx'
import { countText } from '../parts/number.ts'
import { Panel } from '../parts/panel.tsx'
import { dayTime } from '../parts/time.ts'
import { Link } from '../route.tsx'
import { useLanguage } from '../words/language.tsx'
import { OffsetBar, OffsetWords, Verdict } from './clock.tsx'

const weight = { timezone: 0, step: 1, offset: 2, drift: 3, unknown: 5, 'in-step': 4 } as const

/** The clocks of the systems: wrong ones first, then those in step, then those that nobody could look at yet. */
export default function SystemsPage(): ReactNode {
  const { words, pick } = useLanguage()
  const names = useNames()
  const asked = useAnswer('/systems', shapes.SystemList, ['clocks'])
  if (asked.answer === null)
    return asked.problem === null ? <Loading /> : <ProblemNote problem={asked.problem} onRetry={asked.reload} />
  const seen = asked.answer.items.filter(hasClock).toSorted((a, b) => rank(a) - rank(b) || a.id.localeCompare(b.id))
  const unseen = asked.answer.items.filter((system) => !hasClock(system))
  return (
    <>
      <h1 className="unseen">{words.systems.title}</h1>
      <Panel title={words.systems.title} note={words.systems.note} className="panel-table">
        {seen.length === 0 ? (
          <Empty>{words.systems.verdicts.unknown}</Empty>
        ) : (
          <SystemTable items={seen} nameOf={names.iface} />
        )}
      </Panel>
      {unseen.length > 0 && (
        <Panel title={`${words.systems.unknown} (${unseen.length})`}>
          <ul className="chips">
            {unseen.map((system) => (
              <li key={system.id}>
                {pick(system.name)} <span className="quiet">{system.owner}</span>
              </li>
            ))}
          </ul>
        </Panel>
      )}
    </>
  )
}

function SystemTable({
  items,
  nameOf,
}: {
  readonly items: readonly SystemAnswer[]
  readonly nameOf: (id: string) => string
}): ReactNode {
  const { words, pick } = useLanguage()
  const { systems } = words
  return (
    <table className="table systems-table">
      <thead>
        <tr>
          <th scope="col">{systems.system}</th>
          <th scope="col">{systems.verdict}</th>
          <th scope="col">{systems.offset}</th>
          <td className="systems-bar" />
          <th scope="col" className="number">
            {systems.drift}
          </th>
          <th scope="col">{systems.changed}</th>
          <th scope="col" className="number">
            {systems.observations}
          </th>
          <th scope="col">{systems.interfaces}</th>
        </tr>
      </thead>
      <tbody>
        {items.map((system) => (
          <tr key={system.id}>
            <th scope="row">
              {pick(system.name)}
              <span className="row-sub">{[system.owner, ...system.addresses].filter((part) => part !== null).join(' · ')}</span>
            </th>
            <td>{system.clock !== null && <Verdict verdict={system.clock.verdict} />}</td>
            <td>{system.clock !== null && <OffsetWords clock={system.clock} />}</td>
            <td className="systems-bar">{system.clock !== null && <OffsetBar clock={system.clock} />}</td>
            <td className="number">
              {system.clock?.driftPpm == null ? words.common.notKnown : `${system.clock.driftPpm.toFixed(1)} ppm`}
            </td>
            <td className="figures">
              {system.clock?.changedAt == null ? words.common.notKnown : dayTime(system.clock.changedAt, null)}
            </td>
            <td className="number">{system.clock === null ? '' : countText(system.clock.observations)}</td>
            <td className="systems-interfaces">
              {system.interfaceIds.slice(0, 4).map((id) => (
                <Link key={id} to={`/interfaces/${id}`}>
                  {nameOf(id)}
                </Link>
              ))}
              {system.interfaceIds.length > 4 && <span className="quiet">+{system.interfaceIds.length - 4}</span>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function hasClock(system: SystemAnswer): boolean {
  return system.clock !== null && system.clock.observations > 0
}

function rank(system: SystemAnswer): number {
  return system.clock === null ? 9 : weight[system.clock.verdict]
}
