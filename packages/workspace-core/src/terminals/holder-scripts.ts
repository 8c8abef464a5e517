import { LOG_WRITER } from "./log-writer.ts";
import { PROGRAM_END } from "./program-script.ts";

/*
 * What runs inside the workspace, in POSIX sh. Each terminal has a directory and a tmux server of its own, so that one
 * that floods does not hold up the others:
 *
 *   s       the server's socket; always named relatively, because a socket's path may have 107 bytes only
 *   log     the program's bytes; a byte's place in the file is its offset, also after the front was given back
 *   start   the first offset that still has its byte
 *   opening held by whoever opens it, for as long as that takes
 *   lock    held by the writer of the log for as long as it lives
 *   meta    creation time and nonce
 *   name    what it is called, once that is another name than the directory's
 *   code    how the program ended, said by the shell around it
 *   exit    `code` and the final length, said by the writer once the log is whole
 *   writer, why  who writes the log, and what it said: only until it is ready
 *   recording, recorded  see recording-scripts.ts
 *   server  the server's process, which the writer halts while readers are behind
 *   reader.PID  for each reader, so that the writer can see in /proc how far it is
 */

/** Says `ok` and the kind of file system, or what is missing. Arguments: the terminals' directory. */
export const PROBE = `
umask 077
for tool in tmux perl tail stat fallocate flock ps; do
  command -v "$tool" >/dev/null 2>&1 || { echo "missing $tool"; exit 0; }
done
version=$(tmux -V | sed 's/[^0-9.]//g')
case $version in [012].* | 3.[01] | '') echo "missing tmux-3.2"; exit 0 ;; esac
mkdir -p "$1" && cd "$1" || exit 0
printf 0123456789abcdef >"probe.$$"
fallocate -p -o 0 -l 8 "probe.$$" 2>/dev/null && holes=yes || holes=no
rm -f "probe.$$"
[ $holes = yes ] || { echo "missing holes"; exit 0; }
echo "ok $(stat -f -c %T .)"
`;

/** Of a terminal that has no writer nothing may go on, because nobody would see it. */
const DESTROY = `
destroy() {
  [ ! -f server ] || kill -CONT "$(cat server)" 2>/dev/null || :
  pid=$(tmux -S s display-message -p -t m '#{pane_pid}' 2>/dev/null) || return 0
  kill -KILL $(ps -o pid= --ppid "$pid") "-$pid" 2>/dev/null || :
  tmux -S s kill-server 2>/dev/null || :
}
`;

/** One line for each terminal: id, start, end, created, columns, rows, exit code or `-`, nonce, name, and how it is recorded if it is. */
export const STATE = `
${DESTROY}
# A server that somebody halted answers nobody; the others are told all the same. It is given the asker's output, so that the end
# of that would be waited for in vain.
size_of() {
  format='#{window_width} #{window_height}'
  if command -v timeout >/dev/null 2>&1; then set -- timeout 2 tmux; else set -- tmux; fi
  { "$@" -S s display-message -p -t m "$format" 2>/dev/null || :; echo; } | { read -r answer; echo "$answer"; }
}
state() (
  cd "$1" 2>/dev/null && [ -f meta ] && [ -f log ] || return 0
  read -r created nonce <meta
  start=0
  [ ! -f start ] || read -r start <start
  size='0 0'
  if [ ! -f exit ]; then
    # The writer goes only after the program: what neither is there for ended with the place.
    if ! flock -n lock true; then
      size=$(size_of)
    elif [ ! -f exit ]; then
      # Before there is a writer: what an agent that died has begun to open goes on, and is told once it is open.
      [ ! -f opening ] || flock -n opening true || return 0
      destroy
      [ -f code ] && read -r code <code || code=129
      echo "$code $(stat -c %s log)" >exit
    fi
  fi
  code=-
  end=$(stat -c %s log)
  [ ! -f exit ] || read -r code end <exit
  # tmux may say nothing of one that is just ending.
  case $size in [1-9]*' '[1-9]*) ;; *) size='0 0' ;; esac
  # Where its own program wrote nonsense there, a terminal can be used all the same.
  [ "$start" -ge 0 ] 2>/dev/null && [ "$start" -le "$end" ] 2>/dev/null || start=0
  name=
  # Its own program may have written anything there.
  [ ! -f name ] || name=$(head -c 40 name | tr -cd 'a-z0-9-')
  kept=
  [ ! -f recorded ] || kept=' kept'
  if [ -f recording ]; then [ -f exit ] && kept=' kept' || kept=' on'; fi
  echo "$1 $start $end $created $size $code $nonce \${name:-$1}$kept"
)
`;

/** Arguments: the terminals' directory, then ids; all terminals where there are none. */
export const STATES = `
${STATE}
cd "$1" 2>/dev/null || exit 0
shift
[ $# -gt 0 ] || set -- *
for id; do state "$id"; done
`;

/** How long an opening waits for others of the same terminal, all in all. */
export const OPENING_WAIT_S = 30;

/**
 * Arguments: directory, id, columns, rows, bytes to keep, nonce. The program comes as a script on standard input,
 * and what it and the server inherit is the environment of this call. Says the terminal's state, `!` and why its log
 * cannot be written, or `?` where another opening does not end.
 */
export const OPEN = `
set -e
umask 077
${STATE}
# To be told, a terminal may not be held as one that is being opened.
report() { rm -f program; exec 9>&-; cd ..; state "$1"; exit 0; }
# An opening outlives the agent that asked for it; two at once would take each other's files away. Whoever held it before may
# have taken away the directory.
held=
until=$(($(date +%s) + ${OPENING_WAIT_S}))
for try in 1 2 3; do
  mkdir -p "$1/$2" && cd "$1/$2" && command exec 9>opening || continue
  left=$((until - $(date +%s)))
  # The clock may have been set meanwhile.
  [ $left -ge 0 ] || left=0
  [ $left -le ${OPENING_WAIT_S} ] || left=${OPENING_WAIT_S}
  flock -w $left 9 || { echo '?'; exit 0; }
  if [ -e opening ]; then held=yes; break; fi
done
[ -n "$held" ] || exit 1
cat >program
# What was cut off with its agent is not run as far as it came.
[ "$(tail -n 1 program)" = "${PROGRAM_END}" ] || exit 1
if [ -f lock ] && [ ! -f exit ] && [ ! -f code ] && ! flock -n lock true; then report "$2"; fi
# Whose program has just ended still writes down how.
[ ! -f lock ] || flock -w 3 lock true || :
[ ! -f server ] || kill -CONT "$(cat server)" 2>/dev/null || :
tmux -S s kill-server 2>/dev/null || :
base=0
if [ -f exit ]; then read -r _ base <exit; elif [ -f log ]; then base=$(stat -c %s log); fi
case $base in '' | *[!0-9]* | ????????????????*) base=0 ;; esac
[ ! -f recording ] || mv recording recorded
rm -f s log start lock meta code exit write writer why run server ready reader.*
truncate -s "$base" log
echo "$base" >start
mv program run
cat >write <<'WRITER'
${LOG_WRITER}WRITER
echo "$(date +%s)000 $6" >meta
: >lock
# What the server inherits it holds for as long as the terminal lives.
TERM=xterm-256color tmux -S s -f /dev/null set -g history-limit 0 \\; set -g status off \\; \\
  set -g default-terminal xterm-256color \\; set -g update-environment '' \\; set -g remain-on-exit off \\; \\
  new-session -d -s m -x "$3" -y "$4" sh ./run \\; set -g window-size manual \\; \\
  pipe-pane -O -t m "echo \\$\\$ >writer; exec perl ./write $5 $6 2>why" 9>&-
# Until the writer has its lock, the terminal would look like one that has ended.
tries=0
until [ -f ready ] || [ -f exit ]; do
  tries=$((tries + 1))
  if [ $tries -le 1000 ] && { [ ! -s writer ] || kill -0 "$(cat writer)" 2>/dev/null; }; then sleep 0.01; continue; fi
  # It may have done all it had to do.
  if [ -f ready ] || [ -f exit ]; then break; fi
  said=$(head -c 200 why | tr -cd '[:print:]')
  destroy
  echo "129 $base" >exit
  # An offset is never used twice.
  [ "$base" != 0 ] || rm -rf "../$2"
  # The last, because nobody may be there to hear it.
  echo "! $said"
  exit 0
done
rm -f ready writer why
exec 9>&-
cd ..
# The logs of ended terminals stay readable, but not all of them for ever.
ls -t */exit 2>/dev/null | tail -n +9 | while read -r old; do
  old="./\${old%/exit}"
  if [ ! -f "$old/opening" ]; then rm -rf "$old"; continue; fi
  # Unless it is being opened again, or was since.
  flock -n "$old/opening" sh -c '[ ! -f "$1/exit" ] || rm -rf "$1"' prune "$old" || :
done
state "$2"
`;

/** Arguments: terminal, name. Says `ok` once it has that name, or `none` where there is no such terminal. */
export const RENAME = `
umask 077
cd "$1" 2>/dev/null && [ -f meta ] && [ -f log ] || { echo none; exit 0; }
rm -rf name.new
echo "$2" >name.new
mv -f name.new name
echo ok
`;

/** Follows the log. Its input never comes: the end of it says that the reader is gone. Arguments: terminal, first byte from 1, interval. */
export const FOLLOW = `
cd "$1" || exit 1
tail -s "$3" -c "+$2" -f log 2>/dev/null &
: >"reader.$!"
cat >/dev/null
kill $!
rm -f "reader.$!"
`;

/** Arguments: terminal. */
export const START_OF = `head -c 20 "$1/start" 2>/dev/null || echo 0`;

/** Arguments: terminal. Speaks tmux's control mode. */
export const CONTROL = `cd "$1" && exec tmux -S s -C attach-session -t m -f no-output,ignore-size`;

/** Types its standard input. Arguments: terminal. */
export const PASTE = `cd "$1" && exec tmux -S s load-buffer -b in - \\; paste-buffer -d -r -b in -t m`;

/**
 * Hangs up as a terminal does that is closed: first its foreground and the program, then, after two seconds, by force.
 * Arguments: terminal.
 */
export const END = `
cd "$1" 2>/dev/null && [ -f meta ] && [ ! -f exit ] || exit 0
# Should it have been halted by a writer that is no more.
[ ! -f server ] || kill -CONT "$(cat server)" 2>/dev/null || :
pid=$(tmux -S s display-message -p -t m '#{pane_pid}' 2>/dev/null) || exit 0
signal() {
  for child in $(ps -o pid= --ppid "$pid"); do kill "-$1" "$child" 2>/dev/null; done
  foreground=$(ps -o tpgid= -p "$pid" | tr -d ' ')
  [ "\${foreground:-0}" -le 1 ] || [ "$foreground" = "$pid" ] || kill "-$1" "-$foreground" 2>/dev/null
}
signal HUP
signal CONT
flock -w 2 lock true || signal KILL
flock -w 2 lock true || tmux -S s kill-server
flock -w 2 lock true || :
`;
