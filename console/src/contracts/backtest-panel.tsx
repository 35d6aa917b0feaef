import { Button, Segmented, Select } from 'antd'
import { type ReactNode, useState } from 'react'
import { SeverityMark, ViolationMark } from '../parts/marks.tsx'
import { FailureNote } from '../parts/notes.tsx'
import { countText } from '../parts/number.ts'
import { Panel } from '../parts/panel.tsx'
import { dayTime } from '../parts/time.ts'
import { Link } from '../route.tsx'
import { useLanguage } from '../words/language.tsx'
import { type ContractJobAnswer, useContractJob } from './use-contract-job.ts'

const spans = [1, 7, 30] as const
const rulesShown = 12

/** What the contract, or the proposed one, would have told on the stored days. */
export function BacktestPanel({
  path,
  interfaceIds,
  nameOf,
  proposed,
}: {
  readonly path: string
  readonly interfaceIds: readonly string[]
  readonly nameOf: (id: string) => string
  readonly proposed: string | null
}): ReactNode {
  const { words } = useLanguage()
  const [interfaceId, setInterface] = useState(interfaceIds[0] ?? '')
  const [days, setDays] = useState<number>(7)
  const [isProposed, setProposed] = useState(false)
  const { job, isRunning, start, stop } = useContractJob()
  const run = (text: string | null) => {
    setProposed(text !== null)
    start(`${path}/backtest`, { interface: interfaceId, days, ...(text === null ? {} : { text }) })
  }
  return (
    <Panel title={words.contracts.backtest} note={words.contracts.backtestNote}>
      <div className="contract-backtest">
        {interfaceIds.length > 1 && (
          <Select
            aria-label={words.contracts.interfaces}
            value={interfaceId}
            popupMatchSelectWidth={false}
            options={interfaceIds.map((id) => ({ value: id, label: nameOf(id) }))}
            onChange={setInterface}
          />
        )}
        <Segmented<number>
          value={days}
          options={spans.map((value) => ({ value, label: words.contracts.days(value) }))}
          onChange={setDays}
        />
        <Button loading={isRunning} onClick={() => run(null)}>
          {words.contracts.run}
        </Button>
        {proposed !== null && (
          <Button disabled={isRunning} onClick={() => run(proposed)}>
            {words.contracts.backtestProposal}
          </Button>
        )}
        {isRunning && <Button onClick={stop}>{words.contracts.stop}</Button>}
        {isRunning && job !== null && <span role="status">{words.contracts.running(job.done)}</span>}
        {job?.state === 'stopped' && <span className="quiet">{words.contracts.stopped}</span>}
      </div>
      {job !== null && <FailureNote failure={job.failure} />}
      {job !== null && job.backtest !== null && (
        <Result backtest={job.backtest} of={isProposed ? words.contracts.ofProposal : words.contracts.ofCurrent} />
      )}
    </Panel>
  )
}

function Result({
  backtest,
  of,
}: {
  readonly backtest: NonNullable<ContractJobAnswer['backtest']>
  readonly of: string
}): ReactNode {
  const { words, pick } = useLanguage()
  const rules: { readonly [rule: string]: string } = words.rules
  return (
    <>
      <p className="contract-result">
        <strong>{words.contracts.result(backtest.exchanges, backtest.violating, backtest.tickets.length)}</strong>{' '}
        <span className="quiet">{of}</span>
      </p>
      {backtest.unreadable > 0 && <p className="warn">{words.contracts.unreadable(backtest.unreadable)}</p>}
      {backtest.tickets.length > 0 && (
        <ul className="contract-tickets">
          {backtest.tickets.map((ticket) => (
            <li key={`${ticket.openedAt} ${ticket.title.en}`}>
              <SeverityMark severity={ticket.severity} />
              <span className="figures">{dayTime(ticket.openedAt, null, 'min')}</span>
              <span>{pick(ticket.title)}</span>
            </li>
          ))}
        </ul>
      )}
      <div className="columns contract-tables">
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{words.contracts.day}</th>
              <th scope="col" className="number">
                {words.contracts.exchanges}
              </th>
              <th scope="col" className="number">
                {words.contracts.violating}
              </th>
              <th scope="col" className="number">
                {words.contracts.tickets}
              </th>
            </tr>
          </thead>
          <tbody>
            {backtest.days.map((day) => (
              <tr key={day.day}>
                <td className="figures">{day.day}</td>
                <td className="number">{countText(day.exchanges)}</td>
                <td className={`number ${day.violating === 0 ? 'zero' : ''}`}>{countText(day.violating)}</td>
                <td className={`number ${day.tickets === 0 ? 'zero' : 'bad'}`}>{day.tickets}</td>
              </tr>
            ))}
          </tbody>
        </table>
        {backtest.rules.length > 0 && (
          <table className="table">
            <thead>
              <tr>
                <th scope="col">{words.contracts.element}</th>
                <th scope="col">{words.contracts.rule}</th>
                <th scope="col" className="number">
                  {words.contracts.exchanges}
                </th>
                <th scope="col">{words.contracts.example}</th>
              </tr>
            </thead>
            <tbody>
              {backtest.rules.slice(0, rulesShown).map((rule) => (
                <tr key={`${rule.side} ${rule.element} ${rule.rule} ${rule.severity}`}>
                  <td title={pick(rule.message)}>
                    <ViolationMark severity={rule.severity} /> <code>{rule.element}</code>
                  </td>
                  <td>{rules[rule.rule] ?? rule.rule}</td>
                  <td className="number">{countText(rule.exchanges)}</td>
                  <td className="figures">
                    {rule.exchangeIds[0] !== undefined && (
                      <Link to={`/exchanges/${encodeURIComponent(rule.exchangeIds[0])}`}>
                        {dayTime(rule.firstAt, null, 'min')}
                      </Link>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </div>
    </>
  )
}
