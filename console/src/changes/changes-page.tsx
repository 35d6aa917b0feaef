import './changes.css'
import { Button } from 'antd'
import { type ReactNode, useState } from 'react'
import { shapes } from '../../../gateway/desk/api/shapes.ts'
import { useAnswer } from '../api/answer.ts'
import { useMay } from '../api/me.ts'
import { useNames } from '../parts/catalogue.ts'
import { Empty, Loading, ProblemNote } from '../parts/notes.tsx'
import { Panel } from '../parts/panel.tsx'
import { useLanguage } from '../words/language.tsx'
import { ChangeForm } from './change-form.tsx'
import { ChangeList } from './change-list.tsx'
import { useServerNow } from './server-now.ts'
import { SilenceForm } from './silence-form.tsx'
import { SilenceList } from './silence-list.tsx'

const pastSilencesMax = 10

/** Planned changes by the calendar, and silences with what is left of them. */
export default function ChangesPage(): ReactNode {
  const { words } = useLanguage()
  const { changes } = words
  const names = useNames()
  const asked = useAnswer('/changes?limit=200', shapes.ChangeList, ['interfaces', 'tickets'])
  const silences = useAnswer('/silences?limit=100', shapes.SilenceList, ['interfaces', 'tickets'])
  const now = useServerNow(asked.answer?.at ?? null)
  const [form, setForm] = useState<'change' | 'silence' | null>(null)
  const mayWrite = useMay('changes.write')
  const problem = asked.problem ?? silences.problem
  const reload = () => {
    asked.reload()
    silences.reload()
  }
  if (asked.answer === null || silences.answer === null || now === null)
    return problem === null ? <Loading /> : <ProblemNote problem={problem} onRetry={reload} />
  const { items } = asked.answer
  const open = items.filter(({ phase }) => phase === 'now')
  // What comes is read from today on; what is over, from today back.
  const coming = items.filter(({ phase }) => phase === 'coming').toReversed()
  const past = items.filter(({ phase }) => phase === 'past' || phase === 'cancelled')
  const standing = silences.answer.items.filter(({ isActive }) => isActive)
  const over = silences.answer.items.filter(({ isActive }) => !isActive).slice(0, pastSilencesMax)
  return (
    <>
      <h1 className="unseen">{changes.title}</h1>
      <div className="changes-head">
        <p>{changes.lead}</p>
        {mayWrite && (
          <div className="actions">
            <Button onClick={() => setForm('silence')}>{changes.silence}</Button>
            <Button type="primary" onClick={() => setForm('change')}>
              {changes.plan}
            </Button>
          </div>
        )}
      </div>
      {problem !== null && <ProblemNote problem={problem} onRetry={reload} />}
      <div className="columns columns-changes">
        <div className="stack">
          <Panel title={changes.now} className="panel-list">
            {open.length === 0 ? <Empty>{changes.nowNone}</Empty> : <ChangeList items={open} names={names} now={now} />}
          </Panel>
          <Panel title={changes.coming} className="panel-list">
            {coming.length === 0 ? <Empty>{changes.comingNone}</Empty> : <ChangeList items={coming} names={names} now={now} />}
          </Panel>
          <Panel title={changes.past} className="panel-list">
            {past.length === 0 ? <Empty>{changes.pastNone}</Empty> : <ChangeList items={past} names={names} now={now} />}
          </Panel>
        </div>
        <div className="stack">
          <Panel title={changes.silences} className="panel-list">
            {standing.length === 0 ? (
              <Empty>{changes.silencesNone}</Empty>
            ) : (
              <SilenceList items={standing} names={names} now={now} onDone={reload} />
            )}
          </Panel>
          {over.length > 0 && (
            <Panel title={changes.silencesPast} className="panel-list">
              <SilenceList items={over} names={names} now={now} onDone={reload} />
            </Panel>
          )}
        </div>
      </div>
      {form === 'change' && <ChangeForm names={names} now={now} onClose={() => setForm(null)} onDone={reload} />}
      {form === 'silence' && (
        <SilenceForm names={names} title={changes.silence} onClose={() => setForm(null)} onDone={reload} />
      )}
    </>
  )
}
