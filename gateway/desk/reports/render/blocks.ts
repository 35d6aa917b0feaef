/** What a report looks like before it is HTML or PDF: the same blocks, in the same order, for both. Texts are in one language already. */

export type Tone = 'good' | 'warn' | 'bad' | 'quiet' | 'plain'

export interface Cell {
  readonly text: string
  /** Smaller, below. */
  readonly sub?: string
  readonly tone?: Tone
  readonly isStrong?: boolean
}

export interface Column {
  readonly text: string
  readonly align?: 'left' | 'right'
  /** Share of the table's width; the widths of a table amount to 100. */
  readonly width: number
}

export interface Thing {
  readonly rank: number
  readonly text: string
  readonly why: string
  readonly meta: string
}

/** One interface in detail. */
export interface Card {
  readonly title: string
  readonly sub: string
  readonly badge: { readonly text: string; readonly tone: Tone }
  readonly lines: readonly { readonly label: string; readonly items: readonly string[] }[]
  readonly chart: Chart | null
}

export interface Chart {
  readonly svg: string
  /** Points of a page; the picture has its own ratio. */
  readonly width: number
  readonly label: string
}

export type Block =
  | { readonly kind: 'title'; readonly title: string; readonly sub: string; readonly lead: string }
  | {
      readonly kind: 'tiles'
      readonly items: readonly { readonly label: string; readonly value: string; readonly note: string; readonly tone: Tone }[]
    }
  | { readonly kind: 'heading'; readonly text: string; readonly note: string }
  | { readonly kind: 'notes'; readonly items: readonly string[]; readonly tone: Tone }
  | { readonly kind: 'caption'; readonly text: string }
  | { readonly kind: 'things'; readonly items: readonly Thing[] }
  | {
      readonly kind: 'table'
      readonly columns: readonly Column[]
      readonly rows: readonly (readonly Cell[])[]
      /** Said in its place when it has no rows. */
      readonly empty: string
    }
  | { readonly kind: 'chart'; readonly chart: Chart }
  | { readonly kind: 'cards'; readonly items: readonly Card[] }

/** The tone of a score of 100 points; null: nothing was observed. */
export function scoreTone(score: number | null): Tone {
  if (score === null) return 'quiet'
  return score >= 90 ? 'good' : score >= 70 ? 'warn' : 'bad'
}

/** Colours of the console's light theme, which also hold on paper. */
export const ink = {
  text: '#1c2733',
  quiet: '#5d6b79',
  line: '#d5dde5',
  ground: '#f4f7f9',
  accent: '#0f6b78',
  accentLight: '#9cc5cb',
  good: '#1f7a45',
  warn: '#9a5b00',
  bad: '#b3261e',
} as const

export function toneColour(tone: Tone | undefined): string {
  return tone === undefined || tone === 'plain' ? ink.text : ink[tone]
}
