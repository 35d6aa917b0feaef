/** How much of one body is read; what goes beyond is a defect, never an error. */
export const limits = {
  /** Nesting of objects and arrays. */
  depthMax: 64,
  /** Values of a body, and cells of a file. */
  valuesMax: 200_000,
  keysMax: 100,
  keyCharsMax: 128,
  stampsMax: 16,
  codesMax: 200,
  codeCharsMax: 64,
  partsMax: 1_000,
  defectsMax: 32,
  rowsMax: 50_000,
  rowCharsMax: 131_072,
  columnsMax: 500,
  treeNodesMax: 20_000,
} as const
