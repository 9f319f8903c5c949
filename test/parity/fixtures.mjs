// The configuration trees of test/fixtures/config, and the form in which their expectations are kept.
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  symlinkSync,
} from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const fixturesFolder = fileURLToPath(new URL("../fixtures/config/", import.meta.url));
const baselineFile = join(fixturesFolder, "baseline.json");

/** What both sides are told of the machine, so that it does not matter where they run. */
export const environment = {
  HOME: "/home/builder",
  MKOSI_HOST_DISTRIBUTION: "debian",
  MKOSI_HOST_RELEASE: "trixie",
};

/** Names of all fixtures, sorted. */
export function fixtureNames() {
  const entries = readdirSync(fixturesFolder, { withFileTypes: true });
  return entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).sort();
}

/** @param {string} name */
export function readCase(name) {
  const {
    about,
    arguments: words = [],
    environment: own = {},
    modes = {},
    folders = [],
    links = {},
  } = readJson(join(fixturesFolder, name, "case.json"));
  return { about, arguments: words, environment: { ...environment, ...own }, modes, folders, links };
}

/**
 * Copies a fixture's tree to a new temporary folder, with what git does not keep: modes, and empty folders.
 * @param {string} name
 */
export function prepareTree(name) {
  const { modes, folders, links } = readCase(name);
  const above = realpathSync(mkdtempSync(join(tmpdir(), "caisson-parity-")));
  const tree = join(above, "tree");
  cpSync(join(fixturesFolder, name, "tree"), tree, { recursive: true });
  for (const folder of folders) mkdirSync(join(tree, folder), { recursive: true });
  for (const [path, target] of Object.entries(links)) {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    symlinkSync(target, join(tree, path));
  }
  for (const [path, mode] of Object.entries(modes)) chmodSync(join(tree, path), Number.parseInt(mode, 8));
  return { tree, above, remove: () => rm(above, { recursive: true, force: true }) };
}

/** @param {string} name */
export function readExpectation(name) {
  const expected = readJson(join(fixturesFolder, name, "expected.json"));
  return expected.error ? expected : withBaseline(expected, readJson(baselineFile));
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const machineCertificates = ["/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/certs/ca-certificates.crt"];

/**
 * A summary in the form that does not depend on where it was made:
 * - the tree is "@TREE@", the folder above it "@ABOVE@";
 * - what lies in the folder of built-in configurations is left out: the reference's folders are arranged differently;
 * - a UUID that nothing in the fixture names is a random one, "@RANDOM@"; so is a seed that is not chosen yet;
 * - the certificates of the machine are left out: whether they are there depends on its packages.
 *
 * @param {{Tools: unknown, Images: unknown[]}} summary
 * @param {{tree: string, above: string, isBuiltIn: (path: string) => boolean, given: string}} where `given`: text that names the UUIDs that were set
 */
export function normalise(summary, where) {
  const given = where.given.toLowerCase().replaceAll("-", "");
  const clean = (value, key) => {
    if (Array.isArray(value)) return value.map((item) => clean(item)).filter((item) => item !== undefined);
    if (value !== null && typeof value === "object") return cleanObject(value);
    if (key === "Seed" && value === null) return "@RANDOM@";
    if (key === "ProxyPeerCertificate" && machineCertificates.includes(value)) return null;
    return typeof value === "string" ? cleanText(value) : value;
  };
  const cleanObject = (object) => {
    const entries = Object.entries(object).map(([key, item]) => [key, clean(item, key)]);
    return entries.some(([key, item]) => key === "Source" && item === undefined)
      ? undefined
      : Object.fromEntries(entries);
  };
  const cleanText = (text) => {
    if (where.isBuiltIn(text)) return undefined;
    if (uuid.test(text) && !given.includes(text.replaceAll("-", ""))) return "@RANDOM@";
    return text.replaceAll(where.tree, "@TREE@").replaceAll(where.above, "@ABOVE@");
  };
  return { Tools: clean(summary.Tools ?? null), Images: clean(summary.Images) };
}

/**
 * All text of a fixture: files and arguments.
 * @param {string} folder
 * @returns {string}
 */
export function textOf(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .map((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return textOf(path);
      return entry.isFile() ? readFileSync(path, "utf8") : "";
    })
    .join("\n");
}

const kindOf = (image) => (["main", "default-initrd", "tools"].includes(image) ? image : "other");

/**
 * For each kind of image and each key the value that most summaries have.
 * @param {{Tools: Record<string, unknown> | null, Images: Record<string, unknown>[]}[]} summaries
 */
export function baselineOf(summaries) {
  const images = summaries.flatMap(({ Tools, Images }) => (Tools === null ? Images : [Tools, ...Images]));
  const kinds = [...new Set(images.map(({ Image }) => kindOf(Image)))].sort();
  const members = (kind) => images.filter(({ Image }) => kindOf(Image) === kind);
  return Object.fromEntries(kinds.map((kind) => [kind, mostCommonValues(members(kind))]));
}

function mostCommonValues(images) {
  const everywhere = (name) => images.every((image) => name in image);
  const names = Object.keys(images[0]).filter((name) => name !== "Image" && everywhere(name));
  return Object.fromEntries(names.map((name) => [name, mostCommon(images.map((image) => image[name]))]));
}

function mostCommon(values) {
  const counts = new Map();
  for (const text of values.map((value) => JSON.stringify(value))) counts.set(text, (counts.get(text) ?? 0) + 1);
  return JSON.parse([...counts].reduce((best, next) => (next[1] > best[1] ? next : best))[0]);
}

/** Leaves out of each image what the baseline says as well. */
export function withoutBaseline({ Tools, Images }, baseline) {
  const reduce = (image) => {
    const usual = baseline[kindOf(image.Image)] ?? {};
    return Object.fromEntries(
      Object.entries(image).filter(([key, value]) => JSON.stringify(usual[key]) !== JSON.stringify(value)),
    );
  };
  return { ...(Tools === null ? {} : { Tools: reduce(Tools) }), Images: Images.map(reduce) };
}

function withBaseline({ Tools, Images }, baseline) {
  const complete = (image) => ({ ...baseline[kindOf(image.Image)], ...image });
  return { Tools: Tools === undefined ? null : complete(Tools), Images: Images.map(complete) };
}

function readJson(file) {
  return JSON.parse(readFileSync(file, "utf8"));
}
