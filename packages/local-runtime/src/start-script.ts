// Small programs for /bin/sh that start a command inside a workspace, where alone its directories and its PATH are what they seem.
// Their names begin with __ws_, so that no variable of the user is touched.

/** Sets the variables that came through a sandbox under other names. */
export const UNPACK_SCRIPT = `
while [ "\${WS_ENV_COUNT:-0}" -gt 0 ]; do
  eval "export \\"\\$WS_ENV_$WS_ENV_COUNT\\"; unset WS_ENV_$WS_ENV_COUNT"
  WS_ENV_COUNT=$((WS_ENV_COUNT - 1))
done
unset WS_ENV_COUNT
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

/**
 * Waits on descriptor 3 until the process is written down, so that nothing runs which a later agent could not end; where the agent
 * died before, it ends. Then answers there whether the command can start.
 */
export const START_SCRIPT = `
IFS= read -r __ws_go <&3 || exit 125
if ! cd -- "$1" 2>/dev/null; then
  if [ -d "$1" ]; then echo cwd denied >&3; elif [ -e "$1" ]; then echo cwd not_directory >&3; else echo cwd missing >&3; fi
  exit 126
fi
shift
${FIND_COMMAND}
[ -n "$__ws_found" ] || { echo "command $__ws_why" >&3; exit 127; }
echo started >&3
exec 3>&-
exec "$@"
`;

/** The same for a terminal, where a person reads the answer. */
export const TERMINAL_SCRIPT = `
cd -- "$1" || exit 126
shift
${FIND_COMMAND}
[ -n "$__ws_found" ] || { printf '%s: command not found\\n' "$1" >&2; exit 127; }
exec "$@"
`;

/**
 * Process 1 of a sandbox: reaps what others leave behind and starts again what keeps the sandbox, whoever ends it. Waits on
 * descriptor 3 until it is written down. The first argument is a shell command that never returns by itself.
 */
export const HOLDER_SCRIPT = `
trap '' HUP INT TERM
IFS= read -r __ws_go <&3 || exit 125
while :; do
  eval "$1" &
  exec 3>&-
  wait $!
done
`;
