import type { Monitor } from '../gateway/model/reading.ts'
import { answers } from './answers.ts'
import { associations } from './associations.ts'
import { calling } from './calling.ts'
import { clock } from './clock.ts'
import { completeness } from './completeness.ts'
import { connections } from './connections.ts'
import { contract } from './contract.ts'
import { dictionary } from './dictionary.ts'
import { failures } from './failures.ts'
import { files } from './files.ts'
import { framing } from './framing.ts'
import { flight } from './in-flight.ts'
import { journeys } from './journeys.ts'
import { latency } from './latency.ts'
import { links } from './links.ts'
import { messaging } from './messaging.ts'
import { neighbours } from './neighbours.ts'
import { probes } from './probes.ts'
import { reconciliation } from './reconciliation.ts'
import { retries } from './retries.ts'
import { self } from './self.ts'
import { sequence } from './sequence.ts'
import { silence } from './silence.ts'
import { slowKind } from './slow-kind.ts'
import { stalls } from './stalls.ts'
import { stamps } from './stamps.ts'
import { throughput } from './throughput.ts'
import { trend } from './trend.ts'
import { versions } from './versions.ts'
import { volume } from './volume.ts'
import { waiting } from './waiting.ts'

/** Every question that is asked of the traffic. A new monitor is one file and one line here. */
export const monitors: readonly Monitor[] = [
  self,
  failures,
  answers,
  latency,
  retries,
  contract,
  clock,
  stamps,
  silence,
  framing,
  sequence,
  associations,
  messaging,
  files,
  probes,
  dictionary,
  versions,
  trend,
  volume,
  completeness,
  journeys,
  reconciliation,
  connections,
  links,
  stalls,
  calling,
  flight,
  slowKind,
  throughput,
  neighbours,
  waiting,
]
