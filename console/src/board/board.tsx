import type { ReactNode } from 'react'
import { type InterfaceAnswer, type InterfaceState, shapes } from '../../../gateway/desk/api/shapes.ts'
import { useAnswer } from '../api/answer.ts'
import { useTeamName } from '../parts/catalogue.ts'
import { Loading, ProblemNote } from '../parts/notes.tsx'
import { Panel } from '../parts/panel.tsx'
import { Link } from '../route.tsx'
import { useLanguage } from '../words/language.tsx'
import { BoardTable } from './board-table.tsx'
import { TeamLoad } from './team-load.tsx'
import { Tiles } from './tiles.tsx'
import { Topology } from './topology.tsx'
import { useIsWall, WallHead, WallLink } from './wall.tsx'

/** Which interface is ill, since when, and who has it. The healthy and the not yet observed stand quietly below. */
export default function Board(): ReactNode {
  const { words } = useLanguage()
  const interfaces = useAnswer('/interfaces', shapes.InterfaceList, ['interfaces', 'tickets'])
  const overview = useAnswer('/overview', shapes.Overview, ['interfaces', 'tickets'])
  const tickets = useAnswer('/tickets?state=active&limit=200', shapes.TicketList, ['tickets'])
  const systems = useAnswer('/systems', shapes.SystemList)
  const teamOf = useTeamName()
  const isWall = useIsWall()
  if (interfaces.answer === null)
    return interfaces.problem === null ? <Loading /> : <ProblemNote problem={interfaces.problem} onRetry={interfaces.reload} />
  const { at, items } = interfaces.answer
  const observed = items.filter(({ state }) => state !== 'not-yet-observed').toSorted(worstFirst)
  const unobserved = items.filter(({ state }) => state === 'not-yet-observed')
  return (
    <>
      <h1 className="unseen">{words.board.title}</h1>
      {isWall ? <WallHead at={overview.answer?.at ?? at} /> : <WallLink />}
      {interfaces.problem !== null && <ProblemNote problem={interfaces.problem} onRetry={interfaces.reload} />}
      {overview.answer !== null && <Tiles overview={overview.answer} interfaces={items} />}
      <div className="board">
        <div className="board-lists">
          <BoardTable
            items={observed}
            tickets={tickets.answer?.items ?? []}
            systems={systems.answer?.items ?? []}
            teamOf={teamOf}
            at={at}
          />
          {overview.answer !== null && <TeamLoad load={overview.answer.load} teamOf={teamOf} />}
          {unobserved.length > 0 && !isWall && <Unobserved items={unobserved} />}
        </div>
        <Panel className="board-topology" title={words.board.topology} note={words.board.topologyNote}>
          {systems.answer !== null && <Topology interfaces={items} systems={systems.answer.items} />}
        </Panel>
      </div>
    </>
  )
}

function Unobserved({ items }: { readonly items: readonly InterfaceAnswer[] }): ReactNode {
  const { words, pick } = useLanguage()
  return (
    <Panel className="unobserved" title={`${words.board.notYet} (${items.length})`} note={words.board.notYetNote}>
      <ul className="chips">
        {items.map((item) => (
          <li key={item.id}>
            <Link to={`/interfaces/${item.id}`}>{pick(item.name)}</Link>
            <span className="quiet">{item.protocol === 'record' ? words.exchange.record : protocolNames[item.protocol]}</span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

/** As engineers write them. */
const protocolNames = { mllp: 'MLLP', http: 'HTTP', dimse: 'DICOM' } as const

const order: { readonly [state in InterfaceState]: number } = { down: 0, degraded: 1, silent: 2, ok: 3, 'not-yet-observed': 4 }
const weight = { high: 0, medium: 1, low: 2 } as const

function worstFirst(a: InterfaceAnswer, b: InterfaceAnswer): number {
  return (
    order[a.state] - order[b.state] ||
    weight[a.criticality] - weight[b.criticality] ||
    (a.health.score ?? 101) - (b.health.score ?? 101) ||
    a.id.localeCompare(b.id)
  )
}
