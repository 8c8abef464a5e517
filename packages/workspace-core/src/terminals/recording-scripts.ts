import { STATE } from "./holder-scripts.ts";

/*
 * What is recorded lies beside the log: `recording` while the writer adds to it, `recorded` once that is over. Its first line says
 * what it is; then come pieces, `o MILLISECONDS LENGTH` and so many bytes of output, or `r MILLISECONDS COLUMNS ROWS`.
 */

/** Argument: terminal. Says `ok`, or `none` where no such terminal runs. */
export const RECORD = `
umask 077
${STATE}
cd "$1" 2>/dev/null && [ -f meta ] && [ ! -f exit ] || { echo none; exit 0; }
if [ ! -f recording ]; then
  size=$(size_of)
  case $size in [1-9]*' '[1-9]*) ;; *) size='80 24' ;; esac
  printf 'ws-recording 1 %s %s\\n' "$size" "$(date +%s)000" >recording.new
  mv recording.new recording
fi
echo ok
`;

/** Argument: terminal. */
export const STOP_RECORDING = `
cd "$1" 2>/dev/null && [ -f recording ] || exit 0
mv recording recorded
`;

/** Arguments: terminal, columns, rows. */
export const RECORD_SIZE = `
cd "$1" 2>/dev/null && [ -f recording ] && [ ! -L recording ] || exit 0
printf 'r %s %s %s\\n' "$(date +%s)000" "$2" "$3" >>recording
`;

/** Argument: terminal. Prints what there is, or nothing. */
export const READ_RECORDING = `
cd "$1" 2>/dev/null || exit 0
for file in recording recorded; do
  [ ! -f "$file" ] || [ -L "$file" ] || exec head -c 100000000 "$file"
done
`;
