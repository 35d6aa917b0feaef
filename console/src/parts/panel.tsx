import type { ReactNode } from 'react'

/** A part of a page with its heading; `end` stands at the right of the heading. */
export function Panel({
  title,
  note,
  end,
  children,
  className,
  id,
}: {
  readonly title: ReactNode
  readonly note?: ReactNode
  readonly end?: ReactNode
  readonly children: ReactNode
  readonly className?: string
  readonly id?: string
}): ReactNode {
  return (
    <section className={`panel ${className ?? ''}`} id={id}>
      <header className="panel-head">
        <h2>{title}</h2>
        {note !== undefined && <span className="quiet">{note}</span>}
        {end !== undefined && <span className="panel-end">{end}</span>}
      </header>
      {children}
    </section>
  )
}

/** Names and values in two columns. */
export function Facts({ items }: { readonly items: readonly (readonly [string, ReactNode])[] }): ReactNode {
  return (
    <dl className="facts">
      {items.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
