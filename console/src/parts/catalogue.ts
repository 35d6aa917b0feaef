import { type InterfaceAnswer, type SystemAnswer, shapes } from '../../../gateway/desk/api/shapes.ts'
import { ownerText } from '../../../gateway/incidents/catalogue.ts'
import type { Text } from '../../../gateway/model/text.ts'
import { useAnswer } from '../api/answer.ts'
import { useLanguage } from '../words/language.tsx'

/** Names for the ids that lists carry. An id without a name is shown as it is. */
export interface Names {
  iface(id: string): string
  system(id: string): string
  /** A team that owns tickets; a person's name as it is. */
  team(id: string): string
  readonly interfaces: readonly InterfaceAnswer[]
  readonly systems: readonly SystemAnswer[]
}

/** The catalogue's names in the chosen language. Three questions, answered once per page. */
export function useNames(): Names {
  const { pick } = useLanguage()
  const interfaces = useAnswer('/interfaces', shapes.InterfaceList).answer?.items ?? []
  const systems = useAnswer('/systems', shapes.SystemList).answer?.items ?? []
  const team = useTeamName()
  return {
    iface: (id) => nameIn(interfaces, id, pick),
    system: (id) => nameIn(systems, id, pick),
    team,
    interfaces,
    systems,
  }
}

/** A team's name in the chosen language; a person's, or that of a team which nobody named, as it is. */
export function useTeamName(): (id: string) => string {
  const { pick } = useLanguage()
  const teams = useAnswer('/teams', shapes.TeamList).answer?.items ?? []
  return (id) => nameIn(teams, id, pick)
}

/** Who owns something: a team, an owner of the causes' table, or a person. */
export function useOwnerName(): (owner: string) => string {
  const { pick } = useLanguage()
  const team = useTeamName()
  return (owner) => {
    const name = team(owner)
    return name === owner ? pick(ownerText(owner)) : name
  }
}

function nameIn(
  items: readonly { readonly id: string; readonly name: Text }[],
  id: string,
  pick: (text: Text) => string,
): string {
  const found = items.find((item) => item.id === id)
  return found === undefined ? id : pick(found.name)
}
