import type { ReactNode } from 'react'

/** One figure with its name over it and a note below. */
export function Tile({
  name,
  note,
  children,
  isIll = false,
}: {
  readonly name: string
  readonly note: ReactNode
  readonly children: ReactNode
  readonly isIll?: boolean
}): ReactNode {
  return (
    <div className={isIll ? 'tile tile-ill' : 'tile'}>
      <span className="tile-name">{name}</span>
      <span className="tile-value">{children}</span>
      <span className="tile-note">{note}</span>
    </div>
  )
}
