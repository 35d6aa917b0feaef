/** A text for people, in both languages of the product. Free of patient data. */
export interface Text {
  readonly zh: string
  readonly en: string
}
