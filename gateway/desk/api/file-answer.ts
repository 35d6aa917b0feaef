/** What a route answers when it isn't JSON: a report, a bundle, an export. */
export class FileAnswer {
  /** As the browser saves it: free of patient data. */
  readonly name: string
  /** Media type, with its charset where it is text. */
  readonly type: string
  readonly bytes: Uint8Array
  /** `inline`: a browser shows it. */
  readonly disposition: 'attachment' | 'inline'
  constructor(name: string, type: string, bytes: Uint8Array, disposition: 'attachment' | 'inline' = 'attachment') {
    this.name = name
    this.type = type
    this.bytes = bytes
    this.disposition = disposition
  }
}
