# What a patient's `setup` and `cure` may call. $STORE: the Go trees; $U, $H: the account and its home.
set -e

# put VERSION FOLDER: a whole Go tree of that release (1.19 1.21 1.22 1.24 1.26), as its archive would leave it
put() {
  local tree part
  tree=$(echo "$STORE"/go"$1".*)
  mkdir -p "$2"
  for part in bin lib pkg src VERSION go.env; do [ ! -e "$tree/$part" ] || cp -a "$tree/$part" "$2/"; done
}

# own PATH...: give files to the patient's account
own() { chown -R "$U": "$@"; }

# hello FOLDER [GO_LINE]: a one-file module that prints "hello from go1.x"
hello() {
  mkdir -p "$1"
  printf 'module example.test/hello\n\ngo %s\n' "${2:-1.19}" > "$1/go.mod"
  printf 'package main\n\nimport (\n\t"fmt"\n\t"runtime"\n)\n\n' > "$1/main.go"
  printf 'func main() { fmt.Println("hello from", runtime.Version()) }\n' >> "$1/main.go"
  own "$1"
}
