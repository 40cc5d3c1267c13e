# Sourced: says what to do where node is missing or too old, before anything else could fail in a stranger way.
if ! command -v node >/dev/null 2>&1; then
  echo 'Tessera needs node 20.19 or newer with npm, and found none. On Debian 13: apt-get install nodejs npm' >&2
  exit 1
fi
if ! node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)'; then
  echo "Tessera needs node 20.19 or newer, and found $(node --version). See https://nodejs.org" >&2
  exit 1
fi
