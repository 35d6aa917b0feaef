import type { Chance } from '../../fixtures/hospital/chance.ts'
import type { Key } from '../../gateway/model/document.ts'

/** Of so many patients an interface speaks at a time. */
export const patientsInHouse = 40
/** With one message in so many somebody goes home and another comes. */
const messagesAPlace = 50

/** Whom messages are about: numbers of invented patients who come, are spoken of for a while, and go. */
export function patientsOf(chance: Chance): () => number {
  const inHouse = Array.from({ length: patientsInHouse }, (_, place) => place)
  let next = patientsInHouse
  return () => {
    if (chance.happens(1 / messagesAPlace)) {
      inHouse[chance.whole(0, patientsInHouse - 1)] = next
      next += 1
    }
    return chance.pick(inHouse)
  }
}

/** A message names its patient, and most name an order, which three messages in a row speak of. */
export function keysOf(chance: Chance, patient: number, number: number): readonly Key[] {
  const ofPatient: Key = { kind: 'patient', value: `P${patient}`, authority: null }
  if (!chance.happens(0.7)) return [ofPatient]
  return [ofPatient, { kind: 'placer', value: `O${patient}-${Math.floor(number / 3)}`, authority: null }]
}
