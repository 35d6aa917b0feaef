import { Button, Input, Select } from 'antd'
import { type ReactNode, useState } from 'react'
import type { CarriedAction } from '../../../gateway/desk/api/report-shapes.ts'
import { shapes } from '../../../gateway/desk/api/shapes.ts'
import { write } from '../api/client.ts'
import { useMay } from '../api/me.ts'
import { useOwnerName } from '../parts/catalogue.ts'
import { Dialog, Field } from '../parts/dialog.tsx'
import { Empty } from '../parts/notes.tsx'
import { Panel } from '../parts/panel.tsx'
import { useSending } from '../parts/sending.ts'
import { useLanguage } from '../words/language.tsx'

type Action = Pick<CarriedAction, 'id' | 'period' | 'text' | 'owner' | 'dueOn' | 'state' | 'note'> & {
  readonly isLate?: boolean
  readonly isSeen?: boolean | null
}

/** Actions of earlier reports, with whether what they were about was seen again. Who may, changes them here. */
export function CarriedActions({
  actions,
  onChanged,
}: {
  readonly actions: readonly Action[]
  readonly onChanged?: () => void
}): ReactNode {
  const { words } = useLanguage()
  const text = words.reports
  const ownerOf = useOwnerName()
  const mayWrite = useMay('reports.write') && onChanged !== undefined
  const [changing, setChanging] = useState<Action | null>(null)
  return (
    <Panel title={text.actions} note={text.actionsNote}>
      {actions.length === 0 && <Empty>{text.actionsNone}</Empty>}
      <ul className="report-actions">
        {actions.map((action) => (
          <ActionLine
            key={action.id}
            action={action}
            ownerOf={ownerOf}
            onChange={mayWrite ? () => setChanging(action) : null}
          />
        ))}
      </ul>
      {changing !== null && onChanged !== undefined && (
        <ActionForm key={changing.id} action={changing} onClose={() => setChanging(null)} onDone={onChanged} />
      )}
    </Panel>
  )
}

function ActionLine({
  action,
  ownerOf,
  onChange,
}: {
  readonly action: Action
  readonly ownerOf: (owner: string) => string
  readonly onChange: (() => void) | null
}): ReactNode {
  const { words, pick } = useLanguage()
  const text = words.reports
  const { period, owner, dueOn, state, note, isLate, isSeen } = action
  return (
    <li>
      <p>{pick(action.text)}</p>
      <p className="quiet">
        {[period, owner === null ? text.nobody : ownerOf(owner), dueOn, note].filter((part) => part !== null).join(' · ')}
      </p>
      <p className="report-action-end">
        <span className={`ticket-state ticket-state-${state === 'open' ? 'assigned' : 'closed'}`}>
          {text.actionStates[state]}
        </span>
        {isLate === true && <span className="bad">{text.late}</span>}
        {isSeen !== null && isSeen !== undefined && (
          <span className={isSeen ? 'bad' : 'quiet'}>{isSeen ? text.seen : text.notSeen}</span>
        )}
        {onChange !== null && (
          <Button size="small" onClick={onChange}>
            {text.change}
          </Button>
        )}
      </p>
    </li>
  )
}

function ActionForm({
  action,
  onClose,
  onDone,
}: {
  readonly action: Action
  readonly onClose: () => void
  readonly onDone: () => void
}): ReactNode {
  const { words } = useLanguage()
  const text = words.reports
  const [owner, setOwner] = useState(action.owner ?? '')
  const [dueOn, setDueOn] = useState(action.dueOn ?? '')
  const [note, setNote] = useState(action.note ?? '')
  const [state, setState] = useState(action.state)
  const { isSending, send } = useSending()
  const given = Object.entries({ owner: owner.trim(), dueOn, note: note.trim() }).filter(([, value]) => value !== '')
  const body = { state, ...Object.fromEntries(given) }
  return (
    <Dialog
      title={text.change}
      action={text.change}
      cancel={words.common.cancel}
      isReady
      isSending={isSending}
      onSend={() =>
        send(write(`/reports/actions/${action.id}`, body, shapes.ReportAction), {
          done: text.saved,
          onDone: () => {
            onClose()
            onDone()
          },
        })
      }
      onClose={onClose}
    >
      <Field label={text.state} htmlFor="action-state">
        <Select
          id="action-state"
          value={state}
          getPopupContainer={(trigger) => trigger.parentElement ?? document.body}
          options={(['open', 'done', 'dropped'] as const).map((value) => ({ value, label: text.actionStates[value] }))}
          onChange={setState}
        />
      </Field>
      <Field label={text.owner} htmlFor="action-owner">
        <Input
          id="action-owner"
          value={owner}
          maxLength={100}
          autoComplete="off"
          onChange={(event) => setOwner(event.target.value)}
        />
      </Field>
      <Field label={text.dueOn} htmlFor="action-due">
        <Input id="action-due" type="date" value={dueOn} onChange={(event) => setDueOn(event.target.value)} />
      </Field>
      <Field label={text.note} htmlFor="action-note">
        <Input.TextArea
          id="action-note"
          value={note}
          rows={3}
          maxLength={1000}
          onChange={(event) => setNote(event.target.value)}
        />
      </Field>
    </Dialog>
  )
}
