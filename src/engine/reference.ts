/** The two parts in which the engines' API wants a name: `localhost/caisson-tools:abc` is repository and tag. */
export function splitReference(reference: string): { repo: string; tag: string } {
  const colon = reference.lastIndexOf(":");
  // A colon before a slash is that of a registry's port.
  if (colon <= reference.lastIndexOf("/")) return { repo: reference, tag: "latest" };
  return { repo: reference.slice(0, colon), tag: reference.slice(colon + 1) };
}

/** Whether it names content, not a tag that may move. */
export function isDigest(reference: string): boolean {
  return /@sha256:[0-9a-f]{64}$/.test(reference);
}
