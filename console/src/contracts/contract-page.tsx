import { Button } from 'antd'
import { type ReactNode, useState } from 'react'
import { shapes } from '../../../gateway/desk/api/shapes.ts'
import { useAnswer } from '../api/answer.ts'
import { useMay } from '../api/me.ts'
import { useNames } from '../parts/catalogue.ts'
import { Empty, Loading, ProblemNote } from '../parts/notes.tsx'
import { Link } from '../route.tsx'
import { useLanguage } from '../words/language.tsx'
import { BacktestPanel } from './backtest-panel.tsx'
import type { Choosing, Chosen } from './choosing.ts'
import { ContractStateMark } from './contract-marks.tsx'
import { ContractViolations } from './contract-violations.tsx'
import { DriftPanel } from './drift-panel.tsx'
import { ProposalPanel } from './proposal-panel.tsx'
import { useContractJob } from './use-contract-job.ts'
import { Versions } from './versions.tsx'

/** One contract: what drifts, what breaks it, what a change would do, and what it said when. */
export default function ContractPage({ id }: { readonly id: string }): ReactNode {
  const { words, pick } = useLanguage()
  const names = useNames()
  const mayWrite = useMay('contracts.write')
  const asked = useAnswer('/contracts', shapes.ContractList, ['interfaces'])
  const [chosen, setChosen] = useState<readonly Chosen[]>([])
  const proposal = useContractJob()
  const path = `/contracts/${encodeURIComponent(id)}`
  if (asked.answer === null)
    return asked.problem === null ? <Loading /> : <ProblemNote problem={asked.problem} onRetry={asked.reload} />
  const contract = asked.answer.items.find((item) => item.id === id)
  if (contract === undefined) return <Empty>{words.problems.NOT_FOUND}</Empty>
  const same = (a: Chosen) => (b: Chosen) => a.element === b.element && a.rule === b.rule && a.type === b.type
  const choosing: Choosing | null = mayWrite
    ? {
        isChosen: (breach) => chosen.some(same(breach)),
        choose: (breach, isChosen) =>
          setChosen((before) => [...before.filter((one) => !same(breach)(one)), ...(isChosen ? [breach] : [])]),
      }
    : null
  return (
    <>
      <header className="page-head">
        <div className="page-head-line">
          <h1>{pick(contract.title)}</h1>
          <ContractStateMark state={contract.state} />
          <span>{words.contracts.versionOf(contract.version)}</span>
          <code className="quiet">{contract.id}</code>
          {contract.interfaceIds.map((interfaceId) => (
            <Link key={interfaceId} to={`/interfaces/${interfaceId}`}>
              {names.iface(interfaceId)}
            </Link>
          ))}
        </div>
      </header>
      <div className="stack">
        <DriftPanel path={path} today={asked.answer.at} choosing={choosing} />
        <ContractViolations path={path} today={asked.answer.at} choosing={choosing} />
        {mayWrite && chosen.length > 0 && (
          <p className="contract-choice">
            <span>{words.contracts.chosen(chosen.length)}</span>
            <Button
              type="primary"
              loading={proposal.isRunning}
              onClick={() => proposal.start(`${path}/proposal`, { accepts: chosen })}
            >
              {words.contracts.propose}
            </Button>
          </p>
        )}
        <ProposalPanel contractId={id} job={proposal} />
        {mayWrite && (
          <BacktestPanel
            path={path}
            interfaceIds={contract.interfaceIds}
            nameOf={names.iface}
            proposed={proposal.job?.proposal?.text ?? null}
          />
        )}
        <Versions path={path} contractId={id} />
      </div>
    </>
  )
}
