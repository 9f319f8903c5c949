/** Fields of one stanza, by lowercase name; the lines of a folded field are joined with a newline. */
export type Stanza = Map<string, string>;

/** Reads the stanzas of a control file (deb822(5)): Release, Packages, *.sources. Comment lines are skipped. */
export function* readStanzas(text: string): Generator<Stanza> {
  for (const block of text.split(/\r?\n(?:[ \t]*\r?\n)+/)) {
    const stanza = readStanza(block);
    if (stanza.size > 0) yield stanza;
  }
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
