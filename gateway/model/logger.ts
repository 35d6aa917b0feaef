/** Words and fields, once per change of state. pino fits. Never a body, never an identifier. */
export interface Logger {
  info(fields: object, words: string): void
  warn(fields: object, words: string): void
  error(fields: object, words: string): void
}
