import { SearchOutlined } from '@ant-design/icons'
import { App, Button, Input, type InputRef, Select } from 'antd'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import type { InterfaceAnswer } from '../../../gateway/desk/api/shapes.ts'
import { SaveButton } from '../evidence/save-button.tsx'
import { copyText } from '../parts/copy.ts'
import { clockTime } from '../parts/time.ts'
import { useRoute } from '../route.tsx'
import { useLanguage } from '../words/language.tsx'
import { type ExchangeFilter, exportPath, isFiltered, outcomes, spans } from './query.ts'
import { SavedSearches } from './saved-searches.tsx'

/** The search box, which has the focus when the page opens, and the filters. Enter searches; everything goes into the address. */
export function SearchBar({
  filter,
  interfaces,
  now,
}: {
  readonly filter: ExchangeFilter
  readonly interfaces: readonly InterfaceAnswer[]
  readonly now: string | null
}): ReactNode {
  const { words, pick } = useLanguage()
  const { change, go } = useRoute()
  const { exchanges } = words
  return (
    <search className="search">
      <SearchBox q={filter.q} />
      <div className="filters">
        <Select
          className="filter-iface"
          aria-label={exchanges.iface}
          value={filter.iface === '' ? null : filter.iface}
          placeholder={exchanges.iface}
          allowClear
          showSearch={{ optionFilterProp: 'label' }}
          popupMatchSelectWidth={false}
          options={interfaces.map(({ id, name }) => ({ value: id, label: pick(name) }))}
          onChange={(id: string | undefined) => change({ interface: id ?? null }, 'push')}
        />
        <Select
          className="filter-outcome"
          aria-label={exchanges.outcome}
          value={filter.outcome === '' ? null : filter.outcome}
          placeholder={exchanges.outcome}
          allowClear
          options={outcomes.map((outcome) => ({ value: outcome, label: words.outcomes[outcome] }))}
          onChange={(outcome: string | undefined) => change({ outcome: outcome ?? null }, 'push')}
        />
        <TypeBox key={filter.type} type={filter.type} />
        <Select
          className="filter-span"
          aria-label={exchanges.time}
          value={filter.span}
          options={spans.map((span) => ({ value: span, label: exchanges.spans[span] }))}
          onChange={(span) =>
            change(
              {
                span,
                ...(span === 'custom' && filter.from === '' && now !== null ? { from: `${now.slice(0, 10)}T00:00` } : {}),
              },
              'push',
            )
          }
        />
        {filter.span === 'custom' && (
          <>
            <TimeBox name="from" label={exchanges.from} value={filter.from} />
            <TimeBox name="to" label={exchanges.to} value={filter.to} />
          </>
        )}
        {isFiltered(filter) && (
          <Button type="link" onClick={() => go('/exchanges')}>
            {exchanges.clear}
          </Button>
        )}
        <CopyLink />
        {now !== null && (
          <SaveButton path={exportPath(filter, now)} label={words.evidence.exportCsv} hint={words.evidence.exportHint} />
        )}
        {now !== null && (
          <span className="quiet filters-end">
            {exchanges.hospitalTime} {clockTime(now, 'min')} {now.slice(-6)}
          </span>
        )}
      </div>
      <SavedSearches filter={filter} />
    </search>
  )
}

function SearchBox({ q }: { readonly q: string }): ReactNode {
  const { words } = useLanguage()
  const { change } = useRoute()
  const [text, setText] = useState(q)
  const box = useRef<InputRef>(null)
  useEffect(() => setText(q), [q])
  useEffect(() => box.current?.focus({ cursor: 'all' }), [])
  return (
    <Input
      id="search"
      ref={box}
      size="large"
      prefix={<SearchOutlined />}
      aria-label={words.exchanges.searchLabel}
      placeholder={words.exchanges.search}
      title={words.exchanges.searchNote}
      value={text}
      maxLength={200}
      allowClear
      autoComplete="off"
      spellCheck={false}
      onChange={(event) => {
        setText(event.target.value)
        if (event.target.value === '') change({ q: null }, 'push')
      }}
      onPressEnter={() => change({ q: text.trim() }, 'push')}
      onKeyDown={(event) => {
        if (event.key !== 'ArrowDown') return
        event.preventDefault()
        document.querySelector<HTMLElement>('[data-row]')?.focus()
      }}
    />
  )
}

function TypeBox({ type }: { readonly type: string }): ReactNode {
  const { words } = useLanguage()
  const { change } = useRoute()
  const [text, setText] = useState(type)
  const apply = () => {
    if (text.trim() !== type) change({ type: text.trim() }, 'push')
  }
  return (
    <Input
      className="filter-type"
      aria-label={words.exchanges.type}
      placeholder={`${words.exchanges.type} ORU^R01`}
      value={text}
      spellCheck={false}
      onChange={(event) => setText(event.target.value)}
      onPressEnter={apply}
      onBlur={apply}
    />
  )
}

function TimeBox({
  name,
  label,
  value,
}: {
  readonly name: 'from' | 'to'
  readonly label: string
  readonly value: string
}): ReactNode {
  const { change } = useRoute()
  return (
    <Input
      className="filter-time"
      type="datetime-local"
      aria-label={label}
      addonBefore={label}
      value={value}
      onChange={(event) => change({ [name]: event.target.value })}
    />
  )
}

function CopyLink(): ReactNode {
  const { words } = useLanguage()
  const { message } = App.useApp()
  return (
    <Button
      type="link"
      onClick={() => {
        copyText(window.location.href).then(
          () => message.success(words.common.copied),
          () => message.info(window.location.href),
        )
      }}
    >
      {words.exchanges.copyLink}
    </Button>
  )
}
