import type { ReactNode } from 'react'
import type { ArticleAnswer, LessonAnswer } from '../../../gateway/desk/api/knowledge-shapes.ts'
import { Empty } from '../parts/notes.tsx'
import { dayTime } from '../parts/time.ts'
import { Link } from '../route.tsx'
import { useLanguage } from '../words/language.tsx'
import './knowledge.css'

/** What an article says, as a person at the telephone needs it: checks first to read, each on its line. */
export function ArticleView({
  article,
}: {
  readonly article: Pick<ArticleAnswer, 'meaning' | 'shows' | 'checks' | 'who' | 'workaround'>
}): ReactNode {
  const { words, pick } = useLanguage()
  const { knowledge } = words
  return (
    <dl className="article">
      <dt>{knowledge.meaning}</dt>
      <dd>{pick(article.meaning)}</dd>
      {article.shows !== null && (
        <>
          <dt>{knowledge.shows}</dt>
          <dd>{pick(article.shows)}</dd>
        </>
      )}
      {article.checks.length > 0 && (
        <>
          <dt>{knowledge.checks}</dt>
          <dd>
            <ol className="article-checks">
              {article.checks.map((check) => (
                <li key={check.en}>{pick(check)}</li>
              ))}
            </ol>
          </dd>
        </>
      )}
      <dt>{knowledge.who}</dt>
      <dd>{pick(article.who)}</dd>
      {article.workaround !== null && (
        <>
          <dt>{knowledge.workaround}</dt>
          <dd>{pick(article.workaround)}</dd>
        </>
      )}
    </dl>
  )
}

/** How tickets of the kind were solved before, in the words of those who did. */
export function Lessons({
  lessons,
  nameOf,
}: {
  readonly lessons: readonly LessonAnswer[]
  /** Of an interface. */
  readonly nameOf: (id: string) => string
}): ReactNode {
  const { words } = useLanguage()
  const { knowledge } = words
  if (lessons.length === 0) return <Empty>{knowledge.lessonsNone}</Empty>
  return (
    <ul className="lessons">
      {lessons.map((lesson) => (
        <li key={lesson.ticketId}>
          <p className="quiet">
            {dayTime(lesson.at, null)} · {lesson.by} · {lesson.interfaceIds.map(nameOf).join(' · ')}
            {' · '}
            {lesson.hasTicket ? <Link to={`/tickets/${lesson.ticketId}`}>{lesson.ticketId}</Link> : lesson.ticketId}
          </p>
          {(['rootCause', 'repair', 'resolved', 'closed'] as const).map((part) => {
            const said = lesson[part]
            return said === null ? null : (
              <p key={part}>
                <strong>{knowledge[part]}</strong> {said}
              </p>
            )
          })}
        </li>
      ))}
    </ul>
  )
}
