import { get, nothing, post } from './route.ts'
import { integer, list, nullable, object, text } from './schema.ts'

const id = text({ maxLength: 200 })
const days = integer({ minimum: 1, maximum: 90, default: 7 })
const accept = object({ element: id, rule: id, type: nullable(id) })

export const contractRoutes = {
  contracts: get(
    '/contracts',
    'contracts.read',
    'Every contract that an interface is held to, with its state and its last week',
    nothing,
    'ContractList',
  ),
  contractVersions: get(
    '/contracts/{id}/versions',
    'contracts.read',
    'The texts of a contract that were in use, newest first, each with what it changed',
    nothing,
    'ContractVersionList',
  ),
  contractDrift: get(
    '/contracts/{id}/drift',
    'contracts.read',
    'Breaches that last or lasted, in words, with the exchanges that showed them first',
    nothing,
    'ContractDrift',
  ),
  contractViolations: get(
    '/contracts/{id}/violations',
    'contracts.read',
    'Violations by element and rule for each day',
    object({}, { days }),
    'ContractViolations',
  ),
  contractProposal: post(
    '/contracts/{id}/proposal',
    'contracts.write',
    'Begins to write a text of the contract that takes these breaches in. Nothing is changed by it',
    object({ accepts: list(accept, { minItems: 1, maxItems: 50 }) }, { days }),
    'ContractJob',
  ),
  contractBacktest: post(
    '/contracts/{id}/backtest',
    'contracts.write',
    'Begins to ask what the contract, or `text` in its place, would have ticketed on the stored days of one interface',
    object({ interface: id }, { days, text: text({ maxLength: 60_000 }) }),
    'ContractJob',
  ),
  contractJob: get(
    '/contract-jobs/{id}',
    'contracts.read',
    'How far a proposal or a backtest is, and its result',
    nothing,
    'ContractJob',
  ),
  stopContractJob: post('/contract-jobs/{id}/stop', 'contracts.write', 'Stops it', nothing, 'ContractJob'),
} as const
