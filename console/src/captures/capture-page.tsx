import { Button } from 'antd'
import type { ReactNode } from 'react'
import { shapes } from '../../../gateway/desk/api/shapes.ts'
import { useAnswer } from '../api/answer.ts'
import { write } from '../api/client.ts'
import ExchangePage from '../exchanges/exchange-page.tsx'
import { FailureNote, Loading, ProblemNote } from '../parts/notes.tsx'
import { bytesText, countText } from '../parts/number.ts'
import { usePolling } from '../parts/polling.ts'
import { clockTime } from '../parts/time.ts'
import { Link, useRoute } from '../route.tsx'
import { useLanguage } from '../words/language.tsx'
import { CaptureExchanges } from './capture-exchanges.tsx'
import { CaptureFindings, CaptureTickets } from './capture-findings.tsx'
import { CaptureInterfaces, CaptureSystems } from './capture-tables.tsx'
import type { CaptureAnswer } from './captures-page.tsx'
import { Unmatched } from './unmatched.tsx'

/** One capture: how far it is, and everything that it shows. With `?exchange=` one of its exchanges. */
export default function CapturePage({ id }: { readonly id: string }): ReactNode {
  const { words } = useLanguage()
  const { query } = useRoute()
  const path = `/captures/${encodeURIComponent(id)}`
  const asked = useAnswer(path, shapes.Capture)
  usePolling(asked.answer?.state === 'running', asked.reload)
  const exchange = query.get('exchange')
  if (asked.answer === null)
    return asked.problem === null ? <Loading /> : <ProblemNote problem={asked.problem} onRetry={asked.reload} />
  const capture = asked.answer
  if (exchange !== null && capture.state === 'finished')
    return (
      <>
        <p className="page-tools">
          <Link to={path}>← {words.captures.backToCapture}</Link>
        </p>
        <ExchangePage id={exchange} base={`${path}/exchanges`} />
      </>
    )
  return (
    <>
      <CaptureHead capture={capture} path={path} />
      {capture.state === 'running' && (
        <p role="status" className="capture-running">
          {words.captures.states.running} · {words.captures.running(countText(capture.packets))}
        </p>
      )}
      <FailureNote failure={capture.failure} />
      {capture.found !== null && <Found capture={capture} found={capture.found} path={path} onAnalyze={asked.reload} />}
    </>
  )
}

function CaptureHead({ capture, path }: { readonly capture: CaptureAnswer; readonly path: string }): ReactNode {
  const { words } = useLanguage()
  const { go } = useRoute()
  const leave = () => go('/captures')
  return (
    <header className="page-head">
      <p className="quiet">
        <Link to="/captures">← {words.captures.back}</Link>
      </p>
      <div className="page-head-line">
        <h1>{capture.isSample ? words.captures.exampleName : capture.name}</h1>
        <span>{words.captures.states[capture.state]}</span>
        <span className="quiet">{bytesText(capture.bytes)}</span>
        <span className="quiet">{words.captures.deletes(clockTime(capture.deletedAt, 'min'))}</span>
        <Button
          size="small"
          onClick={() => {
            write(`${path}/delete`, {}, shapes.CaptureList).then(leave, leave)
          }}
        >
          {words.captures.remove}
        </Button>
      </div>
    </header>
  )
}

function Found({
  capture,
  found,
  path,
  onAnalyze,
}: {
  readonly capture: CaptureAnswer
  readonly found: NonNullable<CaptureAnswer['found']>
  readonly path: string
  readonly onAnalyze: () => void
}): ReactNode {
  const { words, pick } = useLanguage()
  const names = new Map(found.interfaces.map(({ id, name }) => [id, pick(name)]))
  const nameOf = (id: string) => names.get(id) ?? id
  return (
    <div className="stack">
      <p className="capture-facts">
        <span>
          {words.captures.packets} <strong>{countText(found.packets)}</strong>
        </span>
        {found.from !== null && found.to !== null && (
          <span className="figures">
            {found.from.slice(0, 10)} {clockTime(found.from)} – {clockTime(found.to)}
          </span>
        )}
        {found.bytesLost > 0 && (
          <span className="warn">
            {words.captures.lost} {countText(found.bytesLost)}
          </span>
        )}
      </p>
      {found.warnings.length > 0 && (
        <ul className="warn" aria-label={words.captures.warnings}>
          {found.warnings.map((warning) => (
            <li key={warning}>{warning}</li>
          ))}
        </ul>
      )}
      <CaptureTickets tickets={found.tickets} path={path} />
      <CaptureFindings findings={found.findings} nameOf={nameOf} path={path} />
      {found.unmatched.length > 0 && <Unmatched capture={capture} found={found} path={path} onAnalyze={onAnalyze} />}
      <div className="columns capture-tables">
        <CaptureInterfaces interfaces={found.interfaces} />
        {found.systems.length > 0 && <CaptureSystems systems={found.systems} />}
      </div>
      <CaptureExchanges path={path} nameOf={nameOf} />
    </div>
  )
}
