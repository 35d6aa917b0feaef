import { systemClock } from '../../gateway/clock.ts'
import { openLogWriter } from '../../gateway/log/writer.ts'
import { numberedEntry } from './arbitrary-entries.ts'

/** Appends numbered entries until it is killed, and prints each number once it is durable, with a full stop behind it. */
const [folder = '', first = '0', keyHex = ''] = process.argv.slice(2)
const writer = await openLogWriter({
  folder,
  segmentBytesMax: 200_000,
  retention: { bytes: 1e12, ageMs: 1e12 },
  sync: 'none',
  key: keyHex === '' ? null : Buffer.from(keyHex, 'hex'),
  clock: systemClock(),
})

for (let number = Number(first); ; number += 3) {
  const appended = writer.append([0, 1, 2].map((i) => numberedEntry(number + i)))
  const told = appended.then(() => process.stdout.write(`${number}.\n${number + 1}.\n${number + 2}.\n`))
  if (writer.pendingBytes > 20_000) await told
}
