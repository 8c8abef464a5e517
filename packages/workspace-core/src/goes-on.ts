import { lines } from "./lines.ts";
import type { Argv, Box } from "./ports.ts";

/** The name of every process, as the kernel keeps it; those that write and read terminals' logs and that hold runs are left out. */
const NAMES: Argv = [
  "/bin/sh",
  "-c",
  `for p in /proc/[0-9]*; do read -r name <"$p/comm" || continue
case $name in perl | tail) case $(tr '\\0' ' ' <"$p/cmdline") in "perl ./write "* | "tail -s "*" -f log ") continue ;; esac ;; "ws-run "* | "ws-runs "*) continue ;; esac
echo "$name"; done 2>/dev/null; :`,
];

/** What waits for a person, and what carries terminals and channels. */
const WAITING = new Set(
  [
    "sh,bash,dash,ash,zsh,fish,ksh,login",
    "sshd,sshd-session,sshd-auth,sftp-server,tmux: server,tmux: client,tmux",
    "ws-files,sleep,tr,tini,docker-init,init,bwrap,cat,nice,du",
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
