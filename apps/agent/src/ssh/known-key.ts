/** Whether a kept key is the one that a client offers, as the bytes of its public half. */
export function isKey(line: string, offered: Buffer): boolean {
  return line.split(" ", 2)[1] === offered.toString("base64");
}
