# What quickstart, check and tools/other-debian share: finding what is missing,
# installing it, and running a step with its output in a log. Read by bash 3.2
# too (macOS).
# shellcheck shell=bash disable=SC2034

# What is looked for, how, and the packages that bring it: Debian's (several
# by commas) and Homebrew's.
needs_build='
compiler cc         gcc,libc6-dev                 gcc
program  meson      meson                         meson
program  ninja      ninja-build                   ninja
program  pkg-config pkg-config                    pkgconf
library  sleef      libsleef-dev                  sleef
library  libfyaml   libfyaml-dev                  libfyaml
library  sqlite3    libsqlite3-dev                sqlite
library  jansson    libjansson-dev                jansson
library  libxxhash  libxxhash-dev                 xxhash
'
needs_pictures='
program  gnuplot    gnuplot-nox,fonts-dejavu-core gnuplot
'
# The page of a run is tested in a browser.
needs_browser='
program  chromium   chromium                      -
'
# What tools/fetch-movielens runs.
needs_fetch='
download curl       curl,ca-certificates          curl
program  unzip      unzip                         unzip
'
needs_tests='
library  cmocka     libcmocka-dev                 cmocka
program  python3    python3                       python
program  ps         procps                        -
'
# The tests of the Python package.
needs_python='
python   numpy      python3-numpy                 numpy
python   pandas     python3-pandas                -
'
needs_more_builds='
compiler gcc        gcc,libc6-dev                 gcc
compiler clang      clang                         llvm
'
# The kernel bench: without these it is left out.
needs_bench='
program  g++        g++                           gcc
library  benchmark  libbenchmark-dev              google-benchmark
'
needs_style='
program  clang-format clang-format                clang-format
program  cppcheck     cppcheck                    cppcheck
'
# Debian's arm64 libraries lie beside the machine's own: all of these -dev
# packages are "Multi-Arch: same". libc6-dev:arm64 comes first: the cross
# compiler only recommends a libc, and the -dev-arm64-cross one has no loader
# where qemu looks for it. Of each package already there, apt takes both
# architectures to the same version, so that some may be upgraded.
needs_cross='
program  qemu-aarch64          qemu-user                             -
cross    aarch64-linux-gnu-gcc gcc-aarch64-linux-gnu,libc6-dev:arm64 -
arm64    sleef                 libsleef-dev:arm64                    -
arm64    libfyaml              libfyaml-dev:arm64                    -
arm64    sqlite3               libsqlite3-dev:arm64                  -
arm64    jansson               libjansson-dev:arm64                  -
arm64    libxxhash             libxxhash-dev:arm64                   -
arm64    cmocka                libcmocka-dev:arm64                   -
cross    aarch64-linux-gnu-g++ g++-aarch64-linux-gnu                 -
arm64    benchmark             libbenchmark-dev:arm64                -
'

# tests/slurm/run.
needs_cluster='
program  slurmctld             slurm-wlm                             -
'

# tools/other-debian.
needs_root='
program  debootstrap           debootstrap                           -
'

step() {
  printf '%-10s %s\n' "$1" "$2"
}

# logged LOG COMMAND...: output goes to LOG; its end (of `shown` lines) is shown
# when the command fails, and its status returned.
logged() {
  local log=$1 status=0
  shift
  mkdir -p "$(dirname "$log")"
  "$@" >"$log" 2>&1 </dev/null || status=$?
  if [ "$status" -ne 0 ]; then
    printf '%s\n' "failed ($status): $*" "the end of $log:" >&2
    tail -n "${shown:-40}" "$log" | cut -c 1-200 | sed 's/^/  /' >&2
  fi
  return "$status"
}

# add_counts LOG: shows what ./check or tools/other-debian wrote, and adds the
# counts in its last line to `passed`, `failed` and `skipped`.
add_counts() {
  case $(tail -n 1 "$1") in
    [0-9]*' passed, '*' failed, '*' skipped') ;;
    *)
      tail -n "${shown:-40}" "$1"
      return 1
      ;;
  esac
  sed '$d' "$1"
  # shellcheck disable=SC2046  # number, word, number, word, number, word
  set -- $(tail -n 1 "$1")
  passed=$((passed + $1)) failed=$((failed + $3)) skipped=$((skipped + $5))
}

# Whether COMPILER makes a program with libc's headers, one that runs (under
# RUNNER, where given).
compiles() {
  local made status=0
  command -v "$1" >/dev/null 2>&1 || return 1
  made=$(mktemp "${TMPDIR:-/tmp}/crosslane-setup.XXXXXX") || return 1
  printf '#include <stdio.h>\nint main(void) { return puts("") < 0; }\n' |
    "$1" -x c -o "$made" - >/dev/null 2>&1 && ${2-} "$made" >/dev/null 2>&1 || status=1
  rm -f "$made"
  return "$status"
}

# Whether a Python that the tests look for has a module.
has_module() {
  local python
  for python in python3 /usr/bin/python3; do
    if "$python" -c "import $1" >/dev/null 2>&1; then return; fi
  done
  return 1
}

is_there() {
  case $1 in
    program) command -v "$2" >/dev/null 2>&1 ;;
    download) command -v curl >/dev/null 2>&1 || command -v wget >/dev/null 2>&1 ;;
    compiler) if [ "$2" = cc ]; then compiles "${CC:-cc}"; else compiles "$2"; fi ;;
    library) command -v pkg-config >/dev/null 2>&1 && pkg-config --exists "$2" ;;
    python) has_module "$2" ;;
    cross) compiles "$2" qemu-aarch64 ;;
    arm64) [ -f "/usr/lib/aarch64-linux-gnu/pkgconfig/$2.pc" ] ;;
  esac
}

# missing NEEDS COLUMN: what of a list is not there: its names (column 2), or
# the packages of Debian (3) or Homebrew (4), by blanks.
missing() {
  local kind name debian brew words word found=
  while read -r kind name debian brew; do
    if [ -n "$kind" ] && ! is_there "$kind" "$name"; then
      case $2 in
        2) words=$name ;;
        3) words=$(printf '%s' "$debian" | tr ',' ' ') ;;
        4) words=${brew#-} ;;
      esac
      for word in $words; do
        case " $found " in
          *" $word "*) ;;
          *) found="$found $word" ;;
        esac
      done
    fi
  done <<END
$1
END
  printf '%s\n' "${found# }"
}

# Root's rights, if there is a way to them. sudo may ask for a password on a
# terminal; elsewhere it must do without.
as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif { : </dev/tty; } 2>/dev/null; then
    sudo "$@"
  else
    sudo -n "$@"
  fi
}

has_brew() {
  ! command -v apt-get >/dev/null 2>&1 && command -v brew >/dev/null 2>&1
}

can_install() {
  has_brew && return 0
  command -v apt-get >/dev/null 2>&1 && command -v dpkg >/dev/null 2>&1 || return 1
  [ "$(id -u)" -eq 0 ] || command -v sudo >/dev/null 2>&1
}

# Waits for another apt, asks nothing, and removes nothing that is installed.
apt_get() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 "$@"
}

# The lists of packages are fetched when those that are there do not do.
install_all() {
  local log=$1 packages=$2
  mkdir -p "$(dirname "$log")"
  # shellcheck disable=SC2086  # a list of packages
  set -- install --no-install-recommends --no-remove $packages
  apt_get "$@" >"$log" 2>&1 </dev/null && return 0
  shown=6 logged "$log" apt_get update && shown=6 logged "$log" apt_get "$@"
}

# install_packages LOG NEEDS: what of the list is missing, with apt or Homebrew.
install_packages() {
  local log=$1 packages added=no
  if has_brew; then
    packages=$(missing "$2" 4)
    [ -n "$packages" ] || return 0
    step packages "installing $packages"
    # shellcheck disable=SC2086  # a list of packages
    shown=6 logged "$log" env HOMEBREW_NO_AUTO_UPDATE=1 HOMEBREW_NO_INSTALL_UPGRADE=1 \
      brew install $packages
    return
  fi
  packages=$(missing "$2" 3)
  [ -n "$packages" ] || return 0
  step packages "installing $packages"
  case $packages in
    *:arm64*)
      if ! dpkg --print-foreign-architectures | grep -qx arm64; then
        step packages "adding arm64 to dpkg's architectures (undo: dpkg --remove-architecture arm64)"
        logged "$log" as_root dpkg --add-architecture arm64 || return 1
        added=yes
      fi
      ;;
  esac
  install_all "$log" "$packages" && return 0
  # A mirror without arm64 must not be left to fail every later update.
  [ "$added" = no ] || as_root dpkg --remove-architecture arm64
  return 1
}

# What to do by hand where install_packages could not.
name_missing() {
  local debian brew
  debian=$(missing "$1" 3)
  brew=$(missing "$1" 4)
  printf '%s\n' "not found:  $(missing "$1" 2)" "Debian:     apt-get install $debian" >&2
  [ -z "$brew" ] || printf '%s\n' "Homebrew:   brew install $brew" >&2
}
