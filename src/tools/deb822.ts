/** Fields of one stanza, by lowercase name; the lines of a folded field are joined with a newline. */
export type Stanza = Map<string, string>;

/** Reads the stanzas of a control file (deb822(5)): Release, Packages, *.sources. Comment lines are skipped. */
export function* readStanzas(text: string): Generator<Stanza> {
  for (const block of text.split(/\r?\n(?:[ \t]*\r?\n)+/)) {
    const stanza = readStanza(block);
    if (stanza.size > 0) yield stanza;
  }
}

/** As readStanzas, from a stream of UTF-8, and in little memory. A stanza's strings are cuts of a longer one: see `detached`. */
export async function* streamStanzas(source: AsyncIterable<Buffer>): AsyncGenerator<Stanza> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of source) {
    const bytes = Buffer.concat([rest, chunk]);
    const end = bytes.lastIndexOf("\n\n");
    if (end >= 0) yield* readStanzas(bytes.toString("utf8", 0, end));
    rest = end >= 0 ? bytes.subarray(end) : bytes;
  }
  yield* readStanzas(rest.toString("utf8"));
}

/** The same text in memory of its own: V8 keeps the whole of a text alive for as long as there is any cut of it. */
export function detached(text: string): string {
  return Buffer.from(text).toString();
}

function readStanza(block: string): Stanza {
  const stanza: Stanza = new Map();
  let field = "";
  for (const line of block.split(/\r?\n/)) {
    if (line.startsWith("#") || line.trim() === "") continue;
    const colon = line.indexOf(":");
    if (/^[ \t]/.test(line)) {
      stanza.set(field, `${stanza.get(field) ?? ""}\n${line.trim()}`);
    } else if (colon > 0) {
      field = line.slice(0, colon).toLowerCase();
      stanza.set(field, line.slice(colon + 1).trim());
    }
  }
  return stanza;
}
