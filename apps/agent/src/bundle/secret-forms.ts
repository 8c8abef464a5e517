const MARK = "[redacted]";

/**
 * What looks like a secret is taken out, whether anybody knows it or not: this worker's own tokens and one-time codes, what stands before an address's host or in its query, and the usual
 * forges' tokens. Others may write what is searched, so none of these looks at a character more than a few times.
 */
const FORMS: readonly [RegExp, string][] = [
  [/\bwst_[A-Za-z0-9_-]{16,}/g, MARK],
  [/\b(?:gh[pousr]|github_pat|glpat|npm|sk|xox[abprs])[_-][A-Za-z0-9_-]{16,}/g, MARK],
  [/(:\/\/)[^\s/"'\\]+@/g, `$1${MARK}@`],
  [/([?&][\w.~-]+=)[^\s&#"'\\]+/g, `$1${MARK}`],
  [/(#(?:code|pair)=)[\w-]+/g, `$1${MARK}`],
  [/\b(Bearer|Basic|token)(\s+)[\w.~+/=-]{16,}/gi, `$1$2${MARK}`],
];

/** To its end in the same line, as a log has it; else to the end of that line, and of those below it that could be its own. */
const KEY =
  /-----BEGIN ([A-Z ]*PRIVATE KEY)-----(?:[^\n]*?-----END \1-----|[^\n]*(?:\n[ \t]*(?:[A-Za-z0-9+/=_-]*|(?:Proc-Type|DEK-Info): [^\n]*)\r?(?=\n|$))*(?:\n[ \t]*-----END \1-----)?)/g;

export function withoutKeys(text: string): string {
  return text.replace(KEY, MARK);
}

export function withoutSecretForms(text: string): string {
  return FORMS.reduce((cleaned, [form, instead]) => cleaned.replace(form, instead), withoutKeys(text));
}
