import type { ReactNode } from 'react'
import type { ExchangeAnswer, JourneyAnswer } from '../../../gateway/desk/api/shapes.ts'
import type { Names } from '../parts/catalogue.ts'
import { clockTime, dayTime, lengthText, msBetween } from '../parts/time.ts'
import { useRoute } from '../route.tsx'
import { useLanguage } from '../words/language.tsx'

const laneWidth = 180
const timeWidth = 112
const rowHeight = 38
const headHeight = 34
/** So much silence between two exchanges is said in words. */
const gapMsMin = 60_000
const rowsMax = 200

/** The exchanges as arrows between systems, from top to bottom in true order; a pause is named, not drawn to scale. */
export function Sequence({ journey, names }: { readonly journey: JourneyAnswer; readonly names: Names }): ReactNode {
  const { words } = useLanguage()
  const shown = journey.exchanges.slice(0, rowsMax)
  const ends = new Map(names.interfaces.map(({ id, from, to }) => [id, { from, to }]))
  const lanes = [...new Set(shown.flatMap((e) => endsOf(e, ends)))]
  const x = (system: string) => timeWidth + lanes.indexOf(system) * laneWidth + laneWidth / 2
  const height = headHeight + shown.length * rowHeight + 10
  if (lanes.length === 0) return null
  return (
    <div className="sequence">
      <svg
        width={timeWidth + lanes.length * laneWidth}
        height={height}
        role="img"
        aria-label={words.journeys.sequence(shown.length, lanes.length)}
      >
        {lanes.map((system) => (
          <g key={system}>
            <line className="sequence-lane" x1={x(system)} x2={x(system)} y1={headHeight} y2={height} />
            <text className="sequence-system" x={x(system)} y={18} textAnchor="middle">
              {short(names.system(system))}
              <title>{names.system(system)}</title>
            </text>
          </g>
        ))}
        {shown.map((exchange, i) => (
          <Arrow
            key={exchange.id}
            exchange={exchange}
            before={shown[i - 1] ?? null}
            y={headHeight + i * rowHeight + rowHeight / 2 + 6}
            ends={endsOf(exchange, ends)}
            x={x}
          />
        ))}
      </svg>
    </div>
  )
}

function Arrow({
  exchange,
  before,
  y,
  ends,
  x,
}: {
  readonly exchange: ExchangeAnswer
  readonly before: ExchangeAnswer | null
  readonly y: number
  readonly ends: readonly [string, string]
  readonly x: (system: string) => number
}): ReactNode {
  const { words } = useLanguage()
  const { go } = useRoute()
  const [from, to] = [x(ends[0]), x(ends[1])]
  const tip = to + (to > from ? -7 : 7)
  const gapMs = before === null ? 0 : msBetween(before.at, exchange.at)
  const label = exchange.type ?? words.exchanges.unread
  const open = () => go(`/exchanges/${encodeURIComponent(exchange.id)}`)
  return (
    <g className={`sequence-row sequence-${exchange.outcome}`}>
      <text className="sequence-time" x={timeWidth - 12} y={y + 4} textAnchor="end">
        {before === null ? dayTime(exchange.at, null) : clockTime(exchange.at)}
      </text>
      {gapMs >= gapMsMin && (
        <text className="sequence-gap" x={timeWidth - 12} y={y - 13} textAnchor="end">
          +{lengthText(gapMs, words)}
        </text>
      )}
      <line x1={from} x2={tip} y1={y} y2={y} />
      <polygon points={`${to},${y} ${tip},${y - 4} ${tip},${y + 4}`} />
      <a href={`/exchanges/${encodeURIComponent(exchange.id)}`} onClick={(event) => follow(event, open)}>
        <text className="sequence-type" x={(from + to) / 2} y={y - 6} textAnchor="middle">
          {label}
          {exchange.outcome === 'answered' || exchange.outcome === 'one-way'
            ? ''
            : ` ${words.outcomes[exchange.outcome]}${exchange.code === null ? '' : ` ${exchange.code}`}`}
        </text>
      </a>
    </g>
  )
}

function follow(
  event: { preventDefault(): void; readonly metaKey: boolean; readonly ctrlKey: boolean },
  open: () => void,
): void {
  if (event.metaKey || event.ctrlKey) return
  event.preventDefault()
  open()
}

/** Who asked whom: on a connection that the receiver opened, or where it asks, the other way round. */
function endsOf(
  exchange: ExchangeAnswer,
  ends: ReadonlyMap<string, { readonly from: string; readonly to: string }>,
): readonly [string, string] {
  const { from, to } = ends.get(exchange.interfaceId) ?? { from: exchange.interfaceId, to: exchange.interfaceId }
  return exchange.requestFrom === 'acceptor' ? [to, from] : [from, to]
}

/** As much of a name as fits a lane: a Han character is as wide as two letters. */
function short(name: string): string {
  let width = 0
  for (const [at, character] of [...name].entries()) {
    width += /\p{Script=Han}/u.test(character) ? 2 : 1
    if (width > laneLetters) return `${[...name].slice(0, at).join('')}…`
  }
  return name
}

const laneLetters = 22
