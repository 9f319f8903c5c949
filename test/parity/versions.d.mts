export function unexplained(lines: readonly string[]): string[];
