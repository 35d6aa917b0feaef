import { Button, Checkbox, Input } from 'antd'
import { type ReactNode, useState } from 'react'
import type { Of } from '../../../gateway/desk/api/schema.ts'
import { shapes } from '../../../gateway/desk/api/shapes.ts'
import { useAnswer } from '../api/answer.ts'
import { write } from '../api/client.ts'
import { useMay } from '../api/me.ts'
import { Dialog, Field } from '../parts/dialog.tsx'
import { ProblemNote } from '../parts/notes.tsx'
import { Panel } from '../parts/panel.tsx'
import { useSending } from '../parts/sending.ts'
import { dayTime } from '../parts/time.ts'
import { useLanguage } from '../words/language.tsx'

type Line = Of<typeof shapes.ReportSchedule>['items'][number]

/** When reports are made; those who may set it. */
export function Schedule(): ReactNode {
  const { words, pick } = useLanguage()
  const text = words.reports
  const asked = useAnswer('/reports/schedule', shapes.ReportSchedule)
  const mayWrite = useMay('reports.write')
  const [changing, setChanging] = useState<Line | null>(null)
  return (
    <Panel title={text.schedule} note={text.scheduleNote}>
      {asked.problem !== null && <ProblemNote problem={asked.problem} onRetry={asked.reload} />}
      <ul className="report-actions">
        {(asked.answer?.items ?? []).map((line) => (
          <li key={line.kind}>
            <p>
              <b>{text.kinds[line.kind]}</b> {line.isOn ? line.time : text.off}
            </p>
            <p className="quiet">{pick(line.rule)}</p>
            <p className="report-action-end">
              {line.nextPeriod !== null && line.nextAt !== null && (
                <span className="quiet">{text.next(line.nextPeriod, dayTime(line.nextAt, null, 'min'))}</span>
              )}
              {mayWrite && (
                <Button size="small" onClick={() => setChanging(line)}>
                  {text.change}
                </Button>
              )}
            </p>
          </li>
        ))}
      </ul>
      {changing !== null && <ScheduleForm line={changing} onClose={() => setChanging(null)} onDone={asked.reload} />}
    </Panel>
  )
}

function ScheduleForm({
  line,
  onClose,
  onDone,
}: {
  readonly line: Line
  readonly onClose: () => void
  readonly onDone: () => void
}): ReactNode {
  const { words } = useLanguage()
  const text = words.reports
  const [time, setTime] = useState(line.time)
  const [isOn, setOn] = useState(line.isOn)
  const { isSending, send } = useSending()
  return (
    <Dialog
      title={text.kinds[line.kind]}
      action={text.change}
      cancel={words.common.cancel}
      isReady={/^([01]\d|2[0-3]):[0-5]\d$/.test(time)}
      isSending={isSending}
      onSend={() =>
        send(write('/reports/schedule', { kind: line.kind, isOn, time }, shapes.ReportSchedule), {
          done: text.saved,
          onDone: () => {
            onClose()
            onDone()
          },
        })
      }
      onClose={onClose}
    >
      <Checkbox checked={isOn} onChange={(event) => setOn(event.target.checked)}>
        {text.isOn}
      </Checkbox>
      <Field label={text.time} htmlFor="schedule-time">
        <Input id="schedule-time" type="time" value={time} onChange={(event) => setTime(event.target.value)} />
      </Field>
    </Dialog>
  )
}
