/** Fields of one stanza, by lowercase name; the lines of a folded field are joined with a newline. */
export type Stanza = Map<string, string>;

const BLANK_LINES = /\r?\n(?:[ \t]*\r?\n)+/;

/** Reads the stanzas of a control file (deb822(5)): Release, Packages, *.sources. Comment lines are skipped. */
export function* readStanzas(text: string): Generator<Stanza> {
  for (const block of text.split(BLANK_LINES)) {
    const stanza = readStanza(block);
    if (stanza.size > 0) yield stanza;
  }
}

/**
 * As readStanzas, from a stream of UTF-8: of each stanza only the fields of these names (lowercase), and only stanzas that
 * have one of them. It looks at bytes, since a string for every line of a large index takes more memory than the answer.
 */
export async function* streamStanzas(source: AsyncIterable<Buffer>, names: readonly string[]): AsyncGenerator<Stanza> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of source) {
    const bytes = Buffer.concat([rest, chunk]);
    const end = bytes.lastIndexOf("\n\n");
    if (end >= 0) yield* selectStanzas(bytes.subarray(0, end), names);
    rest = end >= 0 ? bytes.subarray(end) : bytes;
  }
  yield* selectStanzas(rest, names);
}

function* selectStanzas(bytes: Buffer, names: readonly string[]): Generator<Stanza> {
  let stanza: Stanza = new Map();
  let field: string | undefined;
  for (let start = 0, end = 0; start < bytes.length; start = end + 1) {
    const newline = bytes.indexOf("\n", start);
    end = newline < 0 ? bytes.length : newline;
    if (isBlank(bytes, start, end)) {
      if (stanza.size > 0) yield stanza;
      stanza = new Map();
    } else if (!isSpace(bytes[start])) {
      field = fieldAt(bytes, start, names);
      if (field) stanza.set(field, textOf(bytes, start + field.length + 1, end));
    } else if (field) {
      stanza.set(field, `${stanza.get(field) ?? ""}\n${textOf(bytes, start, end)}`);
    }
  }
  if (stanza.size > 0) yield stanza;
}

function fieldAt(bytes: Buffer, start: number, names: readonly string[]): string | undefined {
  const hasName = (name: string) =>
    bytes[start + name.length] === COLON && bytes.toString("latin1", start, start + name.length).toLowerCase() === name;
  return names.find(hasName);
}

/** Without the spaces around it: trim() would keep the longer text alive. */
function textOf(bytes: Buffer, start: number, end: number): string {
  let [from, to] = [start, end];
  while (from < to && isSpace(bytes[from])) from++;
  while (to > from && isSpace(bytes[to - 1])) to--;
  return bytes.toString("utf8", from, to);
}

function isBlank(bytes: Buffer, start: number, end: number): boolean {
  let at = start;
  while (at < end && isSpace(bytes[at])) at++;
  return at === end;
}

/** Space, tab, carriage return. */
function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d;
}

const COLON = 0x3a;

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
