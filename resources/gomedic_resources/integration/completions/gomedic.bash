#    source ~/.local/share/bash_completion/gomedic

_shtab_gomedic_image_subparsers=(check)
_shtab_gomedic_toolchain_subparsers=(available list install use remove verify)
_shtab_gomedic_bundle_subparsers=(create)
_shtab_gomedic_subparsers=(check explain ask fix undo history image report toolchain bundle export install-self uninstall-self)

_shtab_gomedic_check_option_strings=(-h --help --json --deep --only --project --limits --policy)
_shtab_gomedic_explain_option_strings=(-h --help --overrides --persistence --image --limits --session --json)
_shtab_gomedic_ask_option_strings=(-h --help --json --project)
_shtab_gomedic_fix_option_strings=(-h --help --all --dry-run --yes --json --project --offline --limits)
_shtab_gomedic_undo_option_strings=(-h --help --all --yes --json)
_shtab_gomedic_history_option_strings=(-h --help --json)
_shtab_gomedic_image_check_option_strings=(-h --help --json --platform --user --run --sums --only --limits --policy)
_shtab_gomedic_image_option_strings=(-h --help)
_shtab_gomedic_report_option_strings=(-h --help --text --html --json --jsonl --junit --csv --merge -o --output --mask --deep --project --limits --policy --yes)
_shtab_gomedic_toolchain_available_option_strings=(-h --help --json --all --offline)
_shtab_gomedic_toolchain_list_option_strings=(-h --help --json --offline)
_shtab_gomedic_toolchain_install_option_strings=(-h --help --from --to --without-signature --root --offline --json --yes)
_shtab_gomedic_toolchain_use_option_strings=(-h --help --to --offline --json --yes)
_shtab_gomedic_toolchain_remove_option_strings=(-h --help --purge --offline --json --yes)
_shtab_gomedic_toolchain_verify_option_strings=(-h --help --archive --offline --json --yes)
_shtab_gomedic_toolchain_option_strings=(-h --help --offline)
_shtab_gomedic_bundle_create_option_strings=(-h --help -o --output --from --arch --sign --offline --json)
_shtab_gomedic_bundle_option_strings=(-h --help)
_shtab_gomedic_export_option_strings=(-h --help --list --goroot --gopath --goproxy --go --arch --from --copy --base --user --name --tool --cache -o --output --force --json)
_shtab_gomedic_install_self_option_strings=(-h --help --user --system --json --start-up-lines)
_shtab_gomedic_uninstall_self_option_strings=(-h --help --user --system --json --start-up-lines)
_shtab_gomedic_option_strings=(-h --help --version)

_shtab_gomedic_check___project_COMPGEN=_shtab_compgen_dirs
_shtab_gomedic_check___policy_COMPGEN=_shtab_compgen_files
_shtab_gomedic_ask___project_COMPGEN=_shtab_compgen_dirs
_shtab_gomedic_fix___project_COMPGEN=_shtab_compgen_dirs
_shtab_gomedic_image_check___policy_COMPGEN=_shtab_compgen_files
_shtab_gomedic_report__o_COMPGEN=_shtab_compgen_files
_shtab_gomedic_report___output_COMPGEN=_shtab_compgen_files
_shtab_gomedic_report___project_COMPGEN=_shtab_compgen_dirs
_shtab_gomedic_report___policy_COMPGEN=_shtab_compgen_files
_shtab_gomedic_toolchain_install___from_COMPGEN=_shtab_compgen_files
_shtab_gomedic_toolchain_install___root_COMPGEN=_shtab_compgen_dirs
_shtab_gomedic_toolchain_verify_pos_0_COMPGEN=_shtab_compgen_files
_shtab_gomedic_toolchain_verify___archive_COMPGEN=_shtab_compgen_files
_shtab_gomedic_bundle_create__o_COMPGEN=_shtab_compgen_files
_shtab_gomedic_bundle_create___output_COMPGEN=_shtab_compgen_files
_shtab_gomedic_bundle_create___from_COMPGEN=_shtab_compgen_files
_shtab_gomedic_export___goroot_COMPGEN=_shtab_compgen_dirs
_shtab_gomedic_export___gopath_COMPGEN=_shtab_compgen_dirs
_shtab_gomedic_export___tool_COMPGEN=_shtab_compgen_files
_shtab_gomedic_export__o_COMPGEN=_shtab_compgen_files
_shtab_gomedic_export___output_COMPGEN=_shtab_compgen_files

_shtab_gomedic_check___only_choices=(no-go-installed path-missing-system-dirs go-alias-or-function wrong-arch elf-interpreter-missing glibc-too-old goroot-trimmed-binary gccgo-as-go etc-environment-literal startup-file-unreadable startup-file-ignored rc-crlf startup-syntax rc-expanded-at-write rc-of-other-shell bash-profile-does-not-source-bashrc path-not-persisted path-in-login-file-only path-entry-missing-dir login-shell-path-reset noninteractive-shell-no-path version-manager-no-version sudo-secure-path shadowed-by-older-go newer-go-not-selected go-too-old gotoolchain-local gotoolchain-unavailable distro-go-env-defaults stray-parent-gomod stray-go-work git-dubious-ownership goroot-missing-dir goroot-is-binary goroot-wrong-level goroot-no-tools goroot-incomplete goroot-mixed-versions goroot-version-mismatch goroot-not-writable-stale-std gopath-invalid-entry gopath-is-module gopath-equals-goroot gobin-invalid gobin-not-on-path shell-var-not-exported fish-universal-variable goflags-problem gocache-off gomodule-invalid gomodule-off gopath-mode-outside-gopath goos-goarch-leftover env-overrides-goenv home-not-set gocache-not-writable gocache-read-only gocache-no-room gopath-not-writable gopath-unset-scripts modcache-not-writable tmpdir-invalid tmp-noexec tmp-no-space low-memory too-few-processes ulimit-too-low silent-build seccomp-clone3 fs-no-exec-bit cc-missing libc-headers-missing http-proxy-dead goproxy-unreachable dns-failure ca-bundle-missing ca-untrusted-proxy git-missing modcache-corrupt tool-go-version-mismatch ide-setting-wrong ide-sandboxed ide-env-differs stale-session-env go-fails-unexplained)
_shtab_gomedic_explain_pos_0_choices=(go PATH GOROOT GOPATH GOPROXY no-go-installed path-missing-system-dirs go-alias-or-function wrong-arch elf-interpreter-missing glibc-too-old goroot-trimmed-binary gccgo-as-go etc-environment-literal startup-file-unreadable startup-file-ignored rc-crlf startup-syntax rc-expanded-at-write rc-of-other-shell bash-profile-does-not-source-bashrc path-not-persisted path-in-login-file-only path-entry-missing-dir login-shell-path-reset noninteractive-shell-no-path version-manager-no-version sudo-secure-path shadowed-by-older-go newer-go-not-selected go-too-old gotoolchain-local gotoolchain-unavailable distro-go-env-defaults stray-parent-gomod stray-go-work git-dubious-ownership goroot-missing-dir goroot-is-binary goroot-wrong-level goroot-no-tools goroot-incomplete goroot-mixed-versions goroot-version-mismatch goroot-not-writable-stale-std gopath-invalid-entry gopath-is-module gopath-equals-goroot gobin-invalid gobin-not-on-path shell-var-not-exported fish-universal-variable goflags-problem gocache-off gomodule-invalid gomodule-off gopath-mode-outside-gopath goos-goarch-leftover env-overrides-goenv home-not-set gocache-not-writable gocache-read-only gocache-no-room gopath-not-writable gopath-unset-scripts modcache-not-writable tmpdir-invalid tmp-noexec tmp-no-space low-memory too-few-processes ulimit-too-low silent-build seccomp-clone3 fs-no-exec-bit cc-missing libc-headers-missing http-proxy-dead goproxy-unreachable dns-failure ca-bundle-missing ca-untrusted-proxy git-missing modcache-corrupt tool-go-version-mismatch ide-setting-wrong ide-sandboxed ide-env-differs stale-session-env go-fails-unexplained image-entry-broken image-env-without-go image-home-not-writable image-start-up-unclear policy-session policy-go policy-go-version policy-goroot policy-variable policy-cache policy-root policy-finding)
_shtab_gomedic_explain___session_choices=(terminal ssh login command exec cron sudo editor)
_shtab_gomedic_image_check___only_choices=(no-go-installed path-missing-system-dirs go-alias-or-function wrong-arch elf-interpreter-missing glibc-too-old goroot-trimmed-binary gccgo-as-go etc-environment-literal startup-file-unreadable startup-file-ignored rc-crlf startup-syntax rc-expanded-at-write rc-of-other-shell bash-profile-does-not-source-bashrc path-not-persisted path-in-login-file-only path-entry-missing-dir login-shell-path-reset noninteractive-shell-no-path version-manager-no-version sudo-secure-path shadowed-by-older-go newer-go-not-selected go-too-old gotoolchain-local gotoolchain-unavailable distro-go-env-defaults stray-parent-gomod stray-go-work git-dubious-ownership goroot-missing-dir goroot-is-binary goroot-wrong-level goroot-no-tools goroot-incomplete goroot-mixed-versions goroot-version-mismatch goroot-not-writable-stale-std gopath-invalid-entry gopath-is-module gopath-equals-goroot gobin-invalid gobin-not-on-path shell-var-not-exported fish-universal-variable goflags-problem gocache-off gomodule-invalid gomodule-off gopath-mode-outside-gopath goos-goarch-leftover env-overrides-goenv home-not-set gocache-not-writable gocache-read-only gocache-no-room gopath-not-writable gopath-unset-scripts modcache-not-writable tmpdir-invalid tmp-noexec tmp-no-space low-memory too-few-processes ulimit-too-low silent-build seccomp-clone3 fs-no-exec-bit cc-missing libc-headers-missing http-proxy-dead goproxy-unreachable dns-failure ca-bundle-missing ca-untrusted-proxy git-missing modcache-corrupt tool-go-version-mismatch ide-setting-wrong ide-sandboxed ide-env-differs stale-session-env go-fails-unexplained)
_shtab_gomedic_image_pos_0_choices=(check)
_shtab_gomedic_toolchain_pos_0_choices=(available list install use remove verify)
_shtab_gomedic_bundle_pos_0_choices=(create)
_shtab_gomedic_export_pos_0_choices=(terminal ssh login command exec cron sudo editor)
_shtab_gomedic_pos_0_choices=(check explain ask fix undo history image report toolchain bundle export install-self uninstall-self)

_shtab_gomedic_check__h_nargs=0
_shtab_gomedic_check___help_nargs=0
_shtab_gomedic_check___json_nargs=0
_shtab_gomedic_check___deep_nargs=0
_shtab_gomedic_explain__h_nargs=0
_shtab_gomedic_explain___help_nargs=0
_shtab_gomedic_explain___overrides_nargs=0
_shtab_gomedic_explain___persistence_nargs=0
_shtab_gomedic_explain___limits_nargs=0
_shtab_gomedic_explain___json_nargs=0
_shtab_gomedic_ask_pos_0_nargs=+
_shtab_gomedic_ask__h_nargs=0
_shtab_gomedic_ask___help_nargs=0
_shtab_gomedic_ask___json_nargs=0
_shtab_gomedic_fix_pos_0_nargs='*'
_shtab_gomedic_fix__h_nargs=0
_shtab_gomedic_fix___help_nargs=0
_shtab_gomedic_fix___all_nargs=0
_shtab_gomedic_fix___dry_run_nargs=0
_shtab_gomedic_fix___yes_nargs=0
_shtab_gomedic_fix___json_nargs=0
_shtab_gomedic_fix___offline_nargs=0
_shtab_gomedic_undo__h_nargs=0
_shtab_gomedic_undo___help_nargs=0
_shtab_gomedic_undo___all_nargs=0
_shtab_gomedic_undo___yes_nargs=0
_shtab_gomedic_undo___json_nargs=0
_shtab_gomedic_history__h_nargs=0
_shtab_gomedic_history___help_nargs=0
_shtab_gomedic_history___json_nargs=0
_shtab_gomedic_image_check_pos_0_nargs=+
_shtab_gomedic_image_check__h_nargs=0
_shtab_gomedic_image_check___help_nargs=0
_shtab_gomedic_image_check___json_nargs=0
_shtab_gomedic_image_check___run_nargs=0
_shtab_gomedic_image_check___sums_nargs=0
_shtab_gomedic_image_pos_0_nargs=A...
_shtab_gomedic_image__h_nargs=0
_shtab_gomedic_image___help_nargs=0
_shtab_gomedic_report__h_nargs=0
_shtab_gomedic_report___help_nargs=0
_shtab_gomedic_report___text_nargs=0
_shtab_gomedic_report___html_nargs=0
_shtab_gomedic_report___json_nargs=0
_shtab_gomedic_report___jsonl_nargs=0
_shtab_gomedic_report___junit_nargs=0
_shtab_gomedic_report___csv_nargs=0
_shtab_gomedic_report___merge_nargs=+
_shtab_gomedic_report___mask_nargs=0
_shtab_gomedic_report___deep_nargs=0
_shtab_gomedic_report___yes_nargs=0
_shtab_gomedic_toolchain_available__h_nargs=0
_shtab_gomedic_toolchain_available___help_nargs=0
_shtab_gomedic_toolchain_available___json_nargs=0
_shtab_gomedic_toolchain_available___all_nargs=0
_shtab_gomedic_toolchain_available___offline_nargs=0
_shtab_gomedic_toolchain_list__h_nargs=0
_shtab_gomedic_toolchain_list___help_nargs=0
_shtab_gomedic_toolchain_list___json_nargs=0
_shtab_gomedic_toolchain_list___offline_nargs=0
_shtab_gomedic_toolchain_install__h_nargs=0
_shtab_gomedic_toolchain_install___help_nargs=0
_shtab_gomedic_toolchain_install___without_signature_nargs=0
_shtab_gomedic_toolchain_install___offline_nargs=0
_shtab_gomedic_toolchain_install___json_nargs=0
_shtab_gomedic_toolchain_install___yes_nargs=0
_shtab_gomedic_toolchain_use__h_nargs=0
_shtab_gomedic_toolchain_use___help_nargs=0
_shtab_gomedic_toolchain_use___offline_nargs=0
_shtab_gomedic_toolchain_use___json_nargs=0
_shtab_gomedic_toolchain_use___yes_nargs=0
_shtab_gomedic_toolchain_remove__h_nargs=0
_shtab_gomedic_toolchain_remove___help_nargs=0
_shtab_gomedic_toolchain_remove___purge_nargs=0
_shtab_gomedic_toolchain_remove___offline_nargs=0
_shtab_gomedic_toolchain_remove___json_nargs=0
_shtab_gomedic_toolchain_remove___yes_nargs=0
_shtab_gomedic_toolchain_verify__h_nargs=0
_shtab_gomedic_toolchain_verify___help_nargs=0
_shtab_gomedic_toolchain_verify___offline_nargs=0
_shtab_gomedic_toolchain_verify___json_nargs=0
_shtab_gomedic_toolchain_verify___yes_nargs=0
_shtab_gomedic_toolchain_pos_0_nargs=A...
_shtab_gomedic_toolchain__h_nargs=0
_shtab_gomedic_toolchain___help_nargs=0
_shtab_gomedic_toolchain___offline_nargs=0
_shtab_gomedic_bundle_create_pos_0_nargs=+
_shtab_gomedic_bundle_create__h_nargs=0
_shtab_gomedic_bundle_create___help_nargs=0
_shtab_gomedic_bundle_create___arch_nargs=+
_shtab_gomedic_bundle_create___offline_nargs=0
_shtab_gomedic_bundle_create___json_nargs=0
_shtab_gomedic_bundle_pos_0_nargs=A...
_shtab_gomedic_bundle__h_nargs=0
_shtab_gomedic_bundle___help_nargs=0
_shtab_gomedic_export__h_nargs=0
_shtab_gomedic_export___help_nargs=0
_shtab_gomedic_export___list_nargs=0
_shtab_gomedic_export___copy_nargs=0
_shtab_gomedic_export___cache_nargs=0
_shtab_gomedic_export___force_nargs=0
_shtab_gomedic_export___json_nargs=0
_shtab_gomedic_install_self__h_nargs=0
_shtab_gomedic_install_self___help_nargs=0
_shtab_gomedic_install_self___user_nargs=0
_shtab_gomedic_install_self___system_nargs=0
_shtab_gomedic_install_self___json_nargs=0
_shtab_gomedic_install_self___start_up_lines_nargs=0
_shtab_gomedic_uninstall_self__h_nargs=0
_shtab_gomedic_uninstall_self___help_nargs=0
_shtab_gomedic_uninstall_self___user_nargs=0
_shtab_gomedic_uninstall_self___system_nargs=0
_shtab_gomedic_uninstall_self___json_nargs=0
_shtab_gomedic_uninstall_self___start_up_lines_nargs=0
_shtab_gomedic_pos_0_nargs=A...
_shtab_gomedic__h_nargs=0
_shtab_gomedic___help_nargs=0
_shtab_gomedic___version_nargs=0


# $1=COMP_WORDS[1]
_shtab_compgen_files() {
  compgen -f -- $1  # files
}

# $1=COMP_WORDS[1]
_shtab_compgen_dirs() {
  compgen -d -- $1  # recurse into subdirs
}

# $1=COMP_WORDS[1]
_shtab_replace_nonword() {
  echo "${1//[^[:word:]]/_}"
}

# set default values (called for the initial parser & any subparsers)
_set_parser_defaults() {
  local subparsers_var="${prefix}_subparsers[@]"
  sub_parsers=${!subparsers_var-}

  local current_option_strings_var="${prefix}_option_strings[@]"
  current_option_strings=${!current_option_strings_var}

  completed_positional_actions=0

  _set_new_action "pos_$completed_positional_actions" true
}

# $1=action identifier
# $2=positional action (bool)
# set all identifiers for an action's parameters
_set_new_action() {
  current_action="${prefix}_$(_shtab_replace_nonword $1)"

  local current_action_compgen_var=${current_action}_COMPGEN
  current_action_compgen="${!current_action_compgen_var-}"

  local current_action_choices_var="${current_action}_choices[@]"
  current_action_choices="${!current_action_choices_var-}"

  local current_action_nargs_var="${current_action}_nargs"
  if [ -n "${!current_action_nargs_var-}" ]; then
    current_action_nargs="${!current_action_nargs_var}"
  else
    current_action_nargs=1
  fi

  current_action_args_start_index=$(( $word_index + 1 - $pos_only ))

  current_action_is_positional=$2
}

# Notes:
# `COMPREPLY`: what will be rendered after completion is triggered
# `completing_word`: currently typed word to generate completions for
# `${!var}`: evaluates the content of `var` and expand its content as a variable
#     hello="world"
#     x="hello"
#     ${!x} -> ${hello} -> "world"
_shtab_gomedic() {
  local completing_word="${COMP_WORDS[COMP_CWORD]}"
  local previous_word="${COMP_WORDS[COMP_CWORD-1]}"
  local completed_positional_actions
  local current_action
  local current_action_args_start_index
  local current_action_choices
  local current_action_compgen
  local current_action_is_positional
  local current_action_nargs
  local current_option_strings
  local sub_parsers
  COMPREPLY=()

  local prefix=_shtab_gomedic
  local word_index=0
  local pos_only=0 # "--" delimiter not encountered yet
  _set_parser_defaults
  word_index=1

  # determine what arguments are appropriate for the current state
  # of the arg parser
  while [ $word_index -ne $COMP_CWORD ]; do
    local this_word="${COMP_WORDS[$word_index]}"

    if [[ $pos_only = 1 || " $this_word " != " -- " ]]; then
      if [[ -n $sub_parsers && " ${sub_parsers[@]} " == *" $this_word "* ]]; then
        # valid subcommand: add it to the prefix & reset the current action
        prefix="${prefix}_$(_shtab_replace_nonword $this_word)"
        _set_parser_defaults
      fi

      if [[ " ${current_option_strings[@]} " == *" $this_word "* ]]; then
        # a new action should be acquired (due to recognised option string or
        # no more input expected from current action);
        # the next positional action can fill in here
        _set_new_action $this_word false
      fi

      if [[ "$current_action_nargs" != "*" ]] && \
         [[ "$current_action_nargs" != "+" ]] && \
         [[ "$current_action_nargs" != "?" ]] && \
         [[ "$current_action_nargs" != *"..." ]] && \
         (( $word_index + 1 - $current_action_args_start_index - $pos_only >= \
            $current_action_nargs )); then
        $current_action_is_positional && let "completed_positional_actions += 1"
        _set_new_action "pos_$completed_positional_actions" true
      fi
    else
      pos_only=1 # "--" delimiter encountered
    fi

    let "word_index+=1"
  done

  # Generate the completions

  COMPREPLY=()
  if [[ $pos_only = 0 && "$completing_word" == -* &&
        ( -z "$current_action_compgen" || "$current_action_is_positional" = true ) ]]; then
    # optional argument started: use option strings
    while IFS= read -r line; do COMPREPLY+=("$line"); done < <(
      compgen -W "${current_option_strings[*]}" -- "$completing_word")
  elif [[ "$previous_word" =~ ^[0-9\&]*[\<\>]\>?$ ]]; then
    # handle redirection operators
    compopt -o filenames 2>/dev/null || : # bash>=4
    while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$completing_word")
  else
    # use choices & compgen
    local action_compgen_word="$completing_word"
    # handle tab-completing in the middle of a line (#248 <- #116)
    [[ -n "$current_action_compgen" && "$completing_word" == -* ]] && action_compgen_word=""
    [ -n "$current_action_compgen" ] && {
      [[ "$current_action_compgen" =~ _(file|dir|glob|FILE|DIR|GLOB)|File|Dir|Glob ]] &&
        compopt -o filenames 2>/dev/null || : # bash>=4
      while IFS= read -r line; do COMPREPLY+=("$line"); done < <(
        "$current_action_compgen" "$action_compgen_word")
    }
    while IFS= read -r line; do COMPREPLY+=("$line"); done < <(
      compgen -W "${current_action_choices[*]}" -- "$completing_word")
  fi

  if [[ ${#COMPREPLY[@]} = 0 ]]; then
    # native fallback matches are not necessarily filenames (e.g. variables)
    compopt +o filenames 2>/dev/null || : # bash>=4
  fi

  return 0
}

complete -o bashdefault -F _shtab_gomedic gomedic
