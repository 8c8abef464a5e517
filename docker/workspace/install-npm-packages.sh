#!/bin/sh
# install-npm-packages.sh LIST REGISTRY PREFIX: lays Node, npm, pnpm and Bun out under PREFIX.
set -eu
list=$1 registry=${2%/} prefix=$3
arch=$(dpkg --print-architecture)

# The pinned hash decides what is accepted, not the connection's certificate: so a worker behind
# a proxy with a CA of its own needs that CA neither in the build nor in the image.
download() {
  echo "Downloading $1 $2"
  curl --insecure --silent --show-error --fail --location --retry 3 \
    --output "$4" "$registry/$1/-/${1##*/}-$2.tgz"
  hash=$(printf %s "${3#sha512-}" | base64 -d | od -An -v -tx1 | tr -d ' \n')
  echo "$hash  $4" | sha512sum --check --quiet --strict
}

mkdir -p "$prefix/bin" "$prefix/lib/node_modules"
while read -r for_arch name version integrity; do
  case $for_arch in "$arch" | all) ;; *) continue ;; esac
  unpacked=$(mktemp -d)
  download "$name" "$version" "$integrity" "$unpacked.tgz"
  tar -xzf "$unpacked.tgz" -C "$unpacked" --strip-components=1 --no-same-owner
  case $name in
    node-*) mv "$unpacked/bin/node" "$prefix/bin/" ;;
    @oven/bun-*) mv "$unpacked/bin/bun" "$prefix/bin/" ;;
    @pnpm/*) mv "$unpacked/pnpm" "$prefix/bin/" ;;
    npm) mv "$unpacked" "$prefix/lib/node_modules/npm" ;;
    *) echo "No place known for $name" >&2 && exit 1 ;;
  esac
done <"$list"

ln -s bun "$prefix/bin/bunx"
printf '#!/bin/sh\nexec pnpm dlx "$@"\n' >"$prefix/bin/pnpx"
ln -s ../lib/node_modules/npm/bin/npm-cli.js "$prefix/bin/npm"
ln -s ../lib/node_modules/npm/bin/npx-cli.js "$prefix/bin/npx"
chmod 0755 "$prefix/lib/node_modules/npm"
chmod 0755 "$prefix"/bin/*
for tool in node npm pnpm bun; do
  test -x "$prefix/bin/$tool" || { echo "$tool is not in $list for $arch" >&2 && exit 1; }
done
