/**
 * Categories of health data that are suppressed whole unless they are granted, whatever identifies in them (domain.md 4.5: HIV, psychiatric, ...). Found by
 * code and by text, and by what gives them away: drugs, wards. What only may be one (ST depression, lamivudine, which treats hepatitis B too) is none.
 */
export const sensitiveCategories = ['hiv', 'psychiatric', 'std', 'genetic'] as const
export type SensitiveCategory = (typeof sensitiveCategories)[number]

const words: { readonly [C in SensitiveCategory]: RegExp } = {
  // LOINC: antibodies, RNA, CD4 counts.
  hiv: /HIV|艾滋|人(?:类)?免疫缺陷病毒|获得性免疫缺陷|抗逆转录病毒|CD4|\bAIDS\b|immunodeficiency virus|齐多夫定|依非韦伦|多替拉韦|比克替拉韦|洛匹那韦|利托那韦|拉替拉韦|艾考恩丙替|zidovudine|efavirenz|dolutegravir|bictegravir|lopinavir|ritonavir|raltegravir|\b(?:7917-8|5220-9|29893-5|56888-1|75622-1|20447-9|25836-8|24467-3|30361-0|85037-0|89365-1)\b/i,
  psychiatric:
    /精神(?:分裂|障碍|疾病|科|病院|卫生中心)|双相|抑郁|躁狂|心境障碍|焦虑障碍|强迫症|schizo|bipolar|psychiatr|psychosis|psychotic|(?:major|manic) depress|depressive disorder|氯氮平|奥氮平|利培酮|喹硫平|阿立哌唑|碳酸锂|氟西汀|舍曲林|帕罗西汀|艾司西酞普兰|clozapine|olanzapine|risperidone|quetiapine|aripiprazole|lithium carbonate|fluoxetine|sertraline|paroxetine|escitalopram/i,
  std: /梅毒|淋病|淋球菌|尖锐湿疣|性病|性传播|软下疳|苍白螺旋体|\b(?:TPPA|TPHA|TP-?Ab|RPR|TRUST|VDRL)\b|syphilis|gonorrh|treponema|chancroid|\b(?:20507-0|22461-8|24110-9|5292-8|47238-1)\b/i,
  genetic:
    /基因(?:检测|突变|测序|诊断|分型)|遗传(?:病|咨询|学检)|染色体|核型|BRCA[12]|genetic (?:test|disorder|counsel)|karyotyp|germline/i,
}

/** Of a text that people wrote, or of a code that is one of a kind. */
export function categoriesIn(text: string): readonly SensitiveCategory[] {
  return sensitiveCategories.filter((category) => words[category].test(text.normalize('NFKC')))
}

const icd: { readonly [C in SensitiveCategory]: RegExp } = {
  hiv: /^(?:B2[0-4]|Z21|R75|F02\.4)/i,
  psychiatric: /^F\d\d/i,
  std: /^A(?:5\d|6[0-4])/i,
  genetic: /^(?:Q9\d|Z31\.5|Z15)/i,
}

/** Of a code that is known to be one of ICD-10. */
export function categoriesOfIcd(code: string): readonly SensitiveCategory[] {
  return /^[A-Z]\d\d(?:\.?[\dxX]{1,4})?/i.test(code) ? sensitiveCategories.filter((category) => icd[category].test(code)) : []
}
