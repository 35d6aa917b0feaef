/** Keys of lines that a message brings about which isn't formed as agreed, or can't be read: what made it so explains them. */
export const ofForm = [
  'required',
  'required-reading',
  'required-new',
  'err-101',
  'wrong-type',
  'wrong-type-reading',
  'wrong-type-new',
  'err-102',
] as const
