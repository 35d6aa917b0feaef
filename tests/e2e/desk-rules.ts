import type { DeskRules } from '../../gateway/desk/rules/desk-rules.ts'
import { customerRules } from '../../gateway/desk/rules/read-rules.ts'

/** The customer's rules with times so short that everything falls due within five minutes. */
export const hastyRules: DeskRules = {
  ...customerRules,
  limits: customerRules.limits.map((row) => ({ ...row, assign: '1 min', arrive: '2 min', recover: '3 min' })),
  major: { ...customerRules.major, firstNotice: '2 min', progress: '4 min', postMortem: '3 min' },
  difficult: { ...customerRules.difficult, after: '5 min' },
  close: '2 min',
}

/** A clock that goes this much faster than the wall's: two desks that begin at the same moment agree on the time. */
export const haste = 30
