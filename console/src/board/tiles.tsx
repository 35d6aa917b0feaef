import type { ReactNode } from 'react'
import type { InterfaceAnswer, Overview } from '../../../gateway/desk/api/shapes.ts'
import { SeverityMark } from '../parts/marks.tsx'
import { countText, percentText, rateText } from '../parts/number.ts'
import { Tile } from '../parts/tile.tsx'
import { lengthText, msBetween } from '../parts/time.ts'
import { Link } from '../route.tsx'
import { useWords } from '../words/language.tsx'
import type { Words } from '../words/zh.ts'

/** Analysis that is more than this behind is worth a word. */
const lagMsMin = 10_000
const severities = ['P1', 'P2', 'P3', 'P4'] as const

/** The figures of the board: ill interfaces, tickets, mean response, deadlines kept, coverage, traffic. */
export function Tiles({
  overview,
  interfaces,
}: {
  readonly overview: Overview
  readonly interfaces: readonly InterfaceAnswer[]
}): ReactNode {
  const words = useWords()
  const { tickets, deadlines } = overview
  const keptRate = deadlines.kept + deadlines.late === 0 ? null : deadlines.kept / (deadlines.kept + deadlines.late)
  const observed = interfaces.filter(({ state }) => state !== 'not-yet-observed')
  const ill = observed.filter(({ state }) => state !== 'ok').length
  const response = overview.responseMinMean
  const shed = overview.dropped.reduce((sum, { count }) => sum + count, 0)
  return (
    <div className="tiles">
      <Tile name={words.board.ill} isIll={ill > 0} note={words.board.interfacesNote(observed.length, interfaces.length)}>
        {ill === 0 ? 0 : <strong>{ill}</strong>}
      </Tile>
      <Tile
        name={words.board.openTickets}
        note={
          <>
            {severities.map((severity) =>
              tickets[severity] === 0 ? null : (
                <span key={severity} className="tile-severity">
                  <SeverityMark severity={severity} /> {tickets[severity]}
                </span>
              ),
            )}
            {tickets.open > 0 && words.board.unassigned(tickets.open)}
          </>
        }
      >
        <Link to="/tickets">{tickets.open + tickets.assigned}</Link>
      </Tile>
      <Tile name={words.board.response} note={words.board.responseNote}>
        {response === null ? words.common.notKnown : lengthText(response * 60_000, words)}
      </Tile>
      <Tile name={words.board.kept} note={words.board.keptNote(deadlines.late)} isIll={keptRate !== null && keptRate < 0.9}>
        {keptRate === null ? words.common.notKnown : percentText(keptRate, 0)}
      </Tile>
      <Tile
        name={words.board.coverage}
        note={shed > 0 ? words.board.shed(shed) : words.board.coverageNote}
        isIll={overview.coverage < 0.99}
      >
        {percentText(overview.coverage)}
      </Tile>
      <Tile name={words.board.traffic} note={analysisNote(overview, words)}>
        {overview.exchangesPerMin < 10 ? rateText(overview.exchangesPerMin) : countText(overview.exchangesPerMin)}
        <small> {words.units.perMin}</small>
      </Tile>
    </div>
  )
}

function analysisNote(overview: Overview, words: Words): string {
  if (overview.edges.some(({ clockSynchronised }) => clockSynchronised === false)) return words.board.clockUnsynchronised
  if (overview.analysedAt === null) return words.board.notAnalysed
  const lagMs = msBetween(overview.analysedAt, overview.at)
  return lagMs > lagMsMin ? words.board.analysed(lengthText(lagMs, words)) : ''
}
