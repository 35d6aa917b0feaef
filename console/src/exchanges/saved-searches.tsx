import { CloseOutlined } from '@ant-design/icons'
import { Button, Input } from 'antd'
import { type ReactNode, useState } from 'react'
import type { Of } from '../../../gateway/desk/api/schema.ts'
import { type SearchAnswer, searchQuery } from '../../../gateway/desk/api/searches-shapes.ts'
import { shapes } from '../../../gateway/desk/api/shapes.ts'
import { useAnswer } from '../api/answer.ts'
import { withQuery, write } from '../api/client.ts'
import { fits } from '../api/fits.ts'
import { Dialog, Field } from '../parts/dialog.tsx'
import { useSending } from '../parts/sending.ts'
import { Link } from '../route.tsx'
import { useLanguage } from '../words/language.tsx'
import { type ExchangeFilter, isFiltered } from './query.ts'

type Query = Of<typeof searchQuery>

/** The reader's own searches as links, and a way to keep the one that is shown. */
export function SavedSearches({ filter }: { readonly filter: ExchangeFilter }): ReactNode {
  const { words } = useLanguage()
  const { searches } = words
  const { answer, reload } = useAnswer('/me/searches', shapes.SearchList)
  const [isNaming, setNaming] = useState(false)
  const items = answer?.items ?? []
  const here = pathOf(queryOf(filter))
  const canSave = answer !== null && isFiltered({ ...filter, q: '' }) && !items.some(({ query }) => pathOf(query) === here)
  if (items.length === 0 && !canSave) return null
  return (
    <nav className="saved" aria-label={searches.title}>
      {items.length > 0 && <span className="quiet">{searches.title}</span>}
      {items.map((search) => (
        <Saved key={search.name} search={search} isHere={filter.q === '' && pathOf(search.query) === here} onGone={reload} />
      ))}
      {canSave && (
        <Button type="link" size="small" onClick={() => setNaming(true)}>
          {searches.save}
        </Button>
      )}
      {isNaming && <Naming query={queryOf(filter)} onClose={() => setNaming(false)} onDone={reload} />}
    </nav>
  )
}

function Saved({
  search: { name, query },
  isHere,
  onGone,
}: {
  readonly search: SearchAnswer
  readonly isHere: boolean
  readonly onGone: () => void
}): ReactNode {
  const { searches } = useLanguage().words
  const { isSending, send } = useSending()
  return (
    <span className="saved-search">
      <Link to={pathOf(query)} aria-current={isHere ? 'page' : undefined}>
        {name}
      </Link>
      <Button
        type="text"
        size="small"
        icon={<CloseOutlined />}
        loading={isSending}
        aria-label={searches.forget(name)}
        onClick={() => send(write('/me/searches/delete', { name }, shapes.SearchList), { onDone: onGone })}
      />
    </span>
  )
}

function Naming({
  query,
  onClose,
  onDone,
}: {
  readonly query: Query
  readonly onClose: () => void
  readonly onDone: () => void
}): ReactNode {
  const { searches, common } = useLanguage().words
  const [name, setName] = useState('')
  const { isSending, send } = useSending()
  const save = () => {
    send(write('/me/searches', { name: name.trim(), query }, shapes.SearchList), {
      done: searches.saved,
      onDone: () => {
        onClose()
        onDone()
      },
    })
  }
  return (
    <Dialog
      title={searches.save}
      action={searches.save}
      cancel={common.cancel}
      isReady={name.trim() !== ''}
      isSending={isSending}
      onSend={save}
      onClose={onClose}
    >
      <p className="quiet">{searches.note}</p>
      <Field label={searches.name} htmlFor="search-name">
        <Input id="search-name" autoFocus maxLength={60} value={name} onChange={(event) => setName(event.target.value)} />
      </Field>
    </Dialog>
  )
}

/** The filter without what was searched for: an identifier is not kept. */
function queryOf({ iface, outcome, type, span, from, to }: ExchangeFilter): Query {
  const times = span === 'custom' ? { from, to } : {}
  const given = Object.entries({ interface: iface, outcome, type, span, ...times }).filter(([, value]) => value !== '')
  const query: unknown = Object.fromEntries(given)
  return fits(searchQuery, query) ? query : {}
}

function pathOf(query: Query): string {
  const { interface: iface, outcome, type, span, from, to } = query
  return withQuery('/exchanges', { interface: iface, outcome, type, span, from, to })
}
