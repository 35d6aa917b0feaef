import { Button, Checkbox, Input } from 'antd'
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react'
import type { ExchangeAnswer, TreeNodeAnswer } from '../../../gateway/desk/api/shapes.ts'
import { ViolationMark } from '../parts/marks.tsx'
import { Empty } from '../parts/notes.tsx'
import { type Language, useLanguage } from '../words/language.tsx'
import { ancestors, foldedAtFirst, rowsOf, type Spot, type TreeRow } from './tree-rows.ts'

type Violation = ExchangeAnswer['violations'][number]

/** A message as people read it: every field with its name, its value decoded, and what breaks the contract at its place. */
export function MessageTree({
  nodes,
  violations,
  format,
  spot,
}: {
  readonly nodes: readonly TreeNodeAnswer[]
  readonly format: string
  readonly violations: readonly Violation[]
  readonly spot: Spot | null
}): ReactNode {
  const language = useLanguage()
  const { words } = language
  const [closed, setClosed] = useState<ReadonlySet<string>>(() => foldedAtFirst(nodes, violations, format))
  const [filter, setFilter] = useState('')
  const [isOnlyBad, setOnlyBad] = useState(false)
  const isNarrowed = filter.trim() !== '' || isOnlyBad
  const rows = useMemo(
    () =>
      narrowed(rowsOf(nodes, violations, isNarrowed ? new Set() : closed), filter.trim().toLowerCase(), isOnlyBad, language),
    [nodes, violations, closed, filter, isOnlyBad, isNarrowed, language],
  )
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (spot === null || box.current === null) return
    setClosed(new Set())
    setFilter('')
    setOnlyBad(false)
    const place = box.current
    window.requestAnimationFrame(() => show(place, spot.path))
  }, [spot])
  const toggle = (key: string) => {
    const next = new Set(closed)
    if (!next.delete(key)) next.add(key)
    setClosed(next)
  }
  return (
    <>
      <div className="tree-tools">
        <Input
          size="small"
          allowClear
          value={filter}
          placeholder={words.exchange.filter}
          aria-label={words.exchange.filter}
          onChange={(event) => setFilter(event.target.value)}
        />
        {violations.length > 0 && (
          <Checkbox checked={isOnlyBad} onChange={(event) => setOnlyBad(event.target.checked)}>
            {words.exchange.onlyProblems}
          </Checkbox>
        )}
        <Button size="small" type="text" onClick={() => setClosed(closed.size === 0 ? allKeys(nodes) : new Set())}>
          {closed.size === 0 ? words.exchange.collapseAll : words.exchange.expandAll}
        </Button>
      </div>
      <div className={format === 'hl7v2' ? 'tree' : 'tree tree-steps'} ref={box} role="tree" aria-label={words.exchange.tree}>
        {rows.map((row) =>
          row.kind === 'node' ? (
            <NodeRow key={row.key} row={row} format={format} onToggle={toggle} />
          ) : (
            <MissingRow key={row.key} row={row} />
          ),
        )}
        {rows.length === 0 && <Empty>{words.exchange.noMatch}</Empty>}
      </div>
    </>
  )
}

function NodeRow({
  row,
  format,
  onToggle,
}: {
  readonly format: string
  readonly row: Extract<TreeRow, { kind: 'node' }>
  readonly onToggle: (key: string) => void
}): ReactNode {
  const { words, pick } = useLanguage()
  const { node, step: shown, depth, isOpen, violations, hiddenCount, key } = row
  const hasChildren = node.children.length > 0
  const isBad = violations.length > 0
  return (
    <div
      className={`tree-row tree-depth-${Math.min(depth, 9)}${isBad ? ' tree-bad' : ''}`}
      role="treeitem"
      aria-level={depth + 1}
      aria-expanded={hasChildren ? isOpen : undefined}
      tabIndex={0}
      data-path={node.path}
      onClick={() => hasChildren && onToggle(key)}
      onKeyDown={(event) => {
        if (event.key === 'ArrowDown' || event.key === 'ArrowUp') step(event.currentTarget, event.key)
        else if (
          hasChildren &&
          (event.key === 'Enter' || (event.key === 'ArrowRight' && !isOpen) || (event.key === 'ArrowLeft' && isOpen))
        )
          onToggle(key)
        else return
        event.preventDefault()
      }}
    >
      <span className="tree-fold" aria-hidden="true">
        {hasChildren ? (isOpen ? '▾' : '▸') : ''}
      </span>
      <code className="tree-path" title={node.path}>
        {shown}
      </code>
      <span className="tree-name">
        {node.name === null ? '' : pick(node.name)}
        {node.dataType !== null && <small>{node.dataType}</small>}
      </span>
      <span className="tree-value">
        {node.value !== null && <span className={node.masked ? 'masked' : undefined}>{node.value}</span>}
        {node.pseudonym !== null && <code className="pseudonym">{node.pseudonym}</code>}
        {hasChildren && !isOpen && (depth > 0 || format !== 'hl7v2') && (
          <span className="tree-folded">{foldedText(node, format)}</span>
        )}
        {node.meaning !== null && pick(node.meaning) !== node.value && (
          <span className="tree-meaning">{pick(node.meaning)}</span>
        )}
        {hiddenCount > 0 && <span className="violation-count">{hiddenCount}</span>}
      </span>
      {violations.map((violation) => (
        <span key={violation.rule} className="tree-violation">
          <ViolationMark severity={violation.severity} /> {pick(violation.message)}
        </span>
      ))}
      {isBad && <span className="unseen">{words.exchange.violations}</span>}
    </div>
  )
}

/**
 * What is folded away, in a line or two: of HL7 v2 components between carets, what is inside of one between ampersands. Of other formats the first
 * values, which is all that a line has room for.
 */
function foldedText(node: TreeNodeAnswer, format: string): string {
  const [outer, inner] = format === 'hl7v2' ? [' ^ ', ' & '] : [' · ', ' · ']
  const inside = (below: TreeNodeAnswer): readonly string[] =>
    below.value === null ? below.children.flatMap(inside) : [below.value]
  return node.children
    .slice(0, foldedMax)
    .map((child) =>
      inside(child)
        .filter((value) => value !== '')
        .slice(0, foldedMax)
        .join(inner),
    )
    .filter((text) => text !== '')
    .join(outer)
}

const foldedMax = 24

function MissingRow({ row }: { readonly row: Extract<TreeRow, { kind: 'missing' }> }): ReactNode {
  const { words, pick } = useLanguage()
  const { violation, depth } = row
  return (
    <div
      className={`tree-row tree-bad tree-missing tree-depth-${Math.min(depth, 9)}`}
      role="treeitem"
      aria-level={depth + 1}
      tabIndex={0}
      data-path={violation.path}
    >
      <span className="tree-fold" aria-hidden="true" />
      <code className="tree-path">{violation.path}</code>
      <span className="tree-name quiet">{violation.rule === 'required' ? words.exchange.missing : ''}</span>
      <span className="tree-value" />
      <span className="tree-violation">
        <ViolationMark severity={violation.severity} /> {pick(violation.message)}
      </span>
    </div>
  )
}

function allKeys(nodes: readonly TreeNodeAnswer[], prefix = ''): ReadonlySet<string> {
  return new Set(
    nodes.flatMap((node, i) =>
      node.children.length === 0 ? [] : [`${prefix}${i}`, ...allKeys(node.children, `${prefix}${i}.`)],
    ),
  )
}

function narrowed(rows: readonly TreeRow[], filter: string, isOnlyBad: boolean, { pick }: Language): readonly TreeRow[] {
  if (filter === '' && !isOnlyBad) return rows
  return rows.filter((row) => {
    if (isOnlyBad && row.kind === 'node' && row.violations.length === 0) return false
    if (row.kind === 'missing') return row.violation.path.toLowerCase().includes(filter)
    const { node } = row
    const texts = [
      node.path,
      node.name === null ? '' : pick(node.name),
      node.value ?? '',
      node.meaning === null ? '' : pick(node.meaning),
    ]
    return texts.some((text) => text.toLowerCase().includes(filter))
  })
}

function show(box: HTMLElement, path: string): void {
  const rows = [...box.querySelectorAll<HTMLElement>('[data-path]')]
  const row = ancestors(path)
    .map((name) => rows.find((r) => r.dataset.path === name))
    .find((r) => r !== undefined)
  row?.scrollIntoView({ block: 'center' })
  row?.focus({ preventScroll: true })
}

function step(row: HTMLElement, key: 'ArrowDown' | 'ArrowUp'): void {
  const next = key === 'ArrowDown' ? row.nextElementSibling : row.previousElementSibling
  if (next instanceof HTMLElement) next.focus()
}
