import { causeEntries } from '../../incidents/catalogue.ts'
import type { Text } from '../../model/text.ts'
import type { DeskRules } from './desk-rules.ts'

/**
 * What teams are called, by the word that rules, configuration and the list of causes use for them. The rules' own names go before those
 * of levels and coordinators.
 */
export function teamNames(rules: DeskRules): ReadonlyMap<string, Text> {
  const usual = causeEntries.map(({ owner, ownerEn }) => [owner, { zh: owner, en: ownerEn }] as const)
  const levels = rules.levels.map(({ team, name }) => [team, name] as const)
  const coordinators = Object.values(rules.classes).map(
    ({ coordinator, name }) => [coordinator, { zh: `${name.zh}协调员`, en: `${name.en} coordinator` }] as const,
  )
  return new Map([...usual, ...levels, ...coordinators, ...Object.entries(rules.teams ?? {})])
}

/** A team's name; a person's, or that of a team which nobody named, as it is. */
export function teamText(id: string, rules: DeskRules): Text {
  return teamNames(rules).get(id) ?? { zh: id, en: id }
}
