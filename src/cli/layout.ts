/** A term and what it means. */
export interface Entry {
  term: string;
  text: string;
}

/** Two columns; a term that is too long for its column has a line of its own. Lines are at most `columns` wide. */
export function table(entries: readonly Entry[], columns: number, termWidth = 32): string[] {
  return entries.flatMap(({ term, text }) => {
    const [first = "", ...rest] = wrap(text, columns - termWidth);
    const head = `  ${term}`;
    const indent = " ".repeat(termWidth);
    const own = head.length < termWidth - 1 ? [head.padEnd(termWidth) + first] : [head, indent + first];
    return [...own, ...rest.map((line) => indent + line)];
  });
}

/** Breaks a text between words. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
