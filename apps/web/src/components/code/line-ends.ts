/**
 * The line end of a text, which an editor puts between its lines again. Where ends are mixed it is `\n`, and each `\r` stays
 * a character of its line, so that saving changes no line that was not edited.
 */
export function lineEndOf(text: string): "\n" | "\r\n" {
  return text.includes("\r\n") && !/(?<!\r)\n|\r(?!\n)/.test(text) ? "\r\n" : "\n";
}
