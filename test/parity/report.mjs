// Says where two summaries differ.

/**
 * One line per key that differs, `image Key: expected, then what came`.
 * @param {{Tools?: any, Images?: any[], error?: boolean}} expected
 * @param {{Tools?: any, Images?: any[], error?: boolean}} actual
 * @returns {string[]}
 */
export function differences(expected, actual) {
  if (expected.error || actual.error) {
    return expected.error === actual.error ? [] : [expected.error ? "expected an error" : "unexpected error"];
  }
  const imagesOf = ({ Tools, Images }) =>
    new Map([...(Tools ? [Tools] : []), ...Images].map((image) => [image.Image, image]));
  const order = ({ Images }) => Images.map(({ Image }) => Image).join(", ");
  const [wanted, given] = [imagesOf(expected), imagesOf(actual)];
  const lines = order(expected) === order(actual) ? [] : [`images: ${order(expected)}, then ${order(actual)}`];
  for (const name of new Set([...wanted.keys(), ...given.keys()])) {
    if (!wanted.has(name) || !given.has(name))
      lines.push(`image ${name}: only ${wanted.has(name) ? "expected" : "given"}`);
    else lines.push(...keyDifferences(name, wanted.get(name), given.get(name)));
  }
  return lines;
}

function keyDifferences(image, expected, actual) {
  const keys = [...new Set([...Object.keys(expected), ...Object.keys(actual)])].sort();
  return keys.flatMap((key) => {
    const [wanted, given] = [canonical(expected[key]), canonical(actual[key])];
    return wanted === given
      ? []
      : [`${image} ${key}: ${itemDifference(expected[key], actual[key]) ?? `${wanted}, then ${given}`}`];
  });
}

/** Of two lists with the same items but for some, those. */
function itemDifference(expected, actual) {
  if (!Array.isArray(expected) || !Array.isArray(actual)) return undefined;
  const [wanted, given] = [expected.map(canonical), actual.map(canonical)];
  const missing = wanted.filter((item) => !given.includes(item));
  const added = given.filter((item) => !wanted.includes(item));
  if (missing.length + added.length === 0 || missing.length === wanted.length) return undefined;
  return [...missing.map((item) => `-${item}`), ...added.map((item) => `+${item}`)].join(" ");
}

/** JSON in which the order of an object's keys does not matter. */
function canonical(value) {
  const sorted = (_, item) =>
    item !== null && typeof item === "object" && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item;
  return JSON.stringify(value, sorted) ?? "absent";
}
