import type { ReactNode } from 'react'
import { SeverityMark } from '../parts/marks.tsx'
import { Empty } from '../parts/notes.tsx'
import { percentText } from '../parts/number.ts'
import { Panel } from '../parts/panel.tsx'
import { dayTime } from '../parts/time.ts'
import { Link } from '../route.tsx'
import { useLanguage } from '../words/language.tsx'
import type { CaptureAnswer } from './captures-page.tsx'

type Found = NonNullable<CaptureAnswer['found']>

const evidenceShown = 4
const examplesShown = 3

/** What a duty engineer would have been woken for, with the best cause and its reasons. */
export function CaptureTickets({ tickets, path }: { readonly tickets: Found['tickets']; readonly path: string }): ReactNode {
  const { words, pick } = useLanguage()
  return (
    <Panel title={words.captures.tickets}>
      {tickets.length === 0 && <Empty>{words.captures.ticketsNone}</Empty>}
      <ul className="capture-tickets">
        {tickets.map((ticket) => {
          const [cause] = ticket.causes
          return (
            <li key={ticket.id}>
              <p className="capture-ticket-head">
                <SeverityMark severity={ticket.severity} />
                <strong>{pick(ticket.title)}</strong>
                {cause !== undefined && (
                  <span className="quiet">
                    {words.captures.confidence} {percentText(cause.confidence, 0)}
                  </span>
                )}
              </p>
              <p className="capture-advice">{pick(ticket.advice)}</p>
              <ul className="capture-evidence quiet">
                {(cause?.evidence ?? []).slice(0, evidenceShown).map(({ text, for: isFor }) => (
                  <li key={text.en}>
                    {isFor ? '+' : '−'} {pick(text)}
                  </li>
                ))}
              </ul>
              <Examples ids={ticket.exchangeIds} path={path} />
            </li>
          )
        })}
      </ul>
    </Panel>
  )
}

/** What the wire shows even once. */
export function CaptureFindings({
  findings,
  nameOf,
  path,
}: {
  readonly findings: Found['findings']
  readonly nameOf: (id: string) => string
  readonly path: string
}): ReactNode {
  const { words, pick } = useLanguage()
  return (
    <Panel title={words.captures.findings}>
      {findings.length === 0 && <Empty>{words.captures.findingsNone}</Empty>}
      <ul className="capture-findings">
        {findings.map((finding) => (
          <li key={`${finding.cause} ${finding.interfaceId} ${finding.firstAt} ${finding.text.en}`}>
            <p>
              <strong>{pick(finding.title)}</strong> {pick(finding.text)}
            </p>
            <p className="quiet capture-finding-foot">
              <span>{nameOf(finding.interfaceId)}</span>
              <span>{words.captures.count(finding.count)}</span>
              <span className="figures">{dayTime(finding.firstAt, null)}</span>
              <Examples ids={finding.exchangeIds} path={path} />
            </p>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

/** Where an exchange of the capture at `path` is read. */
export function exchangeIn(path: string, id: string): string {
  return `${path}?exchange=${encodeURIComponent(id)}`
}

function Examples({ ids, path }: { readonly ids: readonly string[]; readonly path: string }): ReactNode {
  return (
    <span className="capture-examples">
      {ids.slice(0, examplesShown).map((id) => (
        <Link key={id} to={exchangeIn(path, id)}>
          {id}
        </Link>
      ))}
    </span>
  )
}
