#!/bin/sh
# Writes a Debian base root filesystem, made from Debian's own packages, as a tar on stdout:
#
#   sh build-base.sh | docker import - ws-base:bookworm
#
# for machines where no container registry answers. Progress goes to stderr.
# DEBIAN_MIRROR and DEBIAN_SECURITY_MIRROR override the mirrors found below.
set -eu
umask 022

suite=bookworm
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

fail() {
  echo "$1" >&2
  exit 1
}

[ "$(id -u)" = 0 ] || fail "Building the base image needs root, because debootstrap does: run it with sudo."
command -v debootstrap >/dev/null || fail "debootstrap is missing. Install it: apt-get install debootstrap"
[ -r "$keyring" ] || fail "Debian's keys are missing. Install them: apt-get install debian-archive-keyring"
[ ! -t 1 ] || fail "Refusing to write a tar to a terminal. Pipe it: sh $0 | docker import - ws-base:$suite"

# The mirror that this machine's own apt uses for the archive named $1, if it is a Debian machine.
host_mirror() {
  . /etc/os-release
  [ "${ID:-}" = debian ] || return 0
  apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
    sed -n "s#^\(https\{0,1\}://.*/$1\)/*\$#\1#p" | head -n 1
}

mirror=${DEBIAN_MIRROR:-$(host_mirror debian)}
mirror=${mirror:-http://deb.debian.org/debian}
security=${DEBIAN_SECURITY_MIRROR:-$(host_mirror debian-security)}
security=${security:-http://deb.debian.org/debian-security}

work=$(mktemp -d "${TMPDIR:-/var/tmp}/ws-base.XXXXXX")
trap 'rm -rf --one-file-system "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
root=$work/root

echo "Building Debian $suite from $mirror" >&2
debootstrap --variant=minbase --include=ca-certificates \
  --force-check-gpg --keyring="$keyring" "$suite" "$root" "$mirror" >&2

cat >"$root/etc/apt/sources.list.d/debian.sources" <<END
Types: deb
URIs: $mirror
Suites: $suite $suite-updates
Components: main
Signed-By: $keyring

Types: deb
URIs: $security
Suites: $suite-security
Components: main
Signed-By: $keyring
END
rm -f "$root/etc/apt/sources.list"

# What the official slim images do: an image is not a machine, and nobody reads manuals in its layers.
cat >"$root/etc/dpkg/dpkg.cfg.d/image" <<'END'
force-unsafe-io
path-exclude /usr/share/doc/*
path-include /usr/share/doc/*/copyright
path-exclude /usr/share/info/*
path-exclude /usr/share/lintian/*
path-exclude /usr/share/locale/*
path-include /usr/share/locale/locale.alias
path-exclude /usr/share/man/*
END
cat >"$root/etc/apt/apt.conf.d/image" <<'END'
Acquire::Languages "none";
APT::Keep-Downloaded-Packages "false";
Dir::Cache::pkgcache "";
Dir::Cache::srcpkgcache "";
END
# Package scripts must not start services while an image is built.
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
chmod 0755 "$root/usr/sbin/policy-rc.d"

find "$root/usr/share/doc" -type f ! -name copyright -delete
find "$root/usr/share/locale" -type f ! -name locale.alias -delete
rm -rf "$root"/usr/share/info/* "$root"/usr/share/lintian/* "$root"/usr/share/man/* \
  "$root"/var/cache/apt/* "$root"/var/cache/debconf/*-old "$root"/var/lib/apt/lists/* \
  "$root"/var/log/* "$root"/var/lib/dpkg/*-old
# debootstrap copies this machine's identity; every container brings its own.
: >"$root/etc/machine-id"
rm -f "$root/etc/resolv.conf" "$root/etc/hostname"

tar -C "$root" --numeric-owner --one-file-system --sort=name \
  --exclude='./dev/*' --exclude='./proc/*' --exclude='./sys/*' -cf - .
