/** Runs the code that stdin brings first; short, because the engine's events and `ps` show it. */
export const READ_AND_RUN = `while IFS= read -r l && [ "$l" != . ]; do s="$s\${l#=}
"; done; eval "$s"`;

/** Code as READ_AND_RUN expects it. */
export function asInput(code: string): string {
  const lines = code.split("\n").map((line) => `=${line}\n`);
  return `${lines.join("")}.\n`;
}

// Almost all of what follows is done by the shell itself: each program that it starts costs a millisecond or two at every
// connect, and many times that where ten connect at once.
const WHO = `
missing() { echo "WS_MISSING $1" >&2; exit 1; }
uid= mask= user= shell= login= login_shell=
while read -r key real effective rest; do
  case $key in Umask:) mask=$real;; Uid:) uid=$effective;; esac
done </proc/self/status
[ -n "$uid" ] || uid=$(id -u)
[ -n "$mask" ] || mask=$(umask)
umask 077
while IFS=: read -r n _ u _ _ _ s; do
  [ "$u" = "$uid" ] || continue
  [ -n "$user" ] || user=$n shell=$s login=$n login_shell=$s
  if [ "$n" = ws-box ]; then login=$n login_shell=$s; fi
done </etc/passwd
[ -n "$user" ] || user=$(id -un 2>/dev/null) || user=$uid
`;

/** Finds a directory that only this user can use, with $own made in it. */
const WHERE = `
base=
for d in /run/ws/box /dev/shm/ws-box-$uid /tmp/ws-box-$uid; do
  new=
  [ -e "$d" ] || [ -L "$d" ] || new=1
  mkdir -p "$d$own" 2>/dev/null || continue
  if [ -d "$d" ] && [ ! -L "$d" ] && [ -O "$d" ] && { [ -n "$new" ] || chmod 700 "$d" 2>/dev/null; }; then base=$d; break; fi
done
[ -n "$base" ] || missing 'directory that its user can write to'
read -r stat </proc/1/stat
set -- \${stat##*) }
boot=\${20}
`;

/** What `readIdentity` reads. */
const SAY = `printf '%s\\n' "$user" "\${HOME:-/}" "$base" "$boot" "$shell" "\${login:-$user}" "$login_shell"`;

/** The first exec of a Box without sshd. Its life is the Box's: it answers every line until its input ends. */
export const HOLDER_SCRIPT = `own=
${WHO}${WHERE}${SAY}
exec cat
`;

/**
 * Reads a host key and our public key from stdin, says where it is, then serves SSH on the same two streams.
 * `WS_MISSING` on stderr names a part that the image lacks.
 */
export const SSHD_SCRIPT = `${WHO}
[ "$user" != "$uid" ] || missing 'entry of its user in /etc/passwd'
sshd=/usr/sbin/sshd
[ -x "$sshd" ] || sshd=$(PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin command -v sshd) || missing sshd
case $shell in */nologin|*/false) missing 'login shell for its user';; esac
own=/ssh.$$
${WHERE}
dir=$base$own
take() { while IFS= read -r line && [ "$line" != . ]; do printf '%s\\n' "$line"; done; }
take >"$dir/host_key"
take >"$dir/authorized_keys"
echo "HostKey $dir/host_key
AuthorizedKeysFile $dir/authorized_keys
PidFile none
UsePAM no
StrictModes no
AuthenticationMethods publickey
PermitRootLogin yes
PermitUserRC no
PermitUserEnvironment no
PermitTTY yes
Subsystem sftp internal-sftp
MaxSessions 1000000
AcceptEnv *
SetEnv SHLVL=1 ZDOTDIR=$dir XDG_CONFIG_HOME=$dir
AllowTcpForwarding yes
AllowAgentForwarding yes
AllowStreamLocalForwarding yes
GatewayPorts no
X11Forwarding no
PrintMotd no
PrintLastLog no
UseDNS no
Compression no
ClientAliveInterval 15
ClientAliveCountMax 4
LogLevel INFO" >"$dir/config"
[ "$uid" != 0 ] || mkdir -p -m 0755 /run/sshd
umask "$mask"
${SAY}
"$sshd" -i -e -f "$dir/config"
rm -rf "$dir"
`;
