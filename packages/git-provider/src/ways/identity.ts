import type { Box } from "@ws/workspace-core";

/** Beside the include, which includes it where it is there. */
export const IDENTITY = "ws-identity";

/** A configuration of git that says so much of who commits. */
export function identityText({ name, email }: { name?: string; email?: string }): string {
  const said = Object.entries({ name, email }).filter(([, value]) => value !== undefined);
  return ["[user]", ...said.map(([key, value]) => `\t${key} = ${quote(value ?? "")}`), ""].join("\n");
}

export async function writeIdentity(box: Box, include: string, text: string, signal?: AbortSignal): Promise<void> {
  const path = `${include.slice(0, include.lastIndexOf("/"))}/${IDENTITY}`;
  await box.files.write(path, new TextEncoder().encode(text), {
    mode: 0o600,
    ...(signal === undefined ? {} : { signal }),
  });
}

/** A value of git's configuration, whatever is in it. */
export function quote(text: string): string {
  return `"${text.replace(/[\\"]/g, "\\$&").replace(/\p{Cc}+/gu, " ")}"`;
}
