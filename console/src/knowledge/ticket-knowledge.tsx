import type { ReactNode } from 'react'
import { shapes } from '../../../gateway/desk/api/shapes.ts'
import { useAnswer } from '../api/answer.ts'
import { useMay } from '../api/me.ts'
import { Empty, ProblemNote } from '../parts/notes.tsx'
import { Panel } from '../parts/panel.tsx'
import { Link } from '../route.tsx'
import { useLanguage } from '../words/language.tsx'
import { ArticleView, Lessons } from './article-view.tsx'
import './knowledge.css'

/** What the house knows of a ticket's causes and error codes, and how such tickets were solved before. A panel for the ticket's page. */
export function TicketKnowledge({
  ticketId,
  nameOf,
}: {
  readonly ticketId: string
  /** Of an interface. */
  readonly nameOf: (id: string) => string
}): ReactNode {
  const { words, pick } = useLanguage()
  const { knowledge } = words
  const mayRead = useMay('knowledge.read')
  const path = mayRead ? `/tickets/${encodeURIComponent(ticketId)}/knowledge` : null
  const { answer, problem, reload } = useAnswer(path, shapes.TicketKnowledge, ['tickets'])
  if (!mayRead) return null
  return (
    <Panel title={knowledge.ofTicket} end={<Link to="/knowledge">{knowledge.all}</Link>}>
      {problem !== null && <ProblemNote problem={problem} onRetry={reload} />}
      {answer !== null && (
        <div className="known">
          {answer.articles.length === 0 && <Empty>{knowledge.ofTicketNone}</Empty>}
          {answer.articles.map((article, i) => (
            <details key={article.id} open={i === 0}>
              <summary>{pick(article.title)}</summary>
              <ArticleView article={article} />
              <Link to={`/knowledge/${encodeURIComponent(article.id)}`}>{knowledge.show}</Link>
            </details>
          ))}
          {answer.lessons.length > 0 && (
            <>
              <h3>{knowledge.lessons}</h3>
              <Lessons lessons={answer.lessons} nameOf={nameOf} />
            </>
          )}
        </div>
      )}
    </Panel>
  )
}
