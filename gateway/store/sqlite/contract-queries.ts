import { createHash } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import type { Instant } from '../../model/time.ts'
import type { ContractUse, ContractVersion } from '../contract-store.ts'
import { numberOf, type Row, textOf } from './rows.ts'

/** The questions about contracts, synchronous. */
export interface ContractQueries {
  noteContract(use: ContractUse, at: Instant): void
  contractVersions(contractId?: string): readonly ContractVersion[]
}

const versionsMax = 1_000

export function createContractQueries(database: DatabaseSync): ContractQueries {
  const saveText = database.prepare('INSERT INTO contract_texts (digest, text) VALUES (?, ?) ON CONFLICT DO NOTHING')
  // One statement: whoever notes at the same time finds the other's row.
  const use = database.prepare(`
    INSERT INTO contract_uses (interface_id, contract_id, version, format, digest, first_at)
    SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE ?5 IS NOT (
      SELECT digest FROM contract_uses WHERE interface_id = ?1 ORDER BY num DESC LIMIT 1)`)
  const versions = database.prepare(`
    SELECT u.*, t.text FROM contract_uses u JOIN contract_texts t ON t.digest = u.digest
    WHERE ?1 IS NULL OR u.contract_id = ?1 ORDER BY u.num DESC LIMIT ${versionsMax}`)
  return {
    noteContract: ({ interfaceId, contractId, version, format, text }, at) => {
      const digest = createHash('sha256').update(text).digest('hex')
      saveText.run(digest, text)
      use.run(interfaceId, contractId, version, format, digest, at)
    },
    contractVersions: (contractId) => versions.all(contractId ?? null).map(versionOf),
  }
}

function versionOf(row: Row): ContractVersion {
  return {
    interfaceId: textOf(row, 'interface_id'),
    contractId: textOf(row, 'contract_id'),
    version: textOf(row, 'version'),
    format: textOf(row, 'format'),
    digest: textOf(row, 'digest'),
    firstUsedAt: numberOf(row, 'first_at'),
    text: textOf(row, 'text'),
  }
}
