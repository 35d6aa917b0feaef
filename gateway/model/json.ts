/** What can be written as JSON and read back as the same value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }
