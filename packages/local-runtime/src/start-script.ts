// Small programs for /bin/sh that start a command inside a workspace, where alone its directories and its PATH are what they seem.
// Their names begin with __ws_, so that no variable of the user is touched.

/** Sets the variables that came through a sandbox under other names, and the arguments where they were too many for it. */
export const UNPACK_SCRIPT = `
exec 4<&- 5<&- 6<&-
while [ "\${WS_ENV_COUNT:-0}" -gt 0 ]; do
  eval "export \\"\\$WS_ENV_$WS_ENV_COUNT\\"; unset WS_ENV_$WS_ENV_COUNT"
  WS_ENV_COUNT=$((WS_ENV_COUNT - 1))
done
unset WS_ENV_COUNT
if [ -n "\${WS_ARGUMENTS:-}" ]; then
  . "$WS_ARGUMENTS"
  rm -f "$WS_ARGUMENTS"
  unset WS_ARGUMENTS
fi
`;

const FIND_COMMAND = `
__ws_found=
__ws_why=missing
case $1 in
*/*) if [ -f "$1" ] && [ -x "$1" ]; then __ws_found=1; elif [ -e "$1" ]; then __ws_why=denied; fi ;;
*)
  __ws_path=$PATH:
  while [ -n "$__ws_path" ] && [ -z "$__ws_found" ]; do
    __ws_dir=\${__ws_path%%:*}
    __ws_path=\${__ws_path#*:}
    if [ -f "\${__ws_dir:-.}/$1" ] && [ -x "\${__ws_dir:-.}/$1" ]; then __ws_found=1; fi
  done
  ;;
esac
`;

function startScript(say: (answer: string) => string): string {
  return `
if ! cd -- "$1" 2>/dev/null; then
  if [ -d "$1" ]; then ${say("cwd denied")}; elif [ -e "$1" ]; then ${say("cwd not_directory")}; else ${say("cwd missing")}; fi
  exit 126
fi
unset OLDPWD
shift
${FIND_COMMAND}
[ -n "$__ws_found" ] || { ${say("command $__ws_why")}; exit 127; }
${say("started")}
`;
}

/**
 * Waits on descriptor 3 until the process is written down, so that nothing runs which a later agent could not end; where the agent
 * died before, it ends. Then answers there, in one line, whether the command can start.
 */
export const START_SCRIPT = `
IFS= read -r __ws_go <&3 || exit 125
${startScript((answer) => `echo "${answer}" >&3`)}
exec 3>&-
exec "$@"
`;

/** The mark before the answer of a script on a terminal, where there is no other way to give one. */
export const ANSWER_MARK = "\u0001ws ";

/** The same on a terminal: the answer is its first line. Signals that were ignored on the way in count again, where `env` can do that. */
export const TERMINAL_SCRIPT = `
${startScript((answer) => `printf "\\001ws %s\\n" "${answer}"`)}
case $1 in *=*) ;; *) env --default-signal=INT,QUIT true 2>/dev/null && exec env --default-signal=INT,QUIT "$@" ;; esac
exec "$@"
`;

/**
 * The first process of a place: reaps what others leave behind and starts again what keeps a sandbox, whoever ends it. Says on
 * descriptor 3 that it is there, and waits until it is written down. The first argument is a shell command that never returns by itself.
 */
export const HOLDER_SCRIPT = `
trap '' HUP INT TERM
echo here >&3 || exit 125
IFS= read -r __ws_go <&3 || exit 125
while :; do
  eval "$1" &
  exec 3>&-
  wait $!
done
`;
