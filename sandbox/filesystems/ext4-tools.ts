import { open } from "node:fs/promises";
import { type FilesystemJob, outputPath, toolOptions } from "./filesystem.ts";

/** Free blocks of an ext4 filesystem in a file, as its superblock counts them (kernel: Documentation/filesystems/ext4/super.rst). */
export async function freeBlocks(file: string): Promise<number> {
  const handle = await open(file);
  try {
    const { buffer } = await handle.read(Buffer.alloc(1024), 0, 1024, 1024);
    return buffer.readUInt32LE(0x158) * 2 ** 32 + buffer.readUInt32LE(0x0c);
  } finally {
    await handle.close();
  }
}

/**
 * Drives libext2fs, which mke2fs is made of. Standard input: lines of a path, a name and a value, each in base64. The
 * numbers are EXT2_FLAG_RW | EXT2_FLAG_64BITS, and the inode of the root.
 */
const SCRIPT = `
import base64, ctypes, sys
from ctypes import byref, c_char_p, c_size_t, c_uint32, c_void_p

lib = ctypes.CDLL("libext2fs.so.2")

def call(name, *arguments):
    function = getattr(lib, name)
    function.restype = ctypes.c_long
    code = function(*arguments)
    if code:
        sys.exit("%s: error %d" % (name, code))

fs, manager = c_void_p(), c_void_p.in_dll(lib, "unix_io_manager")
call("ext2fs_open", c_char_p(sys.argv[1].encode()), 0x20001, 0, 0, manager, byref(fs))
call("ext2fs_read_bitmaps", fs)
for line in sys.stdin:
    path, name, value = [base64.b64decode(word) for word in line[:-1].split(" ")]
    inode, handle = c_uint32(2), c_void_p()
    if path:
        call("ext2fs_namei", fs, c_uint32(2), c_uint32(2), c_char_p(path), byref(inode))
    call("ext2fs_xattrs_open", fs, inode, byref(handle))
    call("ext2fs_xattrs_read", handle)
    call("ext2fs_xattr_set", handle, c_char_p(name), c_char_p(value), c_size_t(len(value)))
    call("ext2fs_xattrs_close", byref(handle))
call("ext2fs_close_free", byref(fs))
`;

/** Of all extended attributes in a tar archive mke2fs 1.47 reads that of capabilities alone. */
const OWN = "security.capability";

/** Sets the attributes that mke2fs did not. */
export async function setXattrs(job: FilesystemJob): Promise<void> {
  const lines: string[] = [];
  for (const { path, xattrs } of job.entries)
    for (const [name, value] of xattrs)
      if (name !== OWN) lines.push(`${base64(path)} ${base64(name)} ${value.toString("base64")}\n`);
  if (lines.length === 0) return;
  const options = { ...toolOptions(job), input: lines.join("") };
  await job.context.run(["python3", "-c", SCRIPT, outputPath(job)], options);
}

function base64(text: string): string {
  return Buffer.from(text, "latin1").toString("base64");
}
