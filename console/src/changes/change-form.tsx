import { Input, InputNumber } from 'antd'
import { type ReactNode, useState } from 'react'
import { shapes } from '../../../gateway/desk/api/shapes.ts'
import { write } from '../api/client.ts'
import type { Names } from '../parts/catalogue.ts'
import { Dialog, Field } from '../parts/dialog.tsx'
import { useSending } from '../parts/sending.ts'
import { shifted, zoneOf } from '../parts/time.ts'
import { useWords } from '../words/language.tsx'
import { SubjectFields } from './subject-fields.tsx'
import type { Subjects } from './subjects.ts'

const hourMs = 3_600_000
const approvalPattern = /^[\p{L}\p{N}._/#-]{1,60}$/u

/** Declares approved work. Times are the hospital's wall clock, in the offset that its zone has now. */
export function ChangeForm({
  names,
  now,
  onClose,
  onDone,
}: {
  readonly names: Names
  readonly now: string
  readonly onClose: () => void
  readonly onDone: () => void
}): ReactNode {
  const words = useWords()
  const { changes } = words
  const { isSending, send } = useSending()
  const [title, setTitle] = useState('')
  const [approval, setApproval] = useState('')
  const [from, setFrom] = useState(() => shifted(now, hourMs).slice(0, 13).concat(':00'))
  const [to, setTo] = useState(() =>
    shifted(now, 2 * hourMs)
      .slice(0, 13)
      .concat(':00'),
  )
  const [graceMin, setGraceMin] = useState(10)
  const [comment, setComment] = useState('')
  const [subjects, setSubjects] = useState<Subjects>({ interfaceIds: [], systemIds: [] })
  const instant = (wallClock: string) => `${wallClock}:00.000${zoneOf(now)}`
  const isInOrder = to > from && Date.parse(instant(to)) > Date.parse(now)
  const isApproval = approvalPattern.test(approval.trim())
  const hasSubject = subjects.interfaceIds.length + subjects.systemIds.length > 0
  const isReady = title.trim() !== '' && isApproval && isInOrder && hasSubject
  const body = {
    title: title.trim(),
    approval: approval.trim(),
    from: instant(from),
    to: instant(to),
    ...subjects,
    graceMin,
    comment: comment.trim(),
  }
  return (
    <Dialog
      title={changes.plan}
      action={changes.plan}
      cancel={words.common.cancel}
      isReady={isReady}
      isSending={isSending}
      onSend={() =>
        send(write('/changes', body, shapes.Change), {
          done: changes.form.planned,
          onDone: () => {
            onClose()
            onDone()
          },
        })
      }
      onClose={onClose}
    >
      <Field label={changes.form.title} htmlFor="change-title">
        <Input
          id="change-title"
          value={title}
          maxLength={120}
          autoFocus
          autoComplete="off"
          onChange={(event) => setTitle(event.target.value)}
        />
      </Field>
      <Field label={changes.form.approval} htmlFor="change-approval">
        <Input
          id="change-approval"
          value={approval}
          maxLength={60}
          autoComplete="off"
          status={approval === '' || isApproval ? '' : 'error'}
          onChange={(event) => setApproval(event.target.value)}
        />
        <span className={approval === '' || isApproval ? 'field-note' : 'field-note field-note-bad'}>
          {changes.form.approvalNote}
        </span>
      </Field>
      <div className="field-pair">
        <Field label={changes.form.from} htmlFor="change-from">
          <Input id="change-from" type="datetime-local" value={from} onChange={(event) => setFrom(event.target.value)} />
        </Field>
        <Field label={changes.form.to} htmlFor="change-to">
          <Input
            id="change-to"
            type="datetime-local"
            value={to}
            status={isInOrder ? '' : 'error'}
            onChange={(event) => setTo(event.target.value)}
          />
        </Field>
      </div>
      {!isInOrder && <span className="field-note field-note-bad">{changes.form.order}</span>}
      <SubjectFields names={names} subjects={subjects} onChange={setSubjects} />
      <Field label={changes.form.grace} htmlFor="change-grace">
        <InputNumber id="change-grace" min={0} max={720} value={graceMin} onChange={(value) => setGraceMin(value ?? 10)} />
      </Field>
      <Field label={changes.form.comment} htmlFor="change-comment">
        <Input.TextArea
          id="change-comment"
          value={comment}
          rows={2}
          maxLength={2000}
          onChange={(event) => setComment(event.target.value)}
        />
      </Field>
    </Dialog>
  )
}
