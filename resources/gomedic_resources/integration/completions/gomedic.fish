

# Parse current commandline:
# - _shtab_gomedic_cmdpath=(sub)command path seen so far
# - _shtab_gomedic_npos=number of positional arguments given after it
# - options are skipped based on _shtab_gomedic_opts_with_value & _shtab_gomedic_commands lists
function _shtab_gomedic_scan
  set -g _shtab_gomedic_cmdpath ''
  set -g _shtab_gomedic_npos 0
  set -l tokens (commandline -opc)
  set -e tokens[1]
  set -l expect_value 0
  for t in $tokens
    if test $expect_value -eq 1
      set expect_value 0
      continue
    end
    switch "$t"
      case '--*=*'
        continue
      case '-*'
        if contains -- $t $_shtab_gomedic_opts_with_value
          set expect_value 1
        end
        continue
      case '*'
        if test $_shtab_gomedic_npos -eq 0
          set -l candidate $t
          if test -n "$_shtab_gomedic_cmdpath"
            set candidate "$_shtab_gomedic_cmdpath $t"
          end
          if contains -- $candidate $_shtab_gomedic_commands
            set -g _shtab_gomedic_cmdpath $candidate
            continue
          end
        end
        set -g _shtab_gomedic_npos (math $_shtab_gomedic_npos + 1)
    end
  end
end

# Condition helper: true if the current (sub)command path equals the given one.
function _shtab_gomedic_using
  _shtab_gomedic_scan
  test "$_shtab_gomedic_cmdpath" = "$argv"
end

set -g _shtab_gomedic_commands check explain ask fix undo history image 'image check' report toolchain 'toolchain available' 'toolchain list' 'toolchain install' 'toolchain use' 'toolchain remove' 'toolchain verify' bundle 'bundle create' export install-self uninstall-self
set -g _shtab_gomedic_opts_with_value --arch --archive --base --from --go --gopath --goproxy --goroot --image --limits --merge --name --only --output --platform --policy --project --root --session --sign --to --tool --user -o

complete -c gomedic -e
complete -c gomedic -f

complete -c gomedic -n _shtab_gomedic_using -s h -l help -d 'show this help message and exit'
complete -c gomedic -n _shtab_gomedic_using -l version -d 'show program'"'"'s version number and exit'
complete -c gomedic -n '_shtab_gomedic_using; and test $_shtab_gomedic_npos -eq 0' -a check -d 'examine and report; changes nothing'
complete -c gomedic -n '_shtab_gomedic_using check' -s h -l help -d 'show this help message and exit'
complete -c gomedic -n '_shtab_gomedic_using check' -l json -d 'print the report as JSON'
complete -c gomedic -n '_shtab_gomedic_using check' -l deep -d 'also build a one-file program in each session'
complete -c gomedic -n '_shtab_gomedic_using check' -l only -xka "no-go-installed path-missing-system-dirs go-alias-or-function wrong-arch elf-interpreter-missing glibc-too-old goroot-trimmed-binary gccgo-as-go etc-environment-literal startup-file-unreadable startup-file-ignored rc-crlf startup-syntax rc-expanded-at-write rc-of-other-shell bash-profile-does-not-source-bashrc path-not-persisted path-in-login-file-only path-entry-missing-dir login-shell-path-reset noninteractive-shell-no-path version-manager-no-version sudo-secure-path shadowed-by-older-go newer-go-not-selected go-too-old gotoolchain-local gotoolchain-unavailable distro-go-env-defaults stray-parent-gomod stray-go-work git-dubious-ownership goroot-missing-dir goroot-is-binary goroot-wrong-level goroot-no-tools goroot-incomplete goroot-mixed-versions goroot-version-mismatch goroot-not-writable-stale-std gopath-invalid-entry gopath-is-module gopath-equals-goroot gobin-invalid gobin-not-on-path shell-var-not-exported fish-universal-variable goflags-problem gocache-off gomodule-invalid gomodule-off gopath-mode-outside-gopath goos-goarch-leftover env-overrides-goenv home-not-set gocache-not-writable gocache-read-only gocache-no-room gopath-not-writable gopath-unset-scripts modcache-not-writable tmpdir-invalid tmp-noexec tmp-no-space low-memory too-few-processes ulimit-too-low silent-build seccomp-clone3 fs-no-exec-bit cc-missing libc-headers-missing http-proxy-dead goproxy-unreachable dns-failure ca-bundle-missing ca-untrusted-proxy git-missing modcache-corrupt tool-go-version-mismatch ide-setting-wrong ide-sandboxed ide-env-differs stale-session-env go-fails-unexplained" -d 'run only this check'
complete -c gomedic -n '_shtab_gomedic_using check' -l project -xka "(__fish_complete_directories)" -d 'the Go module to judge by (default: the current folder)'
complete -c gomedic -n '_shtab_gomedic_using check' -l limits -x -d 'judge as in such a sandbox: memory=512m,pids=128,readonly,tmpfs=/tmp:64m,noexec,idle=30s'
complete -c gomedic -n '_shtab_gomedic_using check' -l policy -xka "(__fish_complete_path (commandline -ct))" -d 'judge by what this file demands (gomedic.toml)'
complete -c gomedic -n '_shtab_gomedic_using; and test $_shtab_gomedic_npos -eq 0' -a explain -d 'where a value comes from'
complete -c gomedic -n '_shtab_gomedic_using explain' -s h -l help -d 'show this help message and exit'
complete -c gomedic -n '_shtab_gomedic_using explain' -l overrides -d 'which ways to override this Go would work'
complete -c gomedic -n '_shtab_gomedic_using explain' -l persistence -d 'what carries Go'"'"'s variables, and whether a restart or rebuild keeps them'
complete -c gomedic -n '_shtab_gomedic_using explain' -l image -x -d 'the container'"'"'s image, which tells ENV from docker run -e (--persistence)'
complete -c gomedic -n '_shtab_gomedic_using explain' -l limits -d 'what the sandbox here allows, and what says so'
complete -c gomedic -n '_shtab_gomedic_using explain' -l session -xka "terminal ssh login command exec cron sudo editor" -d 'only this kind of session'
complete -c gomedic -n '_shtab_gomedic_using explain' -l json -d json
complete -c gomedic -n '_shtab_gomedic_using explain; and test $_shtab_gomedic_npos -eq 0' -ka "go PATH GOROOT GOPATH GOPROXY no-go-installed path-missing-system-dirs go-alias-or-function wrong-arch elf-interpreter-missing glibc-too-old goroot-trimmed-binary gccgo-as-go etc-environment-literal startup-file-unreadable startup-file-ignored rc-crlf startup-syntax rc-expanded-at-write rc-of-other-shell bash-profile-does-not-source-bashrc path-not-persisted path-in-login-file-only path-entry-missing-dir login-shell-path-reset noninteractive-shell-no-path version-manager-no-version sudo-secure-path shadowed-by-older-go newer-go-not-selected go-too-old gotoolchain-local gotoolchain-unavailable distro-go-env-defaults stray-parent-gomod stray-go-work git-dubious-ownership goroot-missing-dir goroot-is-binary goroot-wrong-level goroot-no-tools goroot-incomplete goroot-mixed-versions goroot-version-mismatch goroot-not-writable-stale-std gopath-invalid-entry gopath-is-module gopath-equals-goroot gobin-invalid gobin-not-on-path shell-var-not-exported fish-universal-variable goflags-problem gocache-off gomodule-invalid gomodule-off gopath-mode-outside-gopath goos-goarch-leftover env-overrides-goenv home-not-set gocache-not-writable gocache-read-only gocache-no-room gopath-not-writable gopath-unset-scripts modcache-not-writable tmpdir-invalid tmp-noexec tmp-no-space low-memory too-few-processes ulimit-too-low silent-build seccomp-clone3 fs-no-exec-bit cc-missing libc-headers-missing http-proxy-dead goproxy-unreachable dns-failure ca-bundle-missing ca-untrusted-proxy git-missing modcache-corrupt tool-go-version-mismatch ide-setting-wrong ide-sandboxed ide-env-differs stale-session-env go-fails-unexplained image-entry-broken image-env-without-go image-home-not-writable image-start-up-unclear policy-session policy-go policy-go-version policy-goroot policy-variable policy-cache policy-root policy-finding" -d 'go, PATH, GOROOT, any variable, or a check to read about'
complete -c gomedic -n '_shtab_gomedic_using; and test $_shtab_gomedic_npos -eq 0' -a ask -d 'what belongs to an error message'
complete -c gomedic -n '_shtab_gomedic_using ask' -s h -l help -d 'show this help message and exit'
complete -c gomedic -n '_shtab_gomedic_using ask' -l json -d json
complete -c gomedic -n '_shtab_gomedic_using ask' -l project -xka "(__fish_complete_directories)" -d 'the Go module to judge by'
complete -c gomedic -n '_shtab_gomedic_using; and test $_shtab_gomedic_npos -eq 0' -a fix -d 'put findings right'
complete -c gomedic -n '_shtab_gomedic_using fix' -s h -l help -d 'show this help message and exit'
complete -c gomedic -n '_shtab_gomedic_using fix' -l all -d 'the best fix of every finding, if it is safe'
complete -c gomedic -n '_shtab_gomedic_using fix' -l dry-run -d 'show the plan and do nothing'
complete -c gomedic -n '_shtab_gomedic_using fix' -l yes -d 'do not ask'
complete -c gomedic -n '_shtab_gomedic_using fix' -l json -d json
complete -c gomedic -n '_shtab_gomedic_using fix' -l project -xka "(__fish_complete_directories)" -d FOLDER
complete -c gomedic -n '_shtab_gomedic_using fix' -l offline -d 'use no network: only what is on this machine'
complete -c gomedic -n '_shtab_gomedic_using fix' -l limits -x -d 'judge as in such a sandbox: memory=512m,pids=128,readonly,tmpfs=/tmp:64m,noexec,idle=30s'
complete -c gomedic -n '_shtab_gomedic_using; and test $_shtab_gomedic_npos -eq 0' -a undo -d 'take back the newest fix'
complete -c gomedic -n '_shtab_gomedic_using undo' -s h -l help -d 'show this help message and exit'
complete -c gomedic -n '_shtab_gomedic_using undo' -l all -d 'every fix, the newest first'
complete -c gomedic -n '_shtab_gomedic_using undo' -l yes -d 'do not ask'
complete -c gomedic -n '_shtab_gomedic_using undo' -l json -d json
complete -c gomedic -n '_shtab_gomedic_using; and test $_shtab_gomedic_npos -eq 0' -a history -d 'what was done, newest first'
complete -c gomedic -n '_shtab_gomedic_using history' -s h -l help -d 'show this help message and exit'
complete -c gomedic -n '_shtab_gomedic_using history' -l json -d json
complete -c gomedic -n '_shtab_gomedic_using; and test $_shtab_gomedic_npos -eq 0' -a image -d 'examine container images, without an engine'
complete -c gomedic -n '_shtab_gomedic_using image' -s h -l help -d 'show this help message and exit'
complete -c gomedic -n '_shtab_gomedic_using image; and test $_shtab_gomedic_npos -eq 0' -a check -d 'read images and report; nothing of them is run unless you say --run'
complete -c gomedic -n '_shtab_gomedic_using image check' -s h -l help -d 'show this help message and exit'
complete -c gomedic -n '_shtab_gomedic_using image check' -l json -d 'print the report as JSON'
complete -c gomedic -n '_shtab_gomedic_using image check' -l platform -x -d 'the platform to examine, such as linux/arm64 (default: this machine'"'"'s)'
complete -c gomedic -n '_shtab_gomedic_using image check' -l user -x -d 'examine as this user (default: the image'"'"'s USER)'
complete -c gomedic -n '_shtab_gomedic_using image check' -l run -d 'start its shells and entry point, in a box without network and without rights on this machine'
complete -c gomedic -n '_shtab_gomedic_using image check' -l sums -d 'reckon the sums of uncompressed layers too (default: only where they are read whole anyway)'
complete -c gomedic -n '_shtab_gomedic_using image check' -l only -xka "no-go-installed path-missing-system-dirs go-alias-or-function wrong-arch elf-interpreter-missing glibc-too-old goroot-trimmed-binary gccgo-as-go etc-environment-literal startup-file-unreadable startup-file-ignored rc-crlf startup-syntax rc-expanded-at-write rc-of-other-shell bash-profile-does-not-source-bashrc path-not-persisted path-in-login-file-only path-entry-missing-dir login-shell-path-reset noninteractive-shell-no-path version-manager-no-version sudo-secure-path shadowed-by-older-go newer-go-not-selected go-too-old gotoolchain-local gotoolchain-unavailable distro-go-env-defaults stray-parent-gomod stray-go-work git-dubious-ownership goroot-missing-dir goroot-is-binary goroot-wrong-level goroot-no-tools goroot-incomplete goroot-mixed-versions goroot-version-mismatch goroot-not-writable-stale-std gopath-invalid-entry gopath-is-module gopath-equals-goroot gobin-invalid gobin-not-on-path shell-var-not-exported fish-universal-variable goflags-problem gocache-off gomodule-invalid gomodule-off gopath-mode-outside-gopath goos-goarch-leftover env-overrides-goenv home-not-set gocache-not-writable gocache-read-only gocache-no-room gopath-not-writable gopath-unset-scripts modcache-not-writable tmpdir-invalid tmp-noexec tmp-no-space low-memory too-few-processes ulimit-too-low silent-build seccomp-clone3 fs-no-exec-bit cc-missing libc-headers-missing http-proxy-dead goproxy-unreachable dns-failure ca-bundle-missing ca-untrusted-proxy git-missing modcache-corrupt tool-go-version-mismatch ide-setting-wrong ide-sandboxed ide-env-differs stale-session-env go-fails-unexplained" -d 'run only this check'
complete -c gomedic -n '_shtab_gomedic_using image check' -l limits -x -d 'judge as in such a sandbox: memory=512m,pids=128,readonly,tmpfs=/tmp:64m,noexec,idle=30s'
complete -c gomedic -n '_shtab_gomedic_using image check' -l policy -xka "(__fish_complete_path (commandline -ct))" -d 'judge by what this file demands (gomedic.toml)'
complete -c gomedic -n '_shtab_gomedic_using; and test $_shtab_gomedic_npos -eq 0' -a report -d 'the whole examination, to hand on'
complete -c gomedic -n '_shtab_gomedic_using report' -s h -l help -d 'show this help message and exit'
complete -c gomedic -n '_shtab_gomedic_using report' -l text -d 'as text (the default)'
complete -c gomedic -n '_shtab_gomedic_using report' -l html -d 'as a page of its own'
complete -c gomedic -n '_shtab_gomedic_using report' -l json -d 'as `check --json`'
complete -c gomedic -n '_shtab_gomedic_using report' -l jsonl -d 'as JSON Lines, an object a line'
complete -c gomedic -n '_shtab_gomedic_using report' -l junit -d 'as JUnit XML, for CI'
complete -c gomedic -n '_shtab_gomedic_using report' -l csv -d 'as a table for a spreadsheet; of --merge'
complete -c gomedic -n '_shtab_gomedic_using report' -l merge -x -d 'put these reports (JSON) together: who has what'
complete -c gomedic -n '_shtab_gomedic_using report' -s o -l output -xka "(__fish_complete_path (commandline -ct))" -d 'write it there instead of to standard output'
complete -c gomedic -n '_shtab_gomedic_using report' -l mask -d 'hide names, home folders and addresses of mail'
complete -c gomedic -n '_shtab_gomedic_using report' -l deep -d 'also build a one-file program in each session'
complete -c gomedic -n '_shtab_gomedic_using report' -l project -xka "(__fish_complete_directories)" -d 'the Go module to judge by'
complete -c gomedic -n '_shtab_gomedic_using report' -l limits -x -d 'judge as in such a sandbox: memory=512m,pids=128,readonly,tmpfs=/tmp:64m,noexec,idle=30s'
complete -c gomedic -n '_shtab_gomedic_using report' -l policy -xka "(__fish_complete_path (commandline -ct))" -d 'judge by what this file demands (gomedic.toml)'
complete -c gomedic -n '_shtab_gomedic_using report' -l yes -d 'write over a file that is there'
complete -c gomedic -n '_shtab_gomedic_using; and test $_shtab_gomedic_npos -eq 0' -a toolchain -d 'Go releases: install, use, verify'
complete -c gomedic -n '_shtab_gomedic_using toolchain' -s h -l help -d 'show this help message and exit'
complete -c gomedic -n '_shtab_gomedic_using toolchain' -l offline -d 'use no network: only what is on this machine'
complete -c gomedic -n '_shtab_gomedic_using toolchain; and test $_shtab_gomedic_npos -eq 0' -a available -d 'what could be installed'
complete -c gomedic -n '_shtab_gomedic_using toolchain available' -s h -l help -d 'show this help message and exit'
complete -c gomedic -n '_shtab_gomedic_using toolchain available' -l json -d json
complete -c gomedic -n '_shtab_gomedic_using toolchain available' -l all -d 'every release there was'
complete -c gomedic -n '_shtab_gomedic_using toolchain available' -l offline -d 'use no network: only what is on this machine'
complete -c gomedic -n '_shtab_gomedic_using toolchain; and test $_shtab_gomedic_npos -eq 0' -a list -d 'what is installed'
complete -c gomedic -n '_shtab_gomedic_using toolchain list' -s h -l help -d 'show this help message and exit'
complete -c gomedic -n '_shtab_gomedic_using toolchain list' -l json -d json
complete -c gomedic -n '_shtab_gomedic_using toolchain list' -l offline -d 'use no network: only what is on this machine'
complete -c gomedic -n '_shtab_gomedic_using toolchain; and test $_shtab_gomedic_npos -eq 0' -a install -d 'download, verify and install a release'
complete -c gomedic -n '_shtab_gomedic_using toolchain install' -s h -l help -d 'show this help message and exit'
complete -c gomedic -n '_shtab_gomedic_using toolchain install' -l from -xka "(__fish_complete_path (commandline -ct))" -d 'URL|FOLDER|BUNDLE'
complete -c gomedic -n '_shtab_gomedic_using toolchain install' -l to -x -d 'for whom: the last two for all accounts'
complete -c gomedic -n '_shtab_gomedic_using toolchain install' -l without-signature -d 'take Google'"'"'s SHA-256 alone where the signature cannot be checked; every view then says so'
complete -c gomedic -n '_shtab_gomedic_using toolchain install' -l root -xka "(__fish_complete_directories)" -d 'into the file system of an image'
complete -c gomedic -n '_shtab_gomedic_using toolchain install' -l offline -d 'use no network: only what is on this machine'
complete -c gomedic -n '_shtab_gomedic_using toolchain install' -l json -d json
complete -c gomedic -n '_shtab_gomedic_using toolchain install' -l yes -d 'do not ask'
complete -c gomedic -n '_shtab_gomedic_using toolchain; and test $_shtab_gomedic_npos -eq 0' -a use -d 'make an installed release the account'"'"'s Go'
complete -c gomedic -n '_shtab_gomedic_using toolchain use' -s h -l help -d 'show this help message and exit'
complete -c gomedic -n '_shtab_gomedic_using toolchain use' -l to -x -d '/opt: for all accounts'
complete -c gomedic -n '_shtab_gomedic_using toolchain use' -l offline -d 'use no network: only what is on this machine'
complete -c gomedic -n '_shtab_gomedic_using toolchain use' -l json -d json
complete -c gomedic -n '_shtab_gomedic_using toolchain use' -l yes -d 'do not ask'
complete -c gomedic -n '_shtab_gomedic_using toolchain; and test $_shtab_gomedic_npos -eq 0' -a remove -d 'take a release away'
complete -c gomedic -n '_shtab_gomedic_using toolchain remove' -s h -l help -d 'show this help message and exit'
complete -c gomedic -n '_shtab_gomedic_using toolchain remove' -l purge -d 'delete it for good: it cannot be taken back'
complete -c gomedic -n '_shtab_gomedic_using toolchain remove' -l offline -d 'use no network: only what is on this machine'
complete -c gomedic -n '_shtab_gomedic_using toolchain remove' -l json -d json
complete -c gomedic -n '_shtab_gomedic_using toolchain remove' -l yes -d 'do not ask'
complete -c gomedic -n '_shtab_gomedic_using toolchain; and test $_shtab_gomedic_npos -eq 0' -a verify -d 'judge an archive, a folder or an installed release'
complete -c gomedic -n '_shtab_gomedic_using toolchain verify' -s h -l help -d 'show this help message and exit'
complete -c gomedic -n '_shtab_gomedic_using toolchain verify' -l archive -xka "(__fish_complete_path (commandline -ct))" -d 'the release'"'"'s archive, to compare a folder with'
complete -c gomedic -n '_shtab_gomedic_using toolchain verify' -l offline -d 'use no network: only what is on this machine'
complete -c gomedic -n '_shtab_gomedic_using toolchain verify' -l json -d json
complete -c gomedic -n '_shtab_gomedic_using toolchain verify' -l yes -d 'do not ask'
complete -c gomedic -n '_shtab_gomedic_using toolchain verify; and test $_shtab_gomedic_npos -eq 0' -ka "(__fish_complete_path (commandline -ct))" -d 'FILE|FOLDER|VERSION'
complete -c gomedic -n '_shtab_gomedic_using; and test $_shtab_gomedic_npos -eq 0' -a bundle -d 'Go releases in one file, for machines without a network'
complete -c gomedic -n '_shtab_gomedic_using bundle' -s h -l help -d 'show this help message and exit'
complete -c gomedic -n '_shtab_gomedic_using bundle; and test $_shtab_gomedic_npos -eq 0' -a create -d 'fetch and verify releases, and write them into one file'
complete -c gomedic -n '_shtab_gomedic_using bundle create' -s h -l help -d 'show this help message and exit'
complete -c gomedic -n '_shtab_gomedic_using bundle create' -s o -l output -xka "(__fish_complete_path (commandline -ct))" -d FILE
complete -c gomedic -n '_shtab_gomedic_using bundle create' -l from -xka "(__fish_complete_path (commandline -ct))" -d 'URL|FOLDER|BUNDLE'
complete -c gomedic -n '_shtab_gomedic_using bundle create' -l arch -x -d 'for these processors, as GOARCH names them: amd64 arm64 loong64; default: this machine'"'"'s'
complete -c gomedic -n '_shtab_gomedic_using bundle create' -l sign -x -d 'sign the bundle with this key of your GnuPG'
complete -c gomedic -n '_shtab_gomedic_using bundle create' -l offline -d 'use no network: only what is on this machine'
complete -c gomedic -n '_shtab_gomedic_using bundle create' -l json -d json
complete -c gomedic -n '_shtab_gomedic_using; and test $_shtab_gomedic_npos -eq 0' -a export -d 'a set-up to paste: Dockerfile, profile.d, CI, services, …'
complete -c gomedic -n '_shtab_gomedic_using export' -s h -l help -d 'show this help message and exit'
complete -c gomedic -n '_shtab_gomedic_using export' -l list -d 'name every kind, and what it does'
complete -c gomedic -n '_shtab_gomedic_using export' -l goroot -xka "(__fish_complete_directories)" -d 'where Go lies (default: where this machine'"'"'s own Go lies)'
complete -c gomedic -n '_shtab_gomedic_using export' -l gopath -xka "(__fish_complete_directories)" -d 'GOPATH; what begins with ~/ is for each account its own'
complete -c gomedic -n '_shtab_gomedic_using export' -l goproxy -x -d 'GOPROXY; china means https://goproxy.cn,direct'
complete -c gomedic -n '_shtab_gomedic_using export' -l go -x -d 'fetch this release, with the SHA-256 of Google'"'"'s list'
complete -c gomedic -n '_shtab_gomedic_using export' -l arch -x -d 'the processor it is fetched for (default: this machine'"'"'s)'
complete -c gomedic -n '_shtab_gomedic_using export' -l from -x -d 'where it is fetched from'
complete -c gomedic -n '_shtab_gomedic_using export' -l copy -d 'its archive lies beside the Dockerfile'
complete -c gomedic -n '_shtab_gomedic_using export' -l base -x -d 'the image to start from'
complete -c gomedic -n '_shtab_gomedic_using export' -l user -x -d 'the account that works there'
complete -c gomedic -n '_shtab_gomedic_using export' -l name -x -d 'the service'"'"'s name (default: app)'
complete -c gomedic -n '_shtab_gomedic_using export' -l tool -xka "(__fish_complete_path (commandline -ct))" -d 'another tool chain, such as GCC: mounted or linked at TARGET, its programs linked'
complete -c gomedic -n '_shtab_gomedic_using export' -l cache -d 'have the standard library built beforehand'
complete -c gomedic -n '_shtab_gomedic_using export' -s o -l output -xka "(__fish_complete_path (commandline -ct))" -d 'save it there, with the mode it needs'
complete -c gomedic -n '_shtab_gomedic_using export' -l force -d 'write over a file that is there'
complete -c gomedic -n '_shtab_gomedic_using export' -l json -d json
complete -c gomedic -n '_shtab_gomedic_using export; and test $_shtab_gomedic_npos -eq 0' -ka "terminal ssh login command exec cron sudo editor" -d 'which one; --list names all'
complete -c gomedic -n '_shtab_gomedic_using; and test $_shtab_gomedic_npos -eq 0' -a install-self -d 'put gomedic on PATH and into the menu, with completions and manual page'
complete -c gomedic -n '_shtab_gomedic_using install-self' -s h -l help -d 'show this help message and exit'
complete -c gomedic -n '_shtab_gomedic_using install-self' -l user -d 'for this account alone'
complete -c gomedic -n '_shtab_gomedic_using install-self' -l system -d 'for all accounts, as root'
complete -c gomedic -n '_shtab_gomedic_using install-self' -l json -d json
complete -c gomedic -n '_shtab_gomedic_using install-self' -l start-up-lines -d 'also put its folder on PATH, where it is not'
complete -c gomedic -n '_shtab_gomedic_using; and test $_shtab_gomedic_npos -eq 0' -a uninstall-self -d 'take away all that install-self put there'
complete -c gomedic -n '_shtab_gomedic_using uninstall-self' -s h -l help -d 'show this help message and exit'
complete -c gomedic -n '_shtab_gomedic_using uninstall-self' -l user -d 'for this account alone'
complete -c gomedic -n '_shtab_gomedic_using uninstall-self' -l system -d 'for all accounts, as root'
complete -c gomedic -n '_shtab_gomedic_using uninstall-self' -l json -d json
complete -c gomedic -n '_shtab_gomedic_using uninstall-self' -l start-up-lines -d 'also take its lines out of start-up files'
