/**
 * So many requests for each distinct message are a storm. A little more than two: when every message comes twice, and now and then one once more,
 * that is still somebody who sends twice.
 */
export const amplifiedMin = 2.2
