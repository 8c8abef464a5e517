import { quote } from "./quote.ts";

/**
 * Shell code that ends processes: SIGTERM, then SIGKILL for what is left after the grace. It exits 1 where something
 * survived. A process belongs to a leader by its group or by its session, so that a shell's own jobs are found too.
 */
export function endCode(target: { leader: number } | { groupDirectory: string }, graceMs: number): string {
  const polls = Math.max(1, Math.ceil(graceMs / POLL_MS));
  return [
    "leader" in target ? `L=${target.leader}; D=; R=` : readRecords(target.groupDirectory),
    FIND_GROUPS,
    // What sudo started can only be signalled by root.
    `k() { for g in $G; do kill -s "$1" -- "-$g" 2>/dev/null || sudo -n kill -s "$1" -- "-$g" 2>/dev/null; done; }`,
    `m; if [ -n "$G" ]; then k TERM; n=0; while [ "$n" -lt ${polls} ]; do ${PAUSE}; m; [ -n "$G" ] || break; n=$((n+1)); done; fi`,
    `n=0; while [ -n "$G" ] && [ "$n" -lt 100 ]; do k KILL; ${PAUSE}; m; n=$((n+1)); done`,
    REMOVE_RECORDS,
    `[ -z "$G" ]`,
  ].join("\n");
}

/** Shell code that removes the records of a group's processes that are gone. */
export function forgetCode(groupDirectory: string): string {
  return [readRecords(groupDirectory), FIND_GROUPS, "m", `[ -z "$G" ] || exit 0`, REMOVE_RECORDS].join("\n");
}

const POLL_MS = 20;
// Fractions are common but not POSIX.
const PAUSE = "sleep 0.02 2>/dev/null || sleep 1";
/** The directory stays: removing it would race with the next process of the group, which is about to write its record there. */
const REMOVE_RECORDS = `for r in $R; do rm -f "$D/$r"; done`;

/** L: the recorded leaders whose number has not passed to a stranger. R: the names of the records. */
function readRecords(directory: string): string {
  return [
    `D=${quote(directory)}; L=; R=`,
    `for r in "$D"/[0-9]*.[0-9]*; do`,
    `[ -e "$r" ] || continue; r=\${r##*/}; R="$R $r"; p=\${r%%.*}`,
    `if { read -r s </proc/$p/stat; } 2>/dev/null; then set -- \${s##*) }; [ "\${20}" = "\${r#*.}" ] || continue; fi`,
    `L="$L $p"`,
    "done",
  ].join("\n");
}

/** m sets G to the process groups that live and belong to a leader in L. */
const FIND_GROUPS = [
  "m() { G=; for f in /proc/[0-9]*/stat; do",
  `{ read -r s <"$f"; } 2>/dev/null || continue`,
  "set -- ${s##*) }",
  `case "$1" in Z|X|x) continue;; esac`,
  `[ "$3" -gt 1 ] || continue`,
  `case " $L " in *" $3 "*|*" $4 "*) case " $G " in *" $3 "*) ;; *) G="$G $3";; esac;; esac`,
  "done; }",
].join("\n");
