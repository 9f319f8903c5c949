import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { TextDocument } from "vscode-languageserver-textdocument";
import { diagnose, pathOf } from "../../../src/lsp/workspace.ts";
import { debian, folder } from "../config/folder.ts";

/** The codes of the diagnostics of each of the documents, which are given by path or URI. */
async function codes(...documents: [path: string, text: string][]): Promise<unknown[][]> {
  const opened = documents.map(([path, text]) => {
    const uri = path.startsWith("/") ? pathToFileURL(path).href : path;
    return TextDocument.create(uri, "mkosi", 1, text);
  });
  const found = await diagnose(opened, {}, (directory, error) => {
    throw new Error(directory, { cause: error });
  });
  return opened.map(({ uri }) => found.get(uri)?.map(({ code }) => code) ?? []);
}

const wrong = "[Output]\nFormat=diks\n";

test("problems are shown in the document that they are in", async () => {
  const root = folder({ "mkosi.conf": debian, "mkosi.conf.d/a.conf": wrong });
  const main = join(root, "mkosi.conf");
  const part = join(root, "mkosi.conf.d/a.conf");
  expect(await codes([main, debian], [part, wrong])).toEqual([[], ["unknown-format"]]);
  expect(await codes([main, debian])).toEqual([[]]);
});

test("a file that another project includes has its problems once", async () => {
  const root = folder({
    "one/mkosi.conf": `${debian}[Include]\nInclude=../shared/x.conf\n`,
    "two/mkosi.conf": `${debian}[Include]\nInclude=../shared/x.conf\n`,
    "shared/x.conf": "",
  });
  const include = `${debian}[Include]\nInclude=../shared/x.conf\n`;
  expect(
    await codes(
      [join(root, "one/mkosi.conf"), include],
      [join(root, "two/mkosi.conf"), include],
      [join(root, "shared/x.conf"), wrong],
    ),
  ).toEqual([[], [], ["unknown-format"]]);
});

test("a file that no project reads is looked at by itself", async () => {
  const root = folder({ "alone.conf": "" });
  expect(await codes([join(root, "alone.conf"), wrong])).toEqual([["unknown-format"]]);
});

test("a cycle of dependencies is shown in mkosi.conf", async () => {
  const root = folder({
    "mkosi.conf": debian,
    "mkosi.images/a.conf": "[Config]\nDependencies=b\n",
    "mkosi.images/b.conf": "[Config]\nDependencies=a\n",
  });
  const [found] = await codes([join(root, "mkosi.conf"), debian]);
  expect(found).toContain("dependency-cycle");
});

test("a document that is no file is read for its syntax", async () => {
  expect(await codes(["untitled:one", "nonsense"])).toEqual([["invalid-syntax"]]);
});

test("a failure of one project is told, and the others are checked", async () => {
  const root = folder({ "good/mkosi.conf": debian, "bad/mkosi.conf": debian });
  const document = (name: string, text: string) =>
    TextDocument.create(pathToFileURL(join(root, name)).href, "mkosi", 1, text);
  const bad = document("bad/mkosi.conf", debian);
  const good = document("good/mkosi.conf", `${debian}${wrong}`);
  const failures: string[] = [];
  let reads = 0;
  const environment = new Proxy(
    {},
    {
      get: () => {
        if (reads++ === 0) throw new TypeError("a bug");
        return undefined;
      },
    },
  );
  const found = await diagnose([bad, good], environment, (directory) => failures.push(directory));
  expect(failures).toEqual([join(root, "bad")]);
  expect(found.get(good.uri)).toMatchObject([{ code: "unknown-format" }]);
});

test.each([
  ["file:///a/b%20c", "/a/b c"],
  ["untitled:Untitled-1", undefined],
  ["file://other-machine/a", undefined],
  ["no uri", undefined],
])("%s is the file %s", (uri, expected) => {
  expect(pathOf(uri)).toBe(expected);
});
