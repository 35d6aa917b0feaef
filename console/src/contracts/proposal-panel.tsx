import { Button } from 'antd'
import type { ReactNode } from 'react'
import { downloadYaml } from '../parts/download.ts'
import { Empty, FailureNote, Loading } from '../parts/notes.tsx'
import { Panel } from '../parts/panel.tsx'
import { useLanguage } from '../words/language.tsx'
import { Changes } from './contract-marks.tsx'
import type { ContractJob } from './use-contract-job.ts'

/** A proposed text: what it changes, what it leaves to people, and the text itself. */
export function ProposalPanel({
  contractId,
  job: { job, isRunning, stop },
}: {
  readonly contractId: string
  readonly job: ContractJob
}): ReactNode {
  const { words } = useLanguage()
  if (job === null) return null
  const { proposal, failure } = job
  return (
    <Panel
      title={words.contracts.proposal}
      end={
        proposal !== null && proposal.changes.length > 0 ? (
          <Button size="small" onClick={() => downloadYaml(`${contractId}.${proposal.version}.yaml`, proposal.text)}>
            {words.contracts.download}
          </Button>
        ) : isRunning ? (
          <Button size="small" onClick={stop}>
            {words.contracts.stop}
          </Button>
        ) : undefined
      }
    >
      {isRunning && <p role="status">{words.contracts.proposing(job.done)}</p>}
      {job.state === 'stopped' && <Empty>{words.contracts.stopped}</Empty>}
      <FailureNote failure={failure} />
      {proposal === null ? (
        isRunning && <Loading />
      ) : (
        <>
          {proposal.changes.length === 0 ? (
            <Empty>{words.contracts.nothing}</Empty>
          ) : (
            <>
              <Changes changes={proposal.changes} />
              <p className="quiet">
                {words.contracts.proposalNote(proposal.messages)}
                {proposal.savedAs !== null && ` ${words.contracts.savedAs(proposal.savedAs)}`}
              </p>
            </>
          )}
          {proposal.left.length > 0 && (
            <p className="warn">
              {words.contracts.left} {proposal.left.map(({ element, rule }) => `${element} (${rule})`).join(', ')}
            </p>
          )}
          {proposal.changes.length > 0 && (
            <details>
              <summary>{words.contracts.text}</summary>
              <pre className="message-text">{proposal.text}</pre>
            </details>
          )}
        </>
      )}
    </Panel>
  )
}
