import { Button } from 'antd'
import type { ReactNode } from 'react'
import { shapes } from '../../../gateway/desk/api/shapes.ts'
import { useAnswer } from '../api/answer.ts'
import { write } from '../api/client.ts'
import { Loading, ProblemNote } from '../parts/notes.tsx'
import { Facts, Panel } from '../parts/panel.tsx'
import { useSending } from '../parts/sending.ts'
import { dayTime } from '../parts/time.ts'
import { useLanguage } from '../words/language.tsx'

/** Whether the audit is as it was written, and where its signatures are put away. */
export function ChainPanel(): ReactNode {
  const { words } = useLanguage()
  const { isSending, send } = useSending()
  const { answer, problem, reload } = useAnswer('/audit/state', shapes.AuditState)
  if (answer === null) return problem === null ? <Loading /> : <ProblemNote problem={problem} onRetry={reload} />
  const { audit } = words
  const { verification, anchors } = answer
  const placeText = (number: number) => (number === 0 ? words.common.notKnown : audit.record(number))
  const breach = verification?.breach ?? null
  return (
    <Panel
      className="chain"
      title={audit.chain}
      note={audit.lead}
      end={
        <Button
          size="small"
          loading={isSending}
          onClick={() => send(write('/audit/verify', {}, shapes.AuditState), { onDone: reload })}
        >
          {audit.verify}
        </Button>
      }
    >
      <p className={`chain-state ${breach === null ? 'chain-whole' : 'bad'}`} role="status">
        {verification === null
          ? audit.notYet
          : breach === null
            ? audit.whole(verification.records)
            : `${audit.broken(breach.number)}: ${audit.why[breach.why]}`}
      </p>
      <Facts
        items={[
          [audit.verifiedAt, verification === null ? words.common.notKnown : dayTime(verification.at, null)],
          [audit.signed, placeText(answer.lastSignature?.number ?? 0)],
          [audit.anchored, placeText(verification?.anchoredUpTo ?? 0)],
          [
            audit.anchors,
            anchors.length === 0
              ? words.common.none
              : anchors.map(({ name, failingSince }) => (
                  <span key={name} className={failingSince === null ? 'chain-anchor' : 'chain-anchor bad'}>
                    <code>{name}</code> {failingSince !== null && audit.anchorFailing(dayTime(failingSince, null, 'min'))}
                  </span>
                )),
          ],
        ]}
      />
    </Panel>
  )
}
