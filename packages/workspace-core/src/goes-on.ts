import { lines } from "./lines.ts";
import type { Argv, Box } from "./ports.ts";

/** The name of every process, as the kernel keeps it. */
const NAMES: Argv = [
  "/bin/sh",
  "-c",
  'for p in /proc/[0-9]*/comm; do read -r name <"$p" && echo "$name"; done 2>/dev/null; :',
];

/** What waits for a person, and what carries terminals and channels; `perl` and `tail` write and read terminals' logs. */
const WAITING = new Set(
  [
    "sh,bash,dash,ash,zsh,fish,ksh,login",
    "sshd,sshd-session,sshd-auth,sftp-server,tmux: server,tmux: client,tmux,perl,tail",
    "sleep,tini,docker-init,init,bwrap,cat,nice,du",
  ].flatMap((names) => names.split(",")),
);

/** Names of the programs that run in a place, those left out that only wait. */
export async function goesOn(box: Box, signal: AbortSignal): Promise<string[]> {
  const process = await box.run(NAMES, { group: "look-around", signal });
  const found = new Set<string>();
  for await (const name of lines(process.stdout)) if (!WAITING.has(name)) found.add(name);
  await process.exit;
  return [...found];
}
