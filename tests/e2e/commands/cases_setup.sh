# shellcheck shell=bash disable=SC2154,SC2034,SC2016  # the variables and helpers are those of run.sh; $ stands in text
# Command line, init, configuration, key file, doctor.

case_version() {
  vestari --version
  exits 0
  prints "vestari "
  vestari --version --json
  exits 0
  prints '"name":"vestari"'
  prints '"sqlite":'
}

case_usage() {
  vestari
  exits 64
  prints_nothing
  says "usage"
  vestari --help
  exits 0
  prints "examples"
  vestari include --help
  exits 0
  prints "include COMMAND"
  vestari include add --help
  exits 0
  prints "--currency CODE"
  vestari dealz
  exits 64
  says 'unknown command "dealz"'
  says "did you mean deals?"
  vestari deals --refrence x
  exits 64
  says 'unknown option "--refrence"'
  says "did you mean --reference?"
  vestari deals extra
  exits 64
  vestari comps
  exits 64
  vestari include
  exits 64
  vestari export --format xml
  exits 64
  says "give one of: csv, json"
  vestari init --json
  exits 64
  says "does not take --json"
}

case_init_never_overwrites() {
  vestari init --config shop/vestari.toml
  exits 0
  prints "created"
  holds [ "$(stat -c %a shop/master.key)" = 600 ]
  holds [ "$(stat -c %a shop/vestari.toml)" = 600 ]
  holds [ "$(stat -c %a shop/data)" = 700 ]
  holds [ "$(stat -c %a shop/data/ingest/archive.db)" = 600 ]
  local before
  before=$(sha256sum shop/master.key shop/vestari.toml)
  vestari init --config shop/vestari.toml
  exits 0
  prints_not "created"
  holds [ "$before" = "$(sha256sum shop/master.key shop/vestari.toml)" ]
  vestari deals --config shop/vestari.toml --json
  exits 0
  holds [ "$out" = "[]" ]
}

case_init_follows_xdg() {
  vestari init
  exits 0
  holds [ -f .config/vestari/vestari.toml ]
  holds [ -f .config/vestari/master.key ]
  holds [ -f .local/share/vestari/ingest/archive.db ]
  vestari deals --json
  exits 0
  XDG_CONFIG_HOME=$home/elsewhere XDG_DATA_HOME=$home/store vestari init
  exits 0
  holds [ -f elsewhere/vestari/vestari.toml ]
  holds [ -f store/vestari/ingest/archive.db ]
}

case_init_keeps_a_broken_file() {
  echo 'data_dri = "x"' >v.toml
  vestari init --config v.toml
  exits 78
  says "v.toml:1:1"
  holds [ "$(cat v.toml)" = 'data_dri = "x"' ]
  holds [ ! -e master.key ]
}

case_init_makes_no_second_key() {
  vestari init --config v.toml
  mv master.key backup
  vestari init --config v.toml
  exits 78
  says "its master key"
  says "restore the key"
  holds [ ! -e master.key ]
  mv backup master.key
  vestari deals --config v.toml --json
  exits 0
}

case_configuration_lookup() {
  vestari deals
  exits 78
  says "there is no configuration: looked at $home/.config/vestari/vestari.toml, /etc/vestari/vestari.toml"
  says "vestari init"
  vestari deals --config nowhere.toml
  exits 78
  says "vestari init --config nowhere.toml"
  vestari init --config a/v.toml
  VESTARI_CONFIG=$home/a/v.toml vestari deals --json
  exits 0
  vestari --config a/v.toml deals --json
  exits 0
  vestari deals --json --config=a/v.toml
  exits 0
}

case_configuration_mistakes() {
  printf '[whatsapp]\n  recepits = "inactive"\n' >v.toml
  vestari deals --config v.toml
  exits 78
  says 'v.toml:2:3: unknown key "whatsapp.recepits"'
  says 'did you mean "whatsapp.receipts"?'
  printf '[[account]]\nname="a"\ncolour="red"\n' >v.toml
  vestari deals --config v.toml
  exits 78
  says "account takes name, default_currency, owner_uid"
  says_not "did you mean"
  printf 'region = 5\n' >v.toml
  vestari deals --config v.toml
  exits 78
  says "region takes a text"
  printf 'region = "\033[31m"\n' >v.toml
  vestari deals --config v.toml
  exits 78
  says_not $'\033'
  printf '[[account]]\nname="a"\n[[account]]\nname="b"\n' >v.toml
  vestari deals --config v.toml
  exits 64
  says "more than one account: a, b"
  vestari deals --config v.toml --account c
  exits 64
  says 'no account "c"'
}

# OpenSSL of Debian 12 has no FIPS provider: with the switch set, no key is made or read.
case_fips_is_required() {
  vestari init --config v.toml
  printf '[crypto]\nrequire_fips = true\n' >>v.toml
  for command in "deals" "init" "include list" "export --format csv" "doctor"; do
    # shellcheck disable=SC2086
    vestari $command --config v.toml
    exits 78
    [[ $out$err == *"require_fips is set"* ]] || fail "$command must name the FIPS provider"
  done
  rm -r master.key data
  vestari init --config v.toml
  exits 78
  holds [ ! -e master.key ]
  holds [ ! -e data ]
}

case_key_files() {
  vestari init --config v.toml
  chmod 640 master.key
  vestari deals --config v.toml
  exits 78
  says "$home/master.key is open to other users"
  says "chmod 600"
  chmod 600 master.key
  cp master.key backup
  printf '{"v":1,"kek":"%s","id":"x"}' "$(head -c 31 /dev/zero | base64)" >master.key
  vestari deals --config v.toml
  exits 78
  says "32 bytes"
  echo nonsense >master.key
  vestari deals --config v.toml
  exits 78
  says "master.key"
  printf '{"v":1,"kek":"%s","id":"%s"}' "$(head -c 32 /dev/zero | base64)" \
    "$(sed 's/.*"id":"\([^"]*\)".*/\1/' backup)" >master.key
  vestari deals --config v.toml
  exits 78
  says "$home/data/ingest/archive.db"
  rm master.key
  vestari deals --config v.toml
  exits 78
  says "there is no master key at $home/master.key"
  cp -p backup master.key
  vestari deals --config v.toml --json
  exits 0
}

case_archive_trouble() {
  vestari init --config v.toml
  printf 'this is no database at all, but it is long enough to be looked at' >data/ingest/archive.db
  vestari deals --config v.toml
  exits 65
  says "archive.db"
  rm data/ingest/archive.db*
  vestari deals --config v.toml
  exits 78
  says "no archive here yet"
  says "vestari init"
}

case_doctor() {
  vestari doctor
  exits 78
  prints "there is no configuration"
  vestari init --config v.toml
  vestari doctor --config v.toml
  exits 0
  prints "master key"
  vestari doctor --config v.toml --json
  exits 0
  prints '"name":"archive","state":"ok"'
  chmod 644 master.key
  vestari doctor --config v.toml
  exits 78
  prints "chmod 600"
  vestari doctor --assumptions
  exits 0
  prints "whatsapp.receipts"
}

case_manual_and_completion() {
  vestari manual
  exits 0
  prints ".TH VESTARI 1"
  prints "\\fBwhatsapp.receipts\\fR"
  vestari completion tcsh
  exits 64
  for shell in bash zsh fish; do
    vestari completion "$shell"
    exits 0
    cp out "completion.$shell"
    ! command -v "$shell" >/dev/null || holds "$shell" -n "completion.$shell"
  done
  out=$(bash -c '. ./completion.bash; COMP_WORDS=(vestari include add --cur) COMP_CWORD=3; _vestari; echo "${COMPREPLY[*]}"')
  holds [ "$out" = --currency ]
  out=$(bash -c '. ./completion.bash; COMP_WORDS=(vestari export --format "") COMP_CWORD=3; _vestari; echo "${COMPREPLY[*]}"')
  holds [ "$out" = "csv json" ]
}
