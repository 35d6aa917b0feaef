import { Button, Input, Select } from 'antd'
import { type FormEvent, type ReactNode, useState } from 'react'
import type { ArticleAnswer } from '../../../gateway/desk/api/knowledge-shapes.ts'
import { shapes } from '../../../gateway/desk/api/shapes.ts'
import { causeEntries } from '../../../gateway/incidents/catalogue.ts'
import { write } from '../api/client.ts'
import { Field } from '../parts/dialog.tsx'
import { Panel } from '../parts/panel.tsx'
import { useSending } from '../parts/sending.ts'
import { useLanguage } from '../words/language.tsx'
import { type Draft, draftOf, draftProblem, sentOf } from './draft.ts'
import './knowledge.css'

const pairs = ['title', 'meaning', 'shows', 'checks', 'who', 'workaround'] as const

/** Writes the next version of an article, or a new one where there is none. Both languages side by side. */
export function ArticleForm({
  article,
  onClose,
  onSaved,
}: {
  readonly article: ArticleAnswer | null
  readonly onClose: () => void
  readonly onSaved: (id: string) => void
}): ReactNode {
  const { words, pick } = useLanguage()
  const { knowledge } = words
  const [draft, setDraft] = useState(() => draftOf(article))
  const { isSending, send } = useSending()
  const problem = draftProblem(draft)
  const set = (change: Partial<Draft>) => setDraft((before) => ({ ...before, ...change }))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (problem !== null || isSending) return
    send(write(`/knowledge/${encodeURIComponent(draft.id)}`, sentOf(draft), shapes.ArticleInFull), {
      done: knowledge.saved,
      onDone: () => onSaved(draft.id),
    })
  }
  return (
    <Panel title={article === null ? knowledge.createTitle : knowledge.editTitle} note={knowledge.hint}>
      <form className="article-form" onSubmit={submit}>
        {article === null && (
          <Field label={knowledge.fields.id} htmlFor="article-id">
            <Input
              id="article-id"
              value={draft.id}
              maxLength={80}
              autoFocus
              onChange={(event) => set({ id: event.target.value.trim() })}
            />
          </Field>
        )}
        {pairs.map((name) => (
          <Pair key={name} name={name} draft={draft} onChange={set} />
        ))}
        <div className="article-form-pair">
          <Field label={knowledge.fields.causes} htmlFor="article-causes">
            <Select
              id="article-causes"
              mode="multiple"
              value={[...draft.causes]}
              showSearch={{ optionFilterProp: 'label' }}
              options={causeEntries.map(({ id, name }) => ({ value: id, label: pick(name) }))}
              onChange={(causes) => set({ causes })}
            />
          </Field>
          <Field label={knowledge.fields.codes} htmlFor="article-codes">
            <Input.TextArea
              id="article-codes"
              rows={2}
              value={draft.codes}
              onChange={(event) => set({ codes: event.target.value })}
            />
          </Field>
        </div>
        <Field label={knowledge.fields.note} htmlFor="article-note">
          <Input id="article-note" value={draft.note} maxLength={500} onChange={(event) => set({ note: event.target.value })} />
        </Field>
        <div className="article-form-end">
          <Button type="primary" htmlType="submit" disabled={problem !== null} loading={isSending}>
            {knowledge.save}
          </Button>
          <Button onClick={onClose}>{words.common.cancel}</Button>
          {problem !== null && (
            <span className="quiet">
              {problem === 'needsCodes' ? knowledge.needsCodes(Object.keys(knowledge.systems).join(', ')) : knowledge[problem]}
            </span>
          )}
        </div>
      </form>
    </Panel>
  )
}

function Pair({
  name,
  draft,
  onChange,
}: {
  readonly name: (typeof pairs)[number]
  readonly draft: Draft
  readonly onChange: (change: Partial<Draft>) => void
}): ReactNode {
  const { words } = useLanguage()
  const { knowledge } = words
  const legend = name === 'title' ? knowledge.fields.title : knowledge[name]
  return (
    <fieldset>
      <legend>
        {legend}
        {name === 'checks' && <span className="quiet"> {knowledge.fields.checks}</span>}
      </legend>
      <div className="article-form-pair">
        {(['zh', 'en'] as const).map((language) => (
          <Input.TextArea
            key={language}
            aria-label={`${legend} ${knowledge.fields[language]}`}
            value={draft[name][language]}
            lang={language === 'zh' ? 'zh-CN' : 'en'}
            placeholder={knowledge.fields[language]}
            autoSize={{ minRows: name === 'title' || name === 'who' ? 1 : 3, maxRows: 12 }}
            maxLength={name === 'checks' ? 12_000 : 1_000}
            onChange={(event) => onChange({ [name]: { ...draft[name], [language]: event.target.value } })}
          />
        ))}
      </div>
    </fieldset>
  )
}
