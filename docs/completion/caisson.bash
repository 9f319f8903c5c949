# bash completion of caisson. Written by 'make generate' from the tables of settings, verbs and options: do not edit

# Sets words and files to what option $1 of verb $2 takes; fails where it takes no value.
_caisson_values() {
  words= files=
  case $2:$1 in
    lint:--format) words='text json sarif'; return ;;
    explain:--image) return ;;
    diff:--html | verify:--html) return ;;
    documentation:--doc-format) words='auto markdown man system'; return ;;
    genkey:--genkey-valid-days) return ;;
    genkey:--genkey-common-name) return ;;
  esac
  case $1 in
    --include | -I) files=1 ;;
    --profile)  ;;
    --dependency)  ;;
    --minimum-version)  ;;
    --configure-script) files=1 ;;
    --pass-environment)  ;;
    --distribution | -d) words='fedora debian kali ubuntu postmarketos arch opensuse mageia centos rhel rhel-ubi openmandriva rocky alma azure custom' ;;
    --release | -r)  ;;
    --architecture) words='alpha arc arm arm64 ia64 loongarch64 mips-le mips64-le parisc ppc ppc64 ppc64-le riscv32 riscv64 s390 s390x tilegx x86 x86-64' ;;
    --mirror | -m)  ;;
    --snapshot)  ;;
    --local-mirror)  ;;
    --repository-key-check) words='yes no' ;;
    --repository-key-fetch) words='yes no' ;;
    --repositories)  ;;
    --format | -t) words='confext cpio directory disk esp none portable sysext tar uki oci addon' ;;
    --manifest-format) words='json changelog' ;;
    --output | -o)  ;;
    --output-extension)  ;;
    --output-size)  ;;
    --compress-output) words='none zstd xz bz2 gz lz4 lzma' ;;
    --compress-level)  ;;
    --output-directory | -O) files=1 ;;
    --output-mode)  ;;
    --image-version)  ;;
    --image-id)  ;;
    --oci-labels)  ;;
    --oci-annotations)  ;;
    --split-artifacts) words='uki kernel initrd partitions tar pcrs roothash os-release kernel-modules-initrd repart-definitions' ;;
    --repart-directory) files=1 ;;
    --sector-size)  ;;
    --overlay) words='yes no' ;;
    --seed)  ;;
    --el-torito) words='auto yes no' ;;
    --el-torito-system)  ;;
    --el-torito-volume)  ;;
    --el-torito-publisher)  ;;
    --clean-script) files=1 ;;
    --package | -p)  ;;
    --build-package)  ;;
    --volatile-package)  ;;
    --package-directory) files=1 ;;
    --volatile-package-directory) files=1 ;;
    --with-recommends) words='yes no' ;;
    --with-docs) words='yes no' ;;
    --base-tree) files=1 ;;
    --skeleton-tree) files=1 ;;
    --extra-tree) files=1 ;;
    --remove-package)  ;;
    --remove-files)  ;;
    --clean-package-metadata) words='auto yes no' ;;
    --source-date-epoch)  ;;
    --sync-script) files=1 ;;
    --prepare-script) files=1 ;;
    --build-script) files=1 ;;
    --postinst-script) files=1 ;;
    --finalize-script) files=1 ;;
    --postoutput-script) files=1 ;;
    --bootable) words='auto yes no' ;;
    --bootloader) words='none uki systemd-boot grub uki-signed systemd-boot-signed grub-signed' ;;
    --bios-bootloader) words='none grub' ;;
    --shim-bootloader) words='none signed unsigned' ;;
    --unified-kernel-images) words='none auto signed unsigned' ;;
    --unified-kernel-image-format)  ;;
    --uki-profile) files=1 ;;
    --initrd) files=1 ;;
    --microcode-host) words='yes no' ;;
    --initrd-profile) words='lvm network nfs pkcs11 plymouth raid' ;;
    --initrd-package)  ;;
    --initrd-volatile-package)  ;;
    --devicetrees)  ;;
    --splash) files=1 ;;
    --kernel-command-line)  ;;
    --kernel-modules-include)  ;;
    --kernel-modules-exclude)  ;;
    --kernel-modules)  ;;
    --kernel-modules-include-host) words='yes no' ;;
    --kernel-modules-initrd) words='yes no' ;;
    --kernel-modules-initrd-include)  ;;
    --kernel-modules-initrd-exclude)  ;;
    --kernel-initrd-modules)  ;;
    --kernel-modules-initrd-include-host) words='yes no' ;;
    --firmware-include)  ;;
    --firmware-exclude)  ;;
    --firmware-files)  ;;
    --locale)  ;;
    --locale-messages)  ;;
    --keymap)  ;;
    --timezone)  ;;
    --hostname)  ;;
    --root-password)  ;;
    --root-shell)  ;;
    --machine-id)  ;;
    --autologin) words='yes no' ;;
    --make-initrd) words='yes no' ;;
    --ssh) words='always auto runtime never' ;;
    --selinux-relabel) words='auto yes no' ;;
    --secure-boot) words='yes no' ;;
    --secure-boot-auto-enroll) words='yes no' ;;
    --secure-boot-key)  ;;
    --secure-boot-key-source)  ;;
    --secure-boot-certificate) files=1 ;;
    --secure-boot-certificate-source)  ;;
    --secure-boot-sign-tool) words='auto sbsign systemd-sbsign' ;;
    --verity) words='disabled hash signed defer auto' ;;
    --verity-key)  ;;
    --verity-key-source)  ;;
    --verity-certificate) files=1 ;;
    --verity-certificate-source)  ;;
    --sign-expected-pcr) words='auto yes no' ;;
    --sign-expected-pcr-key)  ;;
    --sign-expected-pcr-key-source)  ;;
    --sign-expected-pcr-certificate) files=1 ;;
    --sign-expected-pcr-certificate-source)  ;;
    --passphrase) files=1 ;;
    --checksum) words='yes no' ;;
    --sign) words='yes no' ;;
    --key)  ;;
    --openpgp-tool)  ;;
    --tools-tree) files=1 ;;
    --tools-tree-distribution) words='fedora debian kali ubuntu postmarketos arch opensuse mageia centos rhel rhel-ubi openmandriva rocky alma azure custom' ;;
    --tools-tree-release)  ;;
    --tools-tree-profile) words='devel gui misc package-manager runtime' ;;
    --tools-tree-mirror)  ;;
    --tools-tree-repository)  ;;
    --tools-tree-sandbox-tree) files=1 ;;
    --tools-tree-package)  ;;
    --tools-tree-package-directory) files=1 ;;
    --tools-tree-certificates) words='yes no' ;;
    --extra-search-path) files=1 ;;
    --incremental) words='yes no strict' ;;
    --cache-only) words='always auto metadata never' ;;
    --sandbox-tree) files=1 ;;
    --workspace-directory) files=1 ;;
    --cache-directory) files=1 ;;
    --cache-key)  ;;
    --package-cache-directory) files=1 ;;
    --build-directory) files=1 ;;
    --build-key)  ;;
    --use-subvolumes) words='auto yes no' ;;
    --repart-offline) words='yes no' ;;
    --history) words='yes no' ;;
    --build-sources) files=1 ;;
    --build-sources-ephemeral) words='yes no buildcache' ;;
    --environment | -E)  ;;
    --env-file) files=1 ;;
    --with-tests) words='yes no' ;;
    --with-network) words='yes no' ;;
    --proxy-url)  ;;
    --proxy-exclude)  ;;
    --proxy-peer-certificate) files=1 ;;
    --proxy-client-certificate) files=1 ;;
    --proxy-client-key) files=1 ;;
    --make-scripts-executable) words='yes no' ;;
    --foreign-uid-range) words='yes no' ;;
    --settings) files=1 ;;
    --ephemeral) words='yes no' ;;
    --credential) files=1 ;;
    --kernel-command-line-extra)  ;;
    --runtime-tree) files=1 ;;
    --runtime-size)  ;;
    --runtime-network) words='interface user none' ;;
    --runtime-build-sources) words='yes no' ;;
    --bind-user) words='yes no' ;;
    --ssh-key) files=1 ;;
    --ssh-certificate) files=1 ;;
    --vmm) words='qemu vmspawn' ;;
    --machine)  ;;
    --forward-journal) files=1 ;;
    --sysupdate-directory) files=1 ;;
    --console) words='interactive read-only native gui headless' ;;
    --cpus)  ;;
    --ram)  ;;
    --maxmem)  ;;
    --kvm) words='auto yes no' ;;
    --cxl) words='yes no' ;;
    --vsock) words='auto yes no' ;;
    --vsock-cid)  ;;
    --tpm) words='auto yes no' ;;
    --removable) words='yes no' ;;
    --disk-type) words='virtio-blk virtio-scsi nvme scsi-cd' ;;
    --firmware) words='auto linux linux-noinitrd uefi uefi-secure-boot' ;;
    --firmware-variables) files=1 ;;
    --linux) files=1 ;;
    --drive)  ;;
    --register) words='auto yes no' ;;
    --storage-target-mode) words='auto yes no' ;;
    --engine)  ;;
    --ignore)  ;;
    --token-tree) files=1 ;;
    --directory | -C) files=1 ;;
    *) return 1 ;;
  esac
}

# Whether option $1 takes the next word as its value.
_caisson_takes_next() {
  case $1 in
    --include | -I | --profile | --dependency | --minimum-version | --configure-script | --pass-environment | --distribution | -d | --release | -r | --architecture | --mirror | -m | --snapshot | --local-mirror | --repositories | --format | -t | --manifest-format | --output | -o | --output-extension | --output-size | --compress-output | --compress-level | --output-directory | -O | --output-mode | --image-version | --image-id | --oci-labels | --oci-annotations | --split-artifacts | --repart-directory | --sector-size | --seed | --el-torito-system | --el-torito-volume | --el-torito-publisher | --clean-script | --package | -p | --build-package | --volatile-package | --package-directory | --volatile-package-directory | --base-tree | --skeleton-tree | --extra-tree | --remove-package | --remove-files | --source-date-epoch | --sync-script | --prepare-script | --build-script | --postinst-script | --finalize-script | --postoutput-script | --bootloader | --bios-bootloader | --shim-bootloader | --unified-kernel-images | --unified-kernel-image-format | --uki-profile | --initrd | --initrd-profile | --initrd-package | --initrd-volatile-package | --devicetrees | --splash | --kernel-command-line | --kernel-modules-include | --kernel-modules-exclude | --kernel-modules | --kernel-modules-initrd-include | --kernel-modules-initrd-exclude | --kernel-initrd-modules | --firmware-include | --firmware-exclude | --firmware-files | --locale | --locale-messages | --keymap | --timezone | --hostname | --root-password | --root-shell | --machine-id | --ssh | --secure-boot-key | --secure-boot-key-source | --secure-boot-certificate | --secure-boot-certificate-source | --secure-boot-sign-tool | --verity | --verity-key | --verity-key-source | --verity-certificate | --verity-certificate-source | --sign-expected-pcr-key | --sign-expected-pcr-key-source | --sign-expected-pcr-certificate | --sign-expected-pcr-certificate-source | --passphrase | --key | --openpgp-tool | --tools-tree | --tools-tree-distribution | --tools-tree-release | --tools-tree-profile | --tools-tree-mirror | --tools-tree-repository | --tools-tree-sandbox-tree | --tools-tree-package | --tools-tree-package-directory | --extra-search-path | --cache-only | --sandbox-tree | --workspace-directory | --cache-directory | --cache-key | --package-cache-directory | --build-directory | --build-key | --build-sources | --build-sources-ephemeral | --environment | -E | --env-file | --proxy-url | --proxy-exclude | --proxy-peer-certificate | --proxy-client-certificate | --proxy-client-key | --settings | --credential | --kernel-command-line-extra | --runtime-tree | --runtime-size | --runtime-network | --ssh-key | --ssh-certificate | --vmm | --machine | --forward-journal | --sysupdate-directory | --console | --cpus | --ram | --maxmem | --vsock-cid | --disk-type | --firmware | --firmware-variables | --linux | --drive | --engine | --ignore | --token-tree | --directory | -C | --image | --html | --doc-format | --genkey-valid-days | --genkey-common-name) ;;
    *) return 1 ;;
  esac
}

# Sets words to those of the argument of verb $1.
_caisson_arguments() {
  case $1 in
    export) words='qcow2 vmdk vhd vhdx vdi ova oci-archive docker-archive' ;;
    explain) words='Include Profiles Dependencies MinimumVersion ConfigureScripts PassEnvironment Distribution Release Architecture Mirror Snapshot LocalMirror RepositoryKeyCheck RepositoryKeyFetch Repositories Format ManifestFormat Output OutputExtension OutputSize CompressOutput CompressLevel OutputDirectory OutputMode ImageVersion ImageId OciLabels OciAnnotations SplitArtifacts RepartDirectories SectorSize Overlay Seed ElTorito ElToritoSystem ElToritoVolume ElToritoPublisher CleanScripts Packages BuildPackages VolatilePackages PackageDirectories VolatilePackageDirectories WithRecommends WithDocs BaseTrees SkeletonTrees ExtraTrees RemovePackages RemoveFiles CleanPackageMetadata SourceDateEpoch SyncScripts PrepareScripts BuildScripts PostInstallationScripts FinalizeScripts PostOutputScripts Bootable Bootloader BiosBootloader ShimBootloader UnifiedKernelImages UnifiedKernelImageFormat UnifiedKernelImageProfiles Initrds MicrocodeHost InitrdProfiles InitrdPackages InitrdVolatilePackages Devicetrees Splash KernelCommandLine KernelModulesInclude KernelModulesExclude KernelModules KernelModulesIncludeHost KernelModulesInitrd KernelModulesInitrdInclude KernelModulesInitrdExclude KernelInitrdModules KernelModulesInitrdIncludeHost FirmwareInclude FirmwareExclude FirmwareFiles Locale LocaleMessages Keymap Timezone Hostname RootPassword RootShell MachineId Autologin MakeInitrd Ssh SELinuxRelabel SecureBoot SecureBootAutoEnroll SecureBootKey SecureBootKeySource SecureBootCertificate SecureBootCertificateSource SecureBootSignTool Verity VerityKey VerityKeySource VerityCertificate VerityCertificateSource SignExpectedPcr SignExpectedPcrKey SignExpectedPcrKeySource SignExpectedPcrCertificate SignExpectedPcrCertificateSource Passphrase Checksum Sign Key OpenPGPTool ToolsTree ToolsTreeDistribution ToolsTreeRelease ToolsTreeProfiles ToolsTreeMirror ToolsTreeRepositories ToolsTreeSandboxTrees ToolsTreePackages ToolsTreePackageDirectories ToolsTreeCertificates ExtraSearchPaths Incremental CacheOnly SandboxTrees WorkspaceDirectory CacheDirectory CacheKey PackageCacheDirectory BuildDirectory BuildKey UseSubvolumes RepartOffline History BuildSources BuildSourcesEphemeral Environment EnvironmentFiles WithTests WithNetwork ProxyUrl ProxyExclude ProxyPeerCertificate ProxyClientCertificate ProxyClientKey MakeScriptsExecutable ForeignUIDRange NSpawnSettings Ephemeral Credentials KernelCommandLineExtra RuntimeTrees RuntimeSize RuntimeNetwork RuntimeBuildSources BindUser SshKey SshCertificate VirtualMachineMonitor Machine ForwardJournal SysupdateDirectory Console CPUs RAM MaxMem KVM CXL VSock VSockCID TPM Removable DiskType Firmware FirmwareVariables Linux Drives QemuArgs Register StorageTargetMode Engine Ignore TokenTrees' ;;
    tools) words='list build update prune' ;;
    completion) words='bash zsh fish' ;;
    documentation) words='caisson reference' ;;
    help) words='Include Profiles Dependencies MinimumVersion ConfigureScripts PassEnvironment Distribution Release Architecture Mirror Snapshot LocalMirror RepositoryKeyCheck RepositoryKeyFetch Repositories Format ManifestFormat Output OutputExtension OutputSize CompressOutput CompressLevel OutputDirectory OutputMode ImageVersion ImageId OciLabels OciAnnotations SplitArtifacts RepartDirectories SectorSize Overlay Seed ElTorito ElToritoSystem ElToritoVolume ElToritoPublisher CleanScripts Packages BuildPackages VolatilePackages PackageDirectories VolatilePackageDirectories WithRecommends WithDocs BaseTrees SkeletonTrees ExtraTrees RemovePackages RemoveFiles CleanPackageMetadata SourceDateEpoch SyncScripts PrepareScripts BuildScripts PostInstallationScripts FinalizeScripts PostOutputScripts Bootable Bootloader BiosBootloader ShimBootloader UnifiedKernelImages UnifiedKernelImageFormat UnifiedKernelImageProfiles Initrds MicrocodeHost InitrdProfiles InitrdPackages InitrdVolatilePackages Devicetrees Splash KernelCommandLine KernelModulesInclude KernelModulesExclude KernelModules KernelModulesIncludeHost KernelModulesInitrd KernelModulesInitrdInclude KernelModulesInitrdExclude KernelInitrdModules KernelModulesInitrdIncludeHost FirmwareInclude FirmwareExclude FirmwareFiles Locale LocaleMessages Keymap Timezone Hostname RootPassword RootShell MachineId Autologin MakeInitrd Ssh SELinuxRelabel SecureBoot SecureBootAutoEnroll SecureBootKey SecureBootKeySource SecureBootCertificate SecureBootCertificateSource SecureBootSignTool Verity VerityKey VerityKeySource VerityCertificate VerityCertificateSource SignExpectedPcr SignExpectedPcrKey SignExpectedPcrKeySource SignExpectedPcrCertificate SignExpectedPcrCertificateSource Passphrase Checksum Sign Key OpenPGPTool ToolsTree ToolsTreeDistribution ToolsTreeRelease ToolsTreeProfiles ToolsTreeMirror ToolsTreeRepositories ToolsTreeSandboxTrees ToolsTreePackages ToolsTreePackageDirectories ToolsTreeCertificates ExtraSearchPaths Incremental CacheOnly SandboxTrees WorkspaceDirectory CacheDirectory CacheKey PackageCacheDirectory BuildDirectory BuildKey UseSubvolumes RepartOffline History BuildSources BuildSourcesEphemeral Environment EnvironmentFiles WithTests WithNetwork ProxyUrl ProxyExclude ProxyPeerCertificate ProxyClientCertificate ProxyClientKey MakeScriptsExecutable ForeignUIDRange NSpawnSettings Ephemeral Credentials KernelCommandLineExtra RuntimeTrees RuntimeSize RuntimeNetwork RuntimeBuildSources BindUser SshKey SshCertificate VirtualMachineMonitor Machine ForwardJournal SysupdateDirectory Console CPUs RAM MaxMem KVM CXL VSock VSockCID TPM Removable DiskType Firmware FirmwareVariables Linux Drives QemuArgs Register StorageTargetMode Engine Ignore TokenTrees build summary cat-config clean vm shell verify diff export bump lint explain fmt lsp tools doctor genkey schema completion documentation dependencies help' ;;
    *) files=1 ;;
  esac
}

_caisson_options() {
  words='--include -I --profile --dependency --minimum-version --configure-script --pass-environment --distribution -d --release -r --architecture --mirror -m --snapshot --local-mirror --repository-key-check --repository-key-fetch --repositories --format -t --manifest-format --output -o --output-extension --output-size --compress-output --compress-level --output-directory -O --output-mode --image-version --image-id --oci-labels --oci-annotations --split-artifacts --repart-directory --sector-size --overlay --seed --el-torito --el-torito-system --el-torito-volume --el-torito-publisher --clean-script --package -p --build-package --volatile-package --package-directory --volatile-package-directory --with-recommends --with-docs --base-tree --skeleton-tree --extra-tree --remove-package --remove-files --clean-package-metadata --source-date-epoch --sync-script --prepare-script --build-script --postinst-script --finalize-script --postoutput-script --bootable --bootloader --bios-bootloader --shim-bootloader --unified-kernel-images --unified-kernel-image-format --uki-profile --initrd --microcode-host --initrd-profile --initrd-package --initrd-volatile-package --devicetrees --splash --kernel-command-line --kernel-modules-include --kernel-modules-exclude --kernel-modules --kernel-modules-include-host --kernel-modules-initrd --kernel-modules-initrd-include --kernel-modules-initrd-exclude --kernel-initrd-modules --kernel-modules-initrd-include-host --firmware-include --firmware-exclude --firmware-files --locale --locale-messages --keymap --timezone --hostname --root-password --root-shell --machine-id --autologin -a --make-initrd --ssh --selinux-relabel --secure-boot --secure-boot-auto-enroll --secure-boot-key --secure-boot-key-source --secure-boot-certificate --secure-boot-certificate-source --secure-boot-sign-tool --verity --verity-key --verity-key-source --verity-certificate --verity-certificate-source --sign-expected-pcr --sign-expected-pcr-key --sign-expected-pcr-key-source --sign-expected-pcr-certificate --sign-expected-pcr-certificate-source --passphrase --checksum --sign --key --openpgp-tool --tools-tree --tools-tree-distribution --tools-tree-release --tools-tree-profile --tools-tree-mirror --tools-tree-repository --tools-tree-sandbox-tree --tools-tree-package --tools-tree-package-directory --tools-tree-certificates --extra-search-path --incremental -i --cache-only --sandbox-tree --workspace-directory --cache-directory --cache-key --package-cache-directory --build-directory --build-key --use-subvolumes --repart-offline --history --build-sources --build-sources-ephemeral --environment -E --env-file --with-tests -T --with-network --proxy-url --proxy-exclude --proxy-peer-certificate --proxy-client-certificate --proxy-client-key --make-scripts-executable --foreign-uid-range --settings --ephemeral --credential --kernel-command-line-extra --runtime-tree --runtime-size --runtime-network --runtime-build-sources --bind-user --ssh-key --ssh-certificate --vmm --machine --forward-journal --sysupdate-directory --console --cpus --ram --maxmem --kvm --cxl --vsock --vsock-cid --tpm --removable --disk-type --firmware --firmware-variables --linux --drive --register --storage-target-mode --engine --ignore --token-tree --force -f --directory -C --json --explain --debug --debug-shell --debug-workspace --debug-sandbox --debug-timing --no-pager --auto-bump -B --wipe-build-dir -w --rerun-build-scripts -R --tools-update --help -h --version'
  case $1 in
    summary) words+=' --origins' ;;
    lint) words+=' --format --strict' ;;
    explain) words+=' --image' ;;
    fmt) words+=' --check' ;;
    diff) words+=' --html' ;;
    verify) words+=' --html' ;;
    lsp) words+=' --stdio' ;;
    documentation) words+=' --doc-format' ;;
    genkey) words+=' --genkey-valid-days --genkey-common-name' ;;
  esac
}

_caisson() {
  local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} words= files= verb= option= i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    case ${COMP_WORDS[i]} in
      --) files=1; break ;;
      =) ((i++)) ;;
      -*) if [[ ${COMP_WORDS[i + 1]} != = ]] && _caisson_takes_next "${COMP_WORDS[i]}"; then ((i++)); fi ;;
      *) : "${verb:=${COMP_WORDS[i]}}" ;;
    esac
  done
  # Bash makes a word of '=' by itself.
  if [[ $current == = ]]; then option=$before current=
  elif [[ $before == = ]]; then option=${COMP_WORDS[COMP_CWORD - 2]}
  elif _caisson_takes_next "$before"; then option=$before
  fi
  if [[ -n $option ]]; then _caisson_values "$option" "$verb"
  elif [[ -n $files ]]; then words=
  elif [[ $current == -* ]]; then _caisson_options "$verb"
  elif [[ -n $verb ]]; then files= words=; _caisson_arguments "$verb"
  else words='build summary cat-config clean vm shell verify diff export bump lint explain fmt lsp tools doctor genkey schema completion documentation dependencies help'
  fi
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
  if [[ -n $files ]]; then
    compopt -o filenames 2>/dev/null
    mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -f -- "$current")
  fi
}

complete -F _caisson caisson
