/** Runs the code that stdin brings first; short, because the engine's events and `ps` show it. */
export const READ_AND_RUN = `while IFS= read -r l && [ "$l" != . ]; do s="$s\${l#=}
"; done; eval "$s"`;

/** Code as READ_AND_RUN expects it. */
export function asInput(code: string): string {
  return `${code.replaceAll(/^/gm, "=")}\n.\n`;
}

/**
 * Run by /bin/sh inside the container as its own user. It reads a host key and our public key from stdin, says who
 * and where it is in four lines on stdout, then serves SSH on the same two streams. `WS_MISSING` on stderr names a
 * part that the image lacks.
 */
export const SSHD_SCRIPT = `
missing() { echo "WS_MISSING $1" >&2; exit 1; }
mask=$(umask)
umask 077
uid=$(id -u) && user=$(id -un 2>/dev/null) || missing 'an entry of its user in /etc/passwd'
sshd=$(PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin command -v sshd) || missing sshd
shell=
while IFS=: read -r n _ _ _ _ _ s; do [ "$n" = "$user" ] && shell=$s; done </etc/passwd
case $shell in */nologin|*/false) missing 'a login shell for its user';; esac
base=
for d in /run/ws/box /dev/shm/ws-box-$uid /tmp/ws-box-$uid; do
  mkdir -p "$d" 2>/dev/null
  if [ -d "$d" ] && [ ! -L "$d" ] && [ -O "$d" ] && chmod 700 "$d" 2>/dev/null; then base=$d; break; fi
done
[ -n "$base" ] || missing 'a writable directory for its sockets'
read -r stat </proc/1/stat
set -- \${stat##*) }
boot=\${20}
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
LogLevel ERROR
END
[ "$uid" != 0 ] || mkdir -p -m 0755 /run/sshd
umask "$mask"
printf '%s\\n' "$user" "\${HOME:-/}" "$base" "$boot"
"$sshd" -i -e -f "$dir/config"
rm -rf "$dir"
`;
