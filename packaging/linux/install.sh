#!/bin/sh
# Installs HiveMind Chatroom for you alone, without administrator rights:
#
#   ./install.sh               into ~/.local, with an entry in the menu; also over an older version
#   ./install.sh --uninstall   takes all of it away; what your room has kept stays
#
# It looks first whether the program can run here, and changes nothing if it can't.
set -eu

name=hivemind-chatroom
commands='hivemind-chatroom hivemind-flask-chatroom'
data=${XDG_DATA_HOME:-$HOME/.local/share}
config=${XDG_CONFIG_HOME:-$HOME/.config}
program=$HOME/.local/lib/$name
made=$program.new
before=$program.before
bin=$HOME/.local/bin
patience=75 # fifths of a second
wished=installed

main() {
    here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
    case ${1-} in
        '') install ;;
        --uninstall) uninstall ;;
        *) say_usage ;;
    esac
}

say_usage() {
    sed -n '2,/^set/s/^# \{0,1\}//p' "$0"
    exit 2
}

refuse() {
    echo "HiveMind Chatroom can't be $wished: $1" >&2
    exit 1
}

# --- can it run here? ---------------------------------------------------------------------------------

check() {
    [ -d "$here/app" ] || refuse "run the install.sh of the folder that you have unpacked."
    [ -z "${SUDO_USER-}" ] || refuse "run this without sudo; it installs for you, not for the administrator."
    case $HOME in
        *[\"\`\$\\%]*) refuse "the name of your folder, $HOME, has a character that menus can't start programs by." ;;
    esac
    check_computer
    check_libraries
    check_space
}

# What it needs is in the file `needs`, which was made with the program: `processor x86_64`, `glibc 2.35`
# and, for each library that it does not bring, `library <file> <Debian package>`.
needed() {
    sed -n "s/^$1 //p" "$here/needs"
}

check_computer() {
    [ "$(uname -s)" = Linux ] || refuse "it is for Linux, and this is $(uname -s)."
    wanted=$(needed processor)
    [ "$(uname -m)" = "$wanted" ] ||
        refuse "it is for computers with a processor of the kind $wanted, and this one's is $(uname -m)."
    wanted=$(needed glibc)
    found=$(getconf GNU_LIBC_VERSION 2>/dev/null | sed -n 's/^glibc //p')
    [ -n "$found" ] || refuse "this Linux is built without glibc, which the program needs."
    is_at_least "$found" "$wanted" ||
        refuse "this Linux is too old: it has glibc $found, and $wanted is needed, as Debian 12 and Ubuntu 24.04 have."
}

is_at_least() {
    [ "${1%%.*}" -gt "${2%%.*}" ] || { [ "${1%%.*}" -eq "${2%%.*}" ] && [ "${1#*.}" -ge "${2#*.}" ]; }
}

check_libraries() {
    known=$(PATH=$PATH:/usr/sbin:/sbin ldconfig -p 2>/dev/null) || return 0 # nobody here can tell
    missing=$(needed library | while read -r file package; do
        case $known in
            *"	$file (libc6,$(needed cache)"*) ;;
            *) echo "$file $package" ;;
        esac
    done)
    [ -n "$missing" ] || return 0
    packages=$(echo "$missing" | cut -d ' ' -f 2 | sort -u | tr '\n' ' ')
    refuse "these libraries are missing:
$(echo "$missing" | sed 's/^\([^ ]*\).*/  \1/')
On Debian and Ubuntu this line brings them, and then try again:
  sudo apt install ${packages% }"
}

check_space() {
    size=$(du -sk "$here/app" | cut -f 1)
    free=$(df -Pk "$HOME" | awk 'NR == 2 { print $4 }')
    [ "$free" -gt "$size" ] ||
        refuse "the disk is too full: $((size / 1024)) MB are needed, and $((free / 1024)) MB are free."
}

# --- install ------------------------------------------------------------------------------------------

install() {
    check
    close_rooms
    echo "Copying the program ..."
    take_back
    rm -rf "$made"
    trap 'rm -rf "$made"; take_back' EXIT
    mkdir -p "$made"
    cp -RP "$here/app" "$here/install.sh" "$made"
    (cd "$here/share" && find -- * -type f) >"$made/shared"
    [ ! -d "$program" ] || mv "$program" "$before"
    mv "$made" "$program"
    mkdir -p "$bin"
    for command in $commands; do
        ln -sf "$program/app/$command" "$bin/$command"
    done
    while read -r file; do
        mkdir -p "$(dirname "$data/$file")"
        cp "$here/share/$file" "$data/$file"
    done <"$program/shared"
    point_menu_entry
    forget_before
    renew_icons
    say_installed
}

# An installation that did not come to its end leaves the version before it.
take_back() {
    [ -d "$before" ] || return 0
    rm -rf "$program"
    mv "$before" "$program"
}

forget_before() {
    [ -d "$before" ] || return 0
    while read -r file; do
        grep -qxF -- "$file" "$program/shared" || remove_shared "$file"
    done <"$before/shared"
    mv "$before" "$made" # from here on nothing is taken back
    rm -rf "$made"
}

# The menu of a desktop may have been started without ~/.local/bin in its PATH.
point_menu_entry() {
    entry=$data/applications/$name.desktop
    awk -v command="$bin/$name" '
        /^Exec=/ { print "Exec=\"" command "\""; next }
        /^TryExec=/ { print "TryExec=" command; next }
        { print }
    ' "$here/share/applications/$name.desktop" >"$entry"
}

# A cache of yours that does not know the icon would hide it.
renew_icons() {
    [ ! -f "$data/icons/hicolor/icon-theme.cache" ] ||
        gtk-update-icon-cache --quiet --ignore-theme-index --force "$data/icons/hicolor" || true
}

say_installed() {
    echo "HiveMind Chatroom is installed. You find it in the menu; if not, log out and in again."
    case :$PATH: in
        *":$bin:"*) echo "In a terminal: $name" ;;
        *) echo "In a terminal: $bin/$name" ;;
    esac
    echo "To take it away again: $program/install.sh --uninstall"
}

# --- uninstall ----------------------------------------------------------------------------------------

uninstall() {
    wished=removed
    rm -rf "$made"
    take_back
    [ -d "$program" ] || refuse "it is not installed in $program."
    close_rooms
    autostart=$config/autostart/$name.desktop
    if grep -qF "$program/" "$autostart" 2>/dev/null; then
        rm -f "$autostart"
    fi
    remove_program
    renew_icons
    echo "HiveMind Chatroom is no longer installed."
    for kept in "$data/$name" "$config/$name" "$config/hivemind" "${XDG_STATE_HOME:-$HOME/.local/state}/hivemind"; do
        [ ! -e "$kept" ] || echo "What your room has kept is still in $kept"
    done
}

remove_program() {
    while read -r file; do
        remove_shared "$file"
    done <"$program/shared"
    for command in $commands; do
        rm -f "$bin/$command"
    done
    rm -rf "$program"
    remove_empty "$bin"
    remove_empty "$(dirname "$program")"
}

remove_shared() {
    rm -f "$data/$1"
    remove_empty "$data/$(dirname "$1")"
}

# A folder that is left with nothing in it goes too, and those that had only it.
remove_empty() {
    folder=$1
    while [ "$folder" != "$HOME" ] && rmdir "$folder" 2>/dev/null; do
        folder=$(dirname "$folder")
    done
}

# --- rooms that run -----------------------------------------------------------------------------------

# Those of this installation, and not the windows and hubs that they have begun.
rooms() {
    for process in /proc/[0-9]*; do
        case $(readlink "$process/exe" 2>/dev/null) in
            "$program/app/hivemind-"*) ;;
            *) continue ;;
        esac
        case $(tr '\0' '\n' 2>/dev/null <"$process/cmdline" | sed -n 2p) in
            --internal-*) ;;
            *) echo "${process#/proc/}" ;;
        esac
    done
}

close_rooms() {
    running=$(rooms)
    [ -n "$running" ] || return 0
    echo "Closing the room that is open."
    # shellcheck disable=SC2086  # one word each: they are numbers
    kill $running 2>/dev/null || true
    while [ -n "$(rooms)" ]; do
        [ "$patience" -gt 0 ] || refuse "the room that is open does not close; close it and try again."
        sleep 0.2
        patience=$((patience - 1))
    done
}

main "$@"
