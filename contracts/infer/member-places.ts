import { memberOf } from '../../gateway/model/members/members.ts'
import type { PlaceRules } from './tree-tally.ts'

/** Names of members that hold a code whatever they are called in full. */
const codedEnding = /(?:code|type|status|state|flag|kind|mode|level|category|class|unit|sex|gender|scene|version|priority)$/i
const plainEnding = /(?:postcode|zipcode|qrcode|barcode|passcode|authcode|verifycode)$/i

/** Coded members by the hospital's own words for them, and by endings that name dictionaries. What identifies a person never is. */
export const memberPlaces: PlaceRules = {
  isCoded(steps) {
    const name = bare(steps.at(-1) ?? '')
    const parent = steps.at(-2)
    const member = memberOf(name, parent === undefined ? null : bare(parent))
    if (member !== null && (member.identifies !== null || member.key !== null || member.stamp !== null)) return false
    if (member?.isCode === true) return true
    return codedEnding.test(name) && !plainEnding.test(name)
  },
}

function bare(step: string): string {
  return step.replace(/^@/, '')
}
