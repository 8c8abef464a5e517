const MARK = "[redacted]";

/**
 * What looks like a secret is taken out, whether anybody knows it or not: this worker's own tokens and one-time codes, what stands before an address's host or in its query, the usual forges'
 * tokens, and private keys.
 */
const FORMS: readonly [RegExp, string][] = [
  [/\bwst_[A-Za-z0-9_-]{16,}/g, MARK],
  [/\b(?:gh[pousr]|github_pat|glpat|sk|xox[abprs])[_-][A-Za-z0-9_-]{16,}/g, MARK],
  [/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@"'\\]+@/gi, `$1${MARK}@`],
  [/([?&][\w.~-]+=)[^\s&#"'\\]+/g, `$1${MARK}`],
  [/(#(?:code|pair)=)[\w-]+/g, `$1${MARK}`],
  [/\b(Bearer|Basic|token)(\s+)[\w.~+/=-]{16,}/gi, `$1$2${MARK}`],
  [/-----BEGIN ([A-Z ]*PRIVATE KEY)-----[\s\S]*?(?:-----END \1-----|$)/g, MARK],
];

export function withoutSecretForms(text: string): string {
  return FORMS.reduce((cleaned, [form, instead]) => cleaned.replace(form, instead), text);
}
