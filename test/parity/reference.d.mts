/** A program, a name on PATH, a folder with the sources, or what runs the command line that it is given in a folder. */
export type Reference =
  | string
  | ((words: readonly string[], directory: string, environment: Record<string, string>) => readonly string[]);

export const isReferenceBuiltIn: (path: string) => boolean;
export function referenceSummary(
  mkosi: Reference,
  directory: string,
  words: readonly string[],
  environment: Record<string, string>,
): { summary: { Tools: unknown; Images: readonly unknown[] } | undefined; messages: string };
