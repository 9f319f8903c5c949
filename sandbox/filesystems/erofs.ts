import { type Filesystem, outputPath, tarOptions } from "./filesystem.ts";

/** mkfs.erofs(1) reads a tar archive. */
export const makeErofs: Filesystem = async (job) => {
  const { compression, compressionLevel: level } = job;
  const words = ["mkfs.erofs", "--quiet", "--tar=f", "-U", job.uuid];
  if (compression) words.push(`-z${compression}${level ? `,level=${level}` : ""}`);
  await job.context.run([...words, ...job.options, outputPath(job)], tarOptions(job));
};
