// Control characters are what this is about.
// oxlint-disable-next-line no-control-regex
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;

/**
 * Text that may be pasted: tabs and ends of lines, but no other control character. What was copied from a page can hold an escape
 * that ends the paste early, and with it lines that a shell then runs as if they were typed.
 */
export function pasteable(text: string): string {
  return text.replaceAll(CONTROLS, "");
}
