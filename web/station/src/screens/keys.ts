/** The keys of what can be said of a test, for gloved hands without a sheet of codes; F5 and F6 are the browser's. */
export const RESULT_KEYS: readonly string[] = ["negative", "invalid", "inconclusive", "positive", "", "", "late", "late_line"];
