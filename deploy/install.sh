#!/bin/sh
# sh deploy/install.sh FOLDER WHEEL [pdf] [postgres] [push] [s3]: a virtual environment with what runs in production, and no more
# (docs/decisions/0019-only-what-runs-is-installed.md). Needs ../requirements beside this folder. Harmless to repeat.
set -eu
# Asked for in many images; here bytecode is what is wanted.
unset PYTHONDONTWRITEBYTECODE
test $# -ge 2 || { sed -n '2p' "$0" >&2; exit 2; }
folder=$1 wheel=$2
shift 2
requirements=$(dirname "$0")/../requirements

python3 -m venv "$folder"
python=$folder/bin/python
install() { "$python" -m pip --quiet --disable-pip-version-check --no-cache-dir install --no-compile --no-deps "$@"; }
install --require-hashes --requirement "$requirements/run.txt"
for extra; do
  install --require-hashes --requirement "$requirements/$extra.txt"
done
install --force-reinstall "$wheel"
packages=$("$python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')

# Pictures are opened as JPEG, PNG and WebP, and as nothing else.
rm -f "$packages"/PIL/_avif*.so "$packages"/pillow.libs/libavif*
# What only a debugger reads. Libraries in *.libs are left: they were put together once more after they were linked.
if command -v strip > /dev/null; then
  # Into a file of its own, then in the old one's place: a server that runs has that one open, and dies when it is changed.
  find "$packages" -name '*.so' -not -path '*.libs/*' -exec sh -c '
    for each; do strip --strip-unneeded -o "$each.new" "$each" && mv "$each.new" "$each" || exit; done' sh {} +
else
  echo "strip (Debian: binutils) is not here, so what is installed is 20 MB larger than it need be." >&2
fi
# Whoever installs again gets pip again.
"$python" -m pip --quiet --disable-pip-version-check uninstall --yes pip setuptools
# From another folder, as there may be an app folder in this one.
cd "$folder"
"$(pwd)/bin/python" -m app.bytecode
