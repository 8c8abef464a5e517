import type { IncomingMessage } from "node:http";
import type { TokenSecret } from "@ws/workspace-core";

const MAX_TEXT_BYTES = 65_536;

/** Takes a secret out of a text in every form in which it was sent, or in which a server would show it. */
export function scrub(text: string, secret: TokenSecret | undefined): string {
  if (secret === undefined || secret.password === "") return text;
  const { username, password } = secret;
  // Longest first: one may hold another.
  const forms = [
    Buffer.from(`${username}:${password}`).toString("base64"),
    Buffer.from(password).toString("base64"),
    encodeURIComponent(password),
    password,
  ];
  return forms.reduce((clean, form) => clean.replaceAll(form, "***"), text);
}

/** The beginning of what a forge says of a refusal, for a workspace to read: forges' error pages may repeat the request. */
export async function scrubbedText(
  answer: IncomingMessage,
  secret: TokenSecret | undefined,
): Promise<string | undefined> {
  if (answer.headers["content-encoding"] !== undefined) {
    answer.destroy();
    return undefined;
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= MAX_TEXT_BYTES) break;
  }
  return scrub(Buffer.concat(chunks).toString("utf8"), secret).slice(0, MAX_TEXT_BYTES);
}
