import { SearchOutlined } from '@ant-design/icons'
import { Button, Input, Select } from 'antd'
import { type ReactNode, useEffect, useState } from 'react'
import type { ArticleAnswer } from '../../../gateway/desk/api/knowledge-shapes.ts'
import { shapes } from '../../../gateway/desk/api/shapes.ts'
import { causeEntries } from '../../../gateway/incidents/catalogue.ts'
import { useAnswer } from '../api/answer.ts'
import { withQuery } from '../api/client.ts'
import { useMay } from '../api/me.ts'
import { Empty, Loading, ProblemNote } from '../parts/notes.tsx'
import { Link, useRoute } from '../route.tsx'
import { useLanguage } from '../words/language.tsx'
import './knowledge.css'
import { ArticleForm } from './article-form.tsx'

const articlesMax = 500

/** Everything that the house knows of causes and error codes: one search box, a filter, and the articles. */
export default function KnowledgePage(): ReactNode {
  const { words, pick } = useLanguage()
  const { query, change, go } = useRoute()
  const [isNew, setNew] = useState(false)
  const q = query.get('q') ?? ''
  const cause = query.get('cause') ?? ''
  const mayWrite = useMay('knowledge.write')
  const asked = useAnswer(withQuery('/knowledge', { q, cause, limit: articlesMax }), shapes.ArticleList)
  const { knowledge } = words
  if (isNew)
    return (
      <ArticleForm article={null} onClose={() => setNew(false)} onSaved={(id) => go(`/knowledge/${encodeURIComponent(id)}`)} />
    )
  return (
    <>
      <h1 className="unseen">{knowledge.title}</h1>
      <search className="search">
        <WordBox key={q} value={q} />
        <div className="filters">
          <Select
            className="filter-iface"
            aria-label={knowledge.cause}
            placeholder={knowledge.cause}
            value={cause === '' ? null : cause}
            allowClear
            showSearch={{ optionFilterProp: 'label' }}
            popupMatchSelectWidth={false}
            options={causeEntries.map(({ id, name }) => ({ value: id, label: pick(name) }))}
            onChange={(id: string | undefined) => change({ cause: id ?? null }, 'push')}
          />
        </div>
      </search>
      {asked.problem !== null && <ProblemNote problem={asked.problem} onRetry={asked.reload} />}
      <div className="knowledge-head">
        <span className="quiet">
          {asked.answer === null ? '' : `${knowledge.count(asked.answer.items.length)} · `}
          {knowledge.lead}
        </span>
        {mayWrite && (
          <span className="actions">
            <Button onClick={() => setNew(true)}>{knowledge.create}</Button>
          </span>
        )}
      </div>
      {asked.answer === null ? asked.problem === null && <Loading /> : <Articles items={asked.answer.items} />}
    </>
  )
}

function WordBox({ value }: { readonly value: string }): ReactNode {
  const { words } = useLanguage()
  const { change } = useRoute()
  const [text, setText] = useState(value)
  useEffect(() => setText(value), [value])
  const find = () => change({ q: text.trim() }, 'push')
  return (
    <Input
      id="search"
      size="large"
      autoFocus
      allowClear
      prefix={<SearchOutlined />}
      value={text}
      placeholder={words.knowledge.search}
      aria-label={words.knowledge.search}
      maxLength={200}
      onChange={(event) => setText(event.target.value)}
      onPressEnter={find}
      suffix={
        <Button type="text" size="small" onClick={find}>
          {words.knowledge.find}
        </Button>
      }
    />
  )
}

function Articles({ items }: { readonly items: readonly ArticleAnswer[] }): ReactNode {
  const { words, pick } = useLanguage()
  if (items.length === 0) return <Empty>{words.knowledge.empty}</Empty>
  return (
    <section className="panel panel-list">
      <ul className="articles">
        {items.map((article) => (
          <li key={article.id}>
            <Link to={`/knowledge/${encodeURIComponent(article.id)}`}>
              <span className="articles-kind">{kindOf(article, words.knowledge)}</span>
              <span className="articles-title">{pick(article.title)}</span>
              <span className="quiet">{article.edited === null ? '' : words.knowledge.edited}</span>
              <span className="articles-meaning">{pick(article.meaning)}</span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** A cause, or the table of its first code. */
function kindOf({ codes }: ArticleAnswer, words: ReturnType<typeof useLanguage>['words']['knowledge']): string {
  const [first] = codes
  return first === undefined ? words.cause : words.systems[first.system]
}
