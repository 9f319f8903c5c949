export const generatedBy = "Written by 'make generate' from the tables of settings, verbs and options: do not edit";

/** What the reference and the manual page begin with; one text per paragraph. */
export const introduction: readonly string[] = [
  "Caisson builds Linux OS images from mkosi.conf files, in pinned, rootless containers. It reads the configuration " +
    "language of mkosi; this page says of each setting what it is and whether a build does it yet.",
  "A setting is given as Name=value in its section of mkosi.conf, of files in mkosi.conf.d/ and the like, or as an " +
    "option of the command line, which is the stronger one. The values of lists add up; an empty assignment starts " +
    "anew. In values, specifiers such as %d stand for the values of other settings, and %% for a percent sign.",
  "[X-Caisson] holds the settings that only Caisson has; mkosi passes over sections of such names.",
];

/** The exit codes, as sandbox/exit-code.ts has them. */
export const exitCodes: readonly (readonly [code: number, meaning: string])[] = [
  [0, "done"],
  [1, "the build failed"],
  [2, "the configuration or the command line is wrong"],
  [3, "this host cannot build; caisson doctor says why"],
  [130, "interrupted"],
];
