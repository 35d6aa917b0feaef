import { Button } from 'antd'
import { type ReactNode, useState } from 'react'
import type { ArticleAnswer, ArticleHistory, LessonAnswer } from '../../../gateway/desk/api/knowledge-shapes.ts'
import { shapes } from '../../../gateway/desk/api/shapes.ts'
import { findCauseEntry } from '../../../gateway/incidents/catalogue.ts'
import { useAnswer } from '../api/answer.ts'
import { useMay } from '../api/me.ts'
import { useNames } from '../parts/catalogue.ts'
import { Empty, Loading, ProblemNote } from '../parts/notes.tsx'
import { Panel } from '../parts/panel.tsx'
import { dayTime } from '../parts/time.ts'
import { Link } from '../route.tsx'
import { useLanguage } from '../words/language.tsx'
import { ArticleForm } from './article-form.tsx'
import { ArticleView, Lessons } from './article-view.tsx'

/** One article: what it says, how such tickets were solved, and who changed it when. */
export default function ArticlePage({ id }: { readonly id: string }): ReactNode {
  const { words, pick } = useLanguage()
  const { knowledge } = words
  const asked = useAnswer(`/knowledge/${encodeURIComponent(id)}`, shapes.ArticleInFull, ['tickets'])
  const [isEdited, setEdited] = useState(false)
  const mayWrite = useMay('knowledge.write')
  if (asked.answer === null)
    return asked.problem === null ? <Loading /> : <ProblemNote problem={asked.problem} onRetry={asked.reload} />
  const { article, history, lessons } = asked.answer
  if (isEdited) {
    const saved = () => {
      setEdited(false)
      asked.reload()
    }
    return <ArticleForm article={article} onClose={() => setEdited(false)} onSaved={saved} />
  }
  const isOfCause = article.id === `cause-${article.causes[0] ?? ''}`
  return (
    <>
      <header className="page-head">
        <div className="page-head-line">
          <h1>{pick(article.title)}</h1>
          <code className="quiet">{article.id}</code>
        </div>
        {mayWrite && (
          <div className="actions">
            <Button onClick={() => setEdited(true)}>{knowledge.edit}</Button>
          </div>
        )}
      </header>
      <div className="columns columns-ticket">
        <div className="stack">
          <Panel title={knowledge.title}>
            <ArticleView article={article} />
            <Related article={article} />
          </Panel>
          {isOfCause && (
            <Panel title={knowledge.lessons}>
              <NamedLessons lessons={lessons} />
            </Panel>
          )}
        </div>
        <Panel title={knowledge.history}>
          <History history={history} />
        </Panel>
      </div>
    </>
  )
}

/** The names are asked for where there are lessons to show. */
function NamedLessons({ lessons }: { readonly lessons: readonly LessonAnswer[] }): ReactNode {
  return <Lessons lessons={lessons} nameOf={useNames().iface} />
}

function Related({ article }: { readonly article: ArticleAnswer }): ReactNode {
  const { words, pick } = useLanguage()
  const { knowledge } = words
  const causes = article.causes.filter((cause) => article.id !== `cause-${cause}`)
  if (causes.length === 0 && article.codes.length === 0) return null
  return (
    <p className="article-foot">
      {article.codes.length > 0 && (
        <span>
          <span className="quiet">{knowledge.codes}</span>{' '}
          {article.codes.map(({ system, code }) => (
            <code key={`${system} ${code}`}>
              {knowledge.systems[system]} {code}{' '}
            </code>
          ))}
        </span>
      )}
      {causes.length > 0 && (
        <span>
          <span className="quiet">{knowledge.related}</span>{' '}
          {causes.map((cause) => (
            <Link key={cause} className="key-link" to={`/knowledge/cause-${cause}`}>
              {pick(findCauseEntry(cause)?.name ?? { zh: cause, en: cause })}
            </Link>
          ))}
        </span>
      )}
    </p>
  )
}

function History({ history }: { readonly history: ArticleHistory }): ReactNode {
  const { words } = useLanguage()
  const { knowledge } = words
  if (history.length === 0) return <Empty>{knowledge.seeded}</Empty>
  return (
    <div className="history">
      {history.map(({ version, at, by, note, content }) => (
        <details key={version}>
          <summary>
            {knowledge.version(version)} <span className="quiet">{knowledge.editedBy(by, dayTime(at, null))}</span>
            {note !== null && <div>{note}</div>}
          </summary>
          <ArticleView article={content} />
        </details>
      ))}
    </div>
  )
}
