/** Architectures in the words of the reference and of systemd, with what UEFI and the kernel call them. */
export const architectures: readonly Architecture[] = [
  { name: "alpha", node: undefined, efi: undefined, grub: undefined, qemu: "alpha", oci: undefined },
  { name: "arc", node: undefined, efi: undefined, grub: undefined, qemu: undefined, oci: undefined },
  { name: "arm", node: "arm", efi: "arm", grub: "arm", qemu: "arm", oci: { architecture: "arm", variant: "v7" } },
  {
    name: "arm64",
    node: "arm64",
    efi: "aa64",
    grub: "arm64",
    qemu: "aarch64",
    oci: { architecture: "arm64", variant: "v8" },
  },
  { name: "ia64", node: undefined, efi: undefined, grub: undefined, qemu: undefined, oci: undefined },
  {
    name: "loongarch64",
    node: "loong64",
    efi: "loongarch64",
    grub: undefined,
    qemu: "loongarch64",
    oci: { architecture: "loong64" },
  },
  { name: "mips-le", node: "mipsel", efi: undefined, grub: undefined, qemu: "mips", oci: { architecture: "mipsle" } },
  {
    name: "mips64-le",
    node: undefined,
    efi: undefined,
    grub: undefined,
    qemu: "mips",
    oci: { architecture: "mips64le" },
  },
  { name: "parisc", node: undefined, efi: undefined, grub: undefined, qemu: "hppa", oci: undefined },
  { name: "ppc", node: undefined, efi: undefined, grub: undefined, qemu: "ppc", oci: { architecture: "ppc" } },
  { name: "ppc64", node: undefined, efi: undefined, grub: undefined, qemu: "ppc64", oci: { architecture: "ppc64" } },
  { name: "ppc64-le", node: "ppc64", efi: undefined, grub: undefined, qemu: "ppc64", oci: { architecture: "ppc64le" } },
  {
    name: "riscv32",
    node: undefined,
    efi: "riscv32",
    grub: undefined,
    qemu: "riscv32",
    oci: { architecture: "riscv" },
  },
  {
    name: "riscv64",
    node: "riscv64",
    efi: "riscv64",
    grub: undefined,
    qemu: "riscv64",
    oci: { architecture: "riscv64" },
  },
  { name: "s390", node: undefined, efi: undefined, grub: undefined, qemu: undefined, oci: undefined },
  { name: "s390x", node: "s390x", efi: undefined, grub: undefined, qemu: "s390x", oci: { architecture: "s390x" } },
  { name: "tilegx", node: undefined, efi: undefined, grub: undefined, qemu: undefined, oci: undefined },
  { name: "x86", node: "ia32", efi: "ia32", grub: "i386", qemu: "i386", oci: { architecture: "386" } },
  { name: "x86-64", node: "x64", efi: "x64", grub: "x86_64", qemu: "x86_64", oci: { architecture: "amd64" } },
];

export interface Architecture {
  name: string;
  /** As `process.arch` says it. */
  node: string | undefined;
  /** In the names of boot files: `BOOTX64.EFI`; undefined where there is no UEFI. */
  efi: string | undefined;
  /** As grub calls the architecture in the names of its folders for UEFI; undefined where it is not ported. */
  grub: string | undefined;
  /** In the names of QEMU's programs, as the reference tells them to scripts; undefined where QEMU has none. */
  qemu: string | undefined;
  /** As Go and the OCI call it (GOARCH); undefined where they have no name for it. */
  oci: { architecture: string; variant?: string } | undefined;
}

/** This machine's. */
export function nativeArchitecture(arch: string = process.arch): string {
  return architectures.find(({ node }) => node === arch)?.name ?? "x86-64";
}

export function isX86(architecture: string): boolean {
  return architecture === "x86" || architecture === "x86-64";
}
