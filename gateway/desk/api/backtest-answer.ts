import type { Backtest } from '../../model/backtest.ts'
import type { Instant } from '../../model/time.ts'

/** A backtest with its times as `iso` writes them: what the API says of it, and the command. */
export function backtestAnswer(backtest: Backtest, iso: (at: Instant) => string) {
  const { from, to, rules, tickets } = backtest
  return {
    ...backtest,
    from: from === null ? null : iso(from),
    to: to === null ? null : iso(to),
    rules: rules.map((rule) => ({ ...rule, firstAt: iso(rule.firstAt), lastAt: iso(rule.lastAt) })),
    tickets: tickets.map((ticket) => ({
      ...ticket,
      openedAt: iso(ticket.openedAt),
      resolvedAt: ticket.resolvedAt === null ? null : iso(ticket.resolvedAt),
    })),
  }
}
