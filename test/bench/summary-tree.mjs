/** A configuration of the size of a large project: 100 files, 20 of them subimages. The same bytes at each call. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const subimages = 20;
const files = 100;

/** Writes it to `folder`, which must exist. */
export function writeSummaryTree(folder) {
  const write = (name, lines) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), `${lines.join("\n")}\n`);
  };
  write("mkosi.conf", mainImage());
  for (let index = 0; index < subimages; index++) write(`mkosi.images/image-${index}/mkosi.conf`, subimage(index));
  for (let index = 0; index < files - subimages - 1; index++)
    write(`mkosi.conf.d/${index + 10}-part.conf`, dropIn(index));
}

function mainImage() {
  return [
    "[Distribution]",
    "Distribution=debian",
    "Release=trixie",
    "[Output]",
    "ImageId=large",
    "ImageVersion=7",
    "Format=disk",
    "[Content]",
    "Bootable=yes",
    "Packages=systemd,udev,dbus",
    "ExtraTrees=mkosi.images:/usr/share/images",
    "KernelCommandLine=quiet rw",
    "[Validation]",
    "SecureBoot=no",
  ];
}

function subimage(index) {
  return [
    "[Config]",
    `Dependencies=${index === 0 ? "" : `image-${index - 1}`}`,
    "[Output]",
    "Format=sysext",
    `Output=extension-${index}_%v`,
    "Overlay=yes",
    "[Content]",
    `Packages=package-${index} tool-${index}`,
    "BuildPackages=gcc make",
    "[Build]",
    `Environment=INDEX=${index} "TITLE=Image ${index}"`,
  ];
}

/** Every fourth one does not apply. */
function dropIn(index) {
  return [
    `# Part ${index}`,
    "[Match]",
    `Distribution=${index % 4 === 3 ? "fedora" : "|debian"}`,
    "Format=!oci",
    "[Content]",
    "Packages=",
    ...["", "-tools", "-doc"].map((suffix) => `    part-${index}${suffix}`),
    `KernelCommandLine=part.${index}=1`,
    `RemoveFiles=/usr/share/part-${index}/*`,
    "[Build]",
    `Environment=PART_${index}=%d`,
    "[Runtime]",
    `RAM=${2 + (index % 3)}G`,
  ];
}
