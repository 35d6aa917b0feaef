import './changes.css'
import { Button, Input } from 'antd'
import { type ReactNode, useState } from 'react'
import type { ChangeDetail } from '../../../gateway/desk/api/changes-shapes.ts'
import { shapes } from '../../../gateway/desk/api/shapes.ts'
import { useAnswer } from '../api/answer.ts'
import { write } from '../api/client.ts'
import { useMay } from '../api/me.ts'
import { type Names, useNames } from '../parts/catalogue.ts'
import { Dialog, Field } from '../parts/dialog.tsx'
import { Empty, Loading, ProblemNote } from '../parts/notes.tsx'
import { Facts, Panel } from '../parts/panel.tsx'
import { useSending } from '../parts/sending.ts'
import { dayTime, lengthText, msBetween } from '../parts/time.ts'
import { useWords } from '../words/language.tsx'
import { HeldList } from './held-list.tsx'
import { subjectsText } from './subjects.ts'

/** One planned change: what it is, what it held back, and the configuration as it was before it. */
export default function ChangePage({ id }: { readonly id: string }): ReactNode {
  const { changes } = useWords()
  const names = useNames()
  const asked = useAnswer(`/changes/${encodeURIComponent(id)}`, shapes.ChangeDetail, ['interfaces', 'tickets'])
  const now = useAnswer('/overview', shapes.Overview, ['interfaces']).answer?.at ?? null
  if (asked.answer === null)
    return asked.problem === null ? <Loading /> : <ProblemNote problem={asked.problem} onRetry={asked.reload} />
  const change = asked.answer
  const isOfConfiguration = change.origin === 'configuration'
  return (
    <>
      <header className="page-head">
        <div className="page-head-line">
          <h1>{isOfConfiguration ? changes.configuration : change.title}</h1>
          <span className={`change-phase change-phase-${change.phase}`}>{changes.phases[change.phase]}</span>
        </div>
        <Stop change={change} onDone={asked.reload} />
      </header>
      {asked.problem !== null && <ProblemNote problem={asked.problem} onRetry={asked.reload} />}
      <div className="columns columns-ticket">
        <div className="stack">
          {!isOfConfiguration && <Held change={change} names={names} now={now} />}
          <Configuration change={change} />
        </div>
        <Panel title={changes.detail.facts}>
          <WhatItIs change={change} names={names} now={now} />
        </Panel>
      </div>
    </>
  )
}

function WhatItIs({
  change,
  names,
  now,
}: {
  readonly change: ChangeDetail
  readonly names: Names
  readonly now: string | null
}): ReactNode {
  const words = useWords()
  const { changes } = words
  const { detail } = changes
  const subjects = subjectsText(change, names) ?? words.common.none
  if (change.origin === 'configuration')
    return (
      <Facts
        items={[
          [words.common.at, `${dayTime(change.madeAt, now)} · ${changes.configurationNote}`],
          [detail.subjects, subjects],
        ]}
      />
    )
  const ended = change.endedAt === null ? null : dayTime(change.endedAt, now, 'min')
  return (
    <Facts
      items={[
        [
          detail.window,
          `${dayTime(change.from, now, 'min')} – ${dayTime(change.to, change.from, 'min')} · ${lengthText(msBetween(change.from, change.to), words)}`,
        ],
        ...(ended === null || change.endedBy === null
          ? []
          : [
              [
                detail.ended,
                change.phase === 'cancelled'
                  ? changes.cancelledBy(change.endedBy, ended)
                  : changes.endedEarly(change.endedBy, ended),
              ] as const,
            ]),
        [detail.approval, <code key="approval">{change.approval}</code>],
        [detail.by, change.by],
        [detail.made, dayTime(change.madeAt, now, 'min')],
        [detail.subjects, subjects],
        [detail.graceTerm, `${change.graceMin} ${words.units.min}`],
        ...(change.comment === '' ? [] : [[detail.comment, change.comment] as const]),
      ]}
    />
  )
}

function Held({
  change,
  names,
  now,
}: {
  readonly change: ChangeDetail
  readonly names: Names
  readonly now: string | null
}): ReactNode {
  const { detail } = useWords().changes
  return (
    <Panel title={detail.incidents}>
      {change.incidents.length === 0 ? (
        <Empty>{detail.incidentsNone}</Empty>
      ) : (
        <HeldList items={change.incidents} names={names} now={now} />
      )}
    </Panel>
  )
}

function Configuration({ change }: { readonly change: ChangeDetail }): ReactNode {
  const words = useWords()
  const { detail } = words.changes
  if (change.configuration === null || change.snapshot === null) return null
  return (
    <Panel
      title={change.origin === 'configuration' ? words.iface.setup : detail.snapshot}
      note={change.configuration.isCurrent ? detail.current : detail.differs}
      className="configuration"
    >
      <details>
        <summary>
          {detail.show} <code className="quiet">{change.snapshot.slice(0, 12)}</code>
        </summary>
        <pre>{change.configuration.text}</pre>
      </details>
      {change.configuration.before !== null && (
        <details>
          <summary>
            {detail.snapshotBefore} <code className="quiet">{change.snapshotBefore?.slice(0, 12)}</code>
          </summary>
          <pre>{change.configuration.before}</pre>
        </details>
      )}
    </Panel>
  )
}

/** Cancels what has not begun, ends early what has. */
function Stop({ change, onDone }: { readonly change: ChangeDetail; readonly onDone: () => void }): ReactNode {
  const words = useWords()
  const { changes } = words
  const mayWrite = useMay('changes.write')
  const { isSending, send } = useSending()
  const [isOpen, setOpen] = useState(false)
  const [reason, setReason] = useState('')
  if (!mayWrite || (change.phase !== 'coming' && change.phase !== 'now')) return null
  const isCancel = change.phase === 'coming'
  const label = isCancel ? changes.cancel : changes.end
  const path = `/changes/${encodeURIComponent(change.id)}/${isCancel ? 'cancel' : 'end'}`
  const text = reason.trim()
  return (
    <div className="actions">
      <Button onClick={() => setOpen(true)}>{label}</Button>
      {isOpen && (
        <Dialog
          title={label}
          action={label}
          cancel={words.common.cancel}
          isReady={!isCancel || text !== ''}
          isSending={isSending}
          onSend={() =>
            send(write(path, text === '' ? {} : { reason: text }, shapes.Change), {
              done: changes.done,
              onDone: () => {
                setOpen(false)
                onDone()
              },
            })
          }
          onClose={() => setOpen(false)}
        >
          <Field label={isCancel ? changes.cancelReason : changes.endReason} htmlFor="stop-reason">
            <Input
              id="stop-reason"
              value={reason}
              maxLength={500}
              autoFocus
              autoComplete="off"
              onChange={(event) => setReason(event.target.value)}
            />
          </Field>
        </Dialog>
      )}
    </div>
  )
}
