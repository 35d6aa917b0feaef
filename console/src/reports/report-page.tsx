import type { ReactNode } from 'react'
import { shapes } from '../../../gateway/desk/api/shapes.ts'
import { useAnswer } from '../api/answer.ts'
import { Empty, Loading, ProblemNote } from '../parts/notes.tsx'
import { useLanguage } from '../words/language.tsx'
import { reportPath } from './report-path.ts'
import { ReportView } from './report-view.tsx'

/** One report in place: `weekly` is the last whole week, `weekly-2026-W47` that one. */
export default function ReportPage({ id }: { readonly id: string }): ReactNode {
  const { words } = useLanguage()
  const path = reportPath(id, 'json')
  const asked = useAnswer(path, shapes.HealthReport)
  if (path === null) return <Empty>{words.problems.NOT_FOUND}</Empty>
  if (asked.answer === null)
    return asked.problem === null ? <Loading /> : <ProblemNote problem={asked.problem} onRetry={asked.reload} />
  return <ReportView report={asked.answer} />
}
