// In what Debian's mkosi, 27.1, differs from its git main of July 2026, which the expectations are from.

/** Differences as `differences` words them. Each was looked up in the files of 27.1. */
const known = [
  { line: / (DelegateRanges|SignInitrdPCRs): absent, then /, why: "a setting that came later" },
  { line: /^(tools|main) Packages: \+"mount"$/, why: "mkosi-tools names it now, since util-linux only recommends it" },
  {
    line: /^default-initrd Packages: (-"\^libtss2-[^"]+" )+\+"systemd-tpm"$/,
    why: "from Debian 14 on, mkosi-initrd takes the package that depends on those libraries",
  },
];

/**
 * The differences that are none of its later version.
 * @param {readonly string[]} lines
 */
export function unexplained(lines) {
  return lines.filter((found) => !known.some(({ line }) => line.test(found)));
}
