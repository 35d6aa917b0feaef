/** The message of one side, with everything that identifies hidden already. */
export interface MaskedMessage {
  readonly bytes: Uint8Array
  readonly envelope: readonly { readonly name: string; readonly value: string }[]
}

/** What an exchange says of itself besides its messages. */
export interface ExchangeWords {
  readonly type: string | null
  readonly code: string | null
}
