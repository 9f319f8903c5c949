import type { Context } from "../context.ts";
import { step } from "../events.ts";
import { BUILDROOT } from "../run.ts";
import type { EntryKind, TreeEntry } from "../tree/entries.ts";
import { policyOf } from "./policy.ts";

export const LABEL = "security.selinux";

/** File types of stat(2), which patterns of file_contexts(5) can ask for. */
const TYPES: Record<EntryKind, number> = {
  fifo: 0o010000,
  character: 0o020000,
  directory: 0o040000,
  block: 0o060000,
  file: 0o100000,
  symlink: 0o120000,
};

/**
 * Gives the entries the labels that setfiles(8) would set, where the image is to have any. The policy is the image's own;
 * neither the host's kernel nor the files on disk know of it.
 */
export async function addLabels(context: Context, root: string, entries: readonly TreeEntry[]): Promise<void> {
  const policy = policyOf(context.image, root);
  if (!policy) return;
  const files = entries.filter(({ linkTo }) => linkTo === undefined);
  const title = `Compute labels of the SELinux policy ${policy.name}`;
  const labels = await step(context.emit, context.image.name, title, () =>
    lookUp(context, root, policy.contexts, files),
  );
  for (const [index, entry] of files.entries()) {
    const label = labels[index];
    if (label) entry.xattrs = new Map([...entry.xattrs, [LABEL, Buffer.from(`${label}\0`)]]);
  }
}

/**
 * Drives libselinux, which setfiles is made of. Standard input: lines of a path in base64 and a mode. Standard output: a
 * label for each, or nothing, where the policy says <<none>>. 3 is SELABEL_OPT_PATH.
 */
const SCRIPT = `
import base64, ctypes, errno, os, sys

class Option(ctypes.Structure):
    _fields_ = [("type", ctypes.c_int), ("value", ctypes.c_char_p)]

lib = ctypes.CDLL("libselinux.so.1", use_errno=True)
lib.selabel_open.restype = ctypes.c_void_p
handle = lib.selabel_open(0, ctypes.byref(Option(3, sys.argv[1].encode())), 1)
if not handle:
    sys.exit("%s: %s" % (sys.argv[1], os.strerror(ctypes.get_errno())))
label = ctypes.c_char_p()
for line in sys.stdin:
    path, mode = line.split()
    arguments = ctypes.c_void_p(handle), ctypes.byref(label), base64.b64decode(path), int(mode)
    if lib.selabel_lookup_raw(*arguments) == 0:
        print(label.value.decode())
        lib.freecon(label)
    elif ctypes.get_errno() == errno.ENOENT:
        print()
    else:
        sys.exit("%s: %s" % (base64.b64decode(path), os.strerror(ctypes.get_errno())))
`;

async function lookUp(context: Context, root: string, contexts: string, files: TreeEntry[]): Promise<string[]> {
  const lines = files.map(({ path, kind, mode }) => {
    return `${Buffer.from(`/${path}`, "latin1").toString("base64")} ${TYPES[kind] | mode}\n`;
  });
  const argv = ["python3", "-c", SCRIPT, `${BUILDROOT}/${contexts}`];
  const options = { root, rootReadOnly: true, input: lines.join(""), stdout: "capture" as const };
  return (await context.run(argv, options)).stdout.split("\n");
}
