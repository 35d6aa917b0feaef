import { Input, Segmented } from 'antd'
import { type ReactNode, useState } from 'react'
import { shapes } from '../../../gateway/desk/api/shapes.ts'
import { causeEntries } from '../../../gateway/incidents/catalogue.ts'
import { write } from '../api/client.ts'
import type { Names } from '../parts/catalogue.ts'
import { Dialog, Field } from '../parts/dialog.tsx'
import { useSending } from '../parts/sending.ts'
import { useLanguage } from '../words/language.tsx'
import { SubjectFields } from './subject-fields.tsx'
import type { Subjects } from './subjects.ts'

const lengths = [30, 60, 120, 240, 480, 1440] as const

/** Begins a silence. `first` is what stands in the form when it opens. */
export function SilenceForm({
  names,
  first = { interfaceIds: [], systemIds: [], cause: '' },
  title,
  note,
  onClose,
  onDone,
}: {
  readonly names: Names
  readonly first?: Subjects & { readonly cause: string }
  readonly title: string
  readonly note?: string
  readonly onClose: () => void
  readonly onDone: () => void
}): ReactNode {
  const { words, pick } = useLanguage()
  const { changes } = words
  const { isSending, send } = useSending()
  const [reason, setReason] = useState('')
  const [minutes, setMinutes] = useState<(typeof lengths)[number]>(60)
  const [cause, setCause] = useState(first.cause)
  const [subjects, setSubjects] = useState<Subjects>({ interfaceIds: first.interfaceIds, systemIds: first.systemIds })
  const isOfSomething = cause !== '' || subjects.interfaceIds.length + subjects.systemIds.length > 0
  const body = { reason: reason.trim(), minutes, ...subjects, ...(cause === '' ? {} : { cause }) }
  return (
    <Dialog
      title={title}
      action={changes.silence}
      cancel={words.common.cancel}
      isReady={reason.trim() !== '' && isOfSomething}
      isSending={isSending}
      onSend={() =>
        send(write('/silences', body, shapes.Silence), {
          done: changes.form.silenceBegun,
          onDone: () => {
            onClose()
            onDone()
          },
        })
      }
      onClose={onClose}
    >
      {note !== undefined && <p className="quiet">{note}</p>}
      <Field label={changes.form.reason} htmlFor="silence-reason">
        <Input
          id="silence-reason"
          value={reason}
          maxLength={500}
          autoFocus
          autoComplete="off"
          onChange={(event) => setReason(event.target.value)}
        />
      </Field>
      <div className="field">
        <span className="quiet">{changes.form.lasts}</span>
        <Segmented
          block
          aria-label={changes.form.lasts}
          value={minutes}
          options={lengths.map((length) => ({ value: length, label: changes.form.minutes[length] }))}
          onChange={setMinutes}
        />
      </div>
      <SubjectFields names={names} subjects={subjects} onChange={setSubjects} />
      <Field label={changes.form.cause} htmlFor="silence-cause">
        <select id="silence-cause" className="native-select" value={cause} onChange={(event) => setCause(event.target.value)}>
          <option value="">{changes.form.anyCause}</option>
          {causeEntries.map(({ id, name }) => (
            <option key={id} value={id}>
              {pick(name)}
            </option>
          ))}
        </select>
      </Field>
    </Dialog>
  )
}
