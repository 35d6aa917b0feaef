import process from 'node:process'
import { text } from 'node:stream/consumers'
import { Message } from 'node-hl7-client'

/**
 * A program of its own: reads one HL7 v2 message from standard input, however an editor left it, and writes it as node-hl7-client builds it. Exit 1:
 * it is none. Loading that library takes a second and 120 MB that no thread gives back, so no process that forwards ever loads it.
 */
const segments = (await text(process.stdin)).split(/[\r\n]+/).filter((line) => line.trim() !== '')
try {
  const message = new Message({ text: segments.join('\r') })
  process.stdout.write(message.toString())
} catch {
  process.exitCode = 1
}
