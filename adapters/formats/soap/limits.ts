/** How much of one body is read; what goes beyond is a defect, never an error. */
export const limits = {
  depthMax: 64,
  elementsMax: 100_000,
  attributesMax: 100,
  /** A message inside a message, and one more inside that. */
  payloadDepthMax: 2,
  payloadCharsMax: 4_194_304,
  keysMax: 100,
  keyCharsMax: 128,
  stampsMax: 16,
  codesMax: 200,
  codeCharsMax: 64,
  partsMax: 1_000,
  defectsMax: 32,
  treeNodesMax: 20_000,
} as const
