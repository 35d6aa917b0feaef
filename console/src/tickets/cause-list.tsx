import { Button } from 'antd'
import { type ReactNode, useState } from 'react'
import type { TicketAnswer } from '../../../gateway/desk/api/shapes.ts'
import type { Names } from '../parts/catalogue.ts'
import { percentText } from '../parts/number.ts'
import { Panel } from '../parts/panel.tsx'
import { useLanguage } from '../words/language.tsx'
import { useCauseName, usualOwner } from './causes.ts'

type Cause = TicketAnswer['causes'][number]
/** What is shown before "others" is asked for. */
const shownMin = 3

/** The causes from most to least likely, each with its confidence and what speaks for and against it. */
export function Causes({ ticket, names }: { readonly ticket: TicketAnswer; readonly names: Names }): ReactNode {
  const { words } = useLanguage()
  const [isAll, setAll] = useState(false)
  const shown = isAll ? ticket.causes : ticket.causes.slice(0, shownMin)
  return (
    <Panel title={words.tickets.causes} note={words.tickets.weight}>
      <ol className="causes">
        {shown.map((cause, i) => (
          <CauseItem key={cause.id} cause={cause} names={names} isLead={i === 0} />
        ))}
      </ol>
      {!isAll && ticket.causes.length > shownMin && (
        <Button type="link" onClick={() => setAll(true)}>
          {words.tickets.showOthers(ticket.causes.length - shownMin)}
        </Button>
      )}
    </Panel>
  )
}

function CauseItem({
  cause,
  names,
  isLead,
}: {
  readonly cause: Cause
  readonly names: Names
  readonly isLead: boolean
}): ReactNode {
  const { words, pick } = useLanguage()
  const causeName = useCauseName()
  const owner = usualOwner(cause)
  const about = [
    cause.locus === null ? null : words.tickets.locus(locusName(cause.locus, names, words.tickets.auscult)),
    owner === null ? null : words.tickets.usualOwner(pick(owner)),
  ].filter((part) => part !== null)
  return (
    <li className={isLead ? 'cause cause-lead' : 'cause'}>
      <div className="cause-head">
        <h3>{causeName(cause.id)}</h3>
        <code className="quiet">{cause.id}</code>
        <Confidence share={cause.confidence} />
      </div>
      {about.length > 0 && <p className="quiet">{about.join(' · ')}</p>}
      <div className="evidence">
        <Evidence title={words.tickets.evidenceFor} lines={cause.evidence.filter((line) => line.for)} kind="for" />
        <Evidence title={words.tickets.evidenceAgainst} lines={cause.evidence.filter((line) => !line.for)} kind="against" />
      </div>
      {cause.evidence.length === 0 && <p className="quiet">{words.tickets.evidenceNone}</p>}
    </li>
  )
}

function Confidence({ share }: { readonly share: number }): ReactNode {
  const { words } = useLanguage()
  return (
    <span className="confidence" title={words.tickets.confidence}>
      <svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
        <path className="health-ground" d="M0 0h100v6h-100z" />
        <path className="confidence-share" d={`M0 0h${(share * 100).toFixed(1)}v6h-${(share * 100).toFixed(1)}z`} />
      </svg>
      <span className="figures">{percentText(share, 0)}</span>
    </span>
  )
}

function Evidence({
  title,
  lines,
  kind,
}: {
  readonly title: string
  readonly lines: Cause['evidence']
  readonly kind: 'for' | 'against'
}): ReactNode {
  const { pick } = useLanguage()
  if (lines.length === 0) return null
  return (
    <div className={`evidence-${kind}`}>
      <h4>{title}</h4>
      <ul>
        {lines
          .toSorted((a, b) => Math.abs(b.weight) - Math.abs(a.weight))
          .map((line) => (
            <li key={line.text.en}>
              <span className="figures evidence-weight">
                {kind === 'for' ? '+' : '−'}
                {Math.abs(line.weight).toFixed(1)}
              </span>
              <span>{pick(line.text)}</span>
            </li>
          ))}
      </ul>
    </div>
  )
}

function locusName(locus: NonNullable<Cause['locus']>, names: Names, gateway: string): string {
  return locus.kind === 'system' ? names.system(locus.id) : locus.kind === 'interface' ? names.iface(locus.id) : gateway
}
