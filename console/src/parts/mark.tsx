import type { ReactNode } from 'react'

/** The product's sign: one beat of a wave. */
export function Mark(): ReactNode {
  return (
    <svg className="mark" viewBox="0 0 32 32" aria-hidden="true" role="presentation">
      <rect width="32" height="32" rx="7" />
      <path d="M4 17h6l2.5-8 4.5 15 3.5-11 2 4h5.5" />
    </svg>
  )
}
