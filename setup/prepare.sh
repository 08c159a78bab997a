# Sourced by ./mailscope, ./test and .ci/run: installs what is missing and builds. All it has to say goes
# to standard error, so that the program's own output stays clean in a pipe.

say() { printf '%s\n' "$*" >&2; }

# need GROUP...: the packages of these groups are installed, or are named and the script stops.
need() {
  command -v dpkg-query >/dev/null 2>&1 || { name_packages "$@"; return; }
  local wanted missing=() package
  wanted=$(packages_of "$@")
  for package in $wanted; do
    dpkg-query -W -f '${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return
  say "MailScope is built from source on this machine. These Debian packages are missing and will be installed with apt-get:"
  for package in "${missing[@]}"; do
    say "  $package: $(sed -n "s/^[a-z]* $package //p" "$here/setup/packages.txt")"
  done
  local root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null 2>&1 || { say "mailscope: this needs root, and there is no sudo: run as root: apt-get install ${missing[*]}"; exit 2; }
    root=(sudo)
  fi
  local log
  log=$(mktemp)
  if ! { "${root[@]}" apt-get update && "${root[@]}" env DEBIAN_FRONTEND=noninteractive \
         apt-get install -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
    tail -n 15 "$log" >&2
    say "mailscope: apt-get could not install ${missing[*]}; its last words are above"
    rm -f "$log"
    exit 2
  fi
  rm -f "$log"
}

packages_of() {
  local group
  for group in "$@"; do sed -n "s/^$group \([^ ]*\).*/\1/p" "$here/setup/packages.txt"; done
}

# On a system without dpkg: go on when it can build all the same, else say what is needed.
name_packages() {
  command -v cmake >/dev/null 2>&1 && command -v ninja >/dev/null 2>&1 && return
  say "MailScope is built from source. This is not a Debian system, so please install what these Debian packages hold, then start again:"
  say "  $(packages_of "$@" | tr '\n' ' ')"
  exit 2
}

# build PRESET TARGET [CMAKE-OPTION...]: configures where needed, then builds, with progress on a terminal.
# A folder that is not there yet is built in the quick way; in one that is, its owner's choice stays.
build() {
  local preset=$1 target=$2
  shift 2
  local dir=$here/build/$preset
  [ -f "$dir/CMakeCache.txt" ] || set -- "$@" -DMAILSCOPE_UNITY=ON
  mkdir -p "$dir"
  local log=$dir/build.log
  if [ -t 2 ]; then
    (cd "$here" && cmake --preset "$preset" "$@" >"$log" 2>&1) || build_failed "$log"
    (cd "$here" && cmake --build "$dir" --target "$target" >&2) || build_failed "$log"
  else
    (cd "$here" && cmake --preset "$preset" "$@" && cmake --build "$dir" --target "$target") \
      >"$log" 2>&1 || build_failed "$log"
  fi
}

build_failed() {
  grep -E -A6 'error|Error|FAILED' "$1" | head -n 40 >&2
  say "mailscope: the build failed; the whole log is $1"
  exit 1
}
