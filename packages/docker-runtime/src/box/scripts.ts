/** Runs the code that stdin brings first; short, because the engine's events and `ps` show it. */
export const READ_AND_RUN = `while IFS= read -r l && [ "$l" != . ]; do s="$s\${l#=}
"; done; eval "$s"`;

/** Code as READ_AND_RUN expects it. */
export function asInput(code: string): string {
  const lines = code.split("\n").map((line) => `=${line}\n`);
  return `${lines.join("")}.\n`;
}

/** Says in four lines who and where it is: user, home, a directory of its own, and which start of the container this is. */
const SAY_WHERE = `
missing() { echo "WS_MISSING $1" >&2; exit 1; }
mask=$(umask)
umask 077
uid=$(id -u)
user=$(id -un 2>/dev/null) || user=$uid
base=
for d in /run/ws/box /dev/shm/ws-box-$uid /tmp/ws-box-$uid; do
  mkdir -p "$d" 2>/dev/null
  if [ -d "$d" ] && [ ! -L "$d" ] && [ -O "$d" ] && chmod 700 "$d" 2>/dev/null; then base=$d; break; fi
done
[ -n "$base" ] || missing 'directory that its user can write to'
read -r stat </proc/1/stat
set -- \${stat##*) }
boot=\${20}
say() { printf '%s\\n' "$user" "\${HOME:-/}" "$base" "$boot"; }
`;

/** The first exec of a Box without sshd. Its life is the Box's: it answers every line until its input ends. */
export const HOLDER_SCRIPT = `${SAY_WHERE}
say
exec cat
`;

/**
 * Reads a host key and our public key from stdin, says where it is, then serves SSH on the same two streams.
 * `WS_MISSING` on stderr names a part that the image lacks.
 */
export const SSHD_SCRIPT = `${SAY_WHERE}
[ "$user" != "$uid" ] || missing 'entry of its user in /etc/passwd'
sshd=$(PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin command -v sshd) || missing sshd
shell=
while IFS=: read -r n _ _ _ _ _ s; do [ "$n" = "$user" ] && shell=$s; done </etc/passwd
case $shell in */nologin|*/false) missing 'login shell for its user';; esac
dir=$base/ssh.$$
rm -rf "$dir"
mkdir "$dir" || exit 1
take() { while IFS= read -r line && [ "$line" != . ]; do printf '%s\\n' "$line"; done; }
take >"$dir/host_key"
take >"$dir/authorized_keys"
cat >"$dir/config" <<END
HostKey $dir/host_key
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
LogLevel INFO
END
[ "$uid" != 0 ] || mkdir -p -m 0755 /run/sshd
umask "$mask"
say
"$sshd" -i -e -f "$dir/config"
rm -rf "$dir"
`;
