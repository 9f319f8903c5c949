import { chmodSync, existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type CompletionItem,
  CompletionRequest,
  DefinitionRequest,
  DidChangeWatchedFilesNotification,
  DocumentFormattingRequest,
  DocumentLinkRequest,
  DocumentSymbolRequest,
  FileChangeType,
  type FileEvent,
  HoverRequest,
} from "vscode-languageserver/node";
import { debian, folder } from "../config/folder.ts";
import { bundle, Editor, removeBundle } from "./editor.ts";

let program = "";
beforeAll(async () => {
  program = await bundle();
}, 60_000);
afterAll(() => removeBundle(program));

/** A started server, and a document that is open in it. */
async function editing(text: string, files: Record<string, string> = {}) {
  const root = folder({ "mkosi.conf": debian, ...files });
  const editor = new Editor(program, root);
  await editor.initialize();
  const uri = await editor.open(join(root, "mkosi.conf"), text);
  return { root, editor, uri, connection: editor.connection, textDocument: { uri } };
}

describe("diagnostics", () => {
  test("appear for unsaved text, are mended by a change, and go when the document is closed", async () => {
    const { editor, uri } = await editing(`${debian}[Output]\nFormat=diks\n`);
    expect(await editor.diagnostics(uri)).toMatchObject([
      { range: { start: { line: 4 } }, severity: 1, code: "unknown-format", source: "caisson" },
    ]);
    await editor.change(uri, `${debian}[Output]\nFormat=disk\n`);
    expect(await editor.diagnostics(uri)).toEqual([]);
    await editor.change(uri, `${debian}Format\n`);
    expect(await editor.diagnostics(uri)).toMatchObject([{ code: "invalid-syntax" }]);
    await editor.close(uri);
    expect(await editor.diagnostics(uri)).toEqual([]);
  });

  test("of one document follow from the text of another", async () => {
    const { root, editor, uri } = await editing(debian);
    expect(await editor.diagnostics(uri)).toEqual([]);
    const other = await editor.open(join(root, "mkosi.conf.d/new.conf"), "[Output]\nFormat=diks\n");
    expect(await editor.diagnostics(other)).toMatchObject([{ code: "unknown-format" }]);
  });

  test("follow a file that changes outside of the editor", async () => {
    const include = `${debian}[Include]\nInclude=more.conf\n`;
    const { root, editor, uri, connection } = await editing(include, { "more.conf": "" });
    expect(await editor.diagnostics(uri)).toEqual([]);
    expect(editor.registered).toEqual(["workspace/didChangeWatchedFiles"]);
    rmSync(join(root, "more.conf"));
    const changes: FileEvent[] = [{ uri: pathToFileURL(join(root, "more.conf")).href, type: FileChangeType.Deleted }];
    await connection.sendNotification(DidChangeWatchedFilesNotification.type, { changes });
    expect(await editor.diagnostics(uri)).toMatchObject([{ code: "file-not-found" }]);
  });

  test("run nothing of the folder", async () => {
    const root = folder({ "mkosi.conf": debian });
    const script = join(root, "mkosi.version");
    writeFileSync(script, `#!/bin/sh\ntouch ${root}/ran\necho 1\n`);
    chmodSync(script, 0o755);
    const editor = new Editor(program, root);
    await editor.initialize();
    const uri = await editor.open(join(root, "mkosi.conf"), debian);
    expect(await editor.diagnostics(uri)).toEqual([]);
    expect(existsSync(join(root, "ran"))).toBe(false);
  });
});

describe("requests", () => {
  test("say what the server can do", async () => {
    const editor = new Editor(program, folder({}));
    expect(await editor.initialize()).toMatchObject({
      serverInfo: { name: "caisson" },
      capabilities: { hoverProvider: true, definitionProvider: true, documentFormattingProvider: true },
    });
  });

  test("complete values", async () => {
    const { connection, textDocument } = await editing(`${debian}[Output]\nFormat=d`);
    const position = { line: 4, character: 8 };
    const items = (await connection.sendRequest(CompletionRequest.type, {
      textDocument,
      position,
    })) as CompletionItem[];
    expect(items.map(({ label }) => label)).toContain("directory");
  });

  test("explain a setting", async () => {
    const { connection, textDocument } = await editing(debian);
    const hover = await connection.sendRequest(HoverRequest.type, {
      textDocument,
      position: { line: 2, character: 2 },
    });
    expect(hover).toMatchObject({
      contents: { kind: "markdown", value: expect.stringMatching(/^\*\*Release=\*\*\n/) },
      range: { start: { line: 2, character: 0 }, end: { line: 2, character: 7 } },
    });
  });

  test("lead to included files", async () => {
    const { root, connection, textDocument } = await editing("[Include]\nInclude=more.conf\n", { "more.conf": "" });
    const target = pathToFileURL(join(root, "more.conf")).href;
    const position = { line: 1, character: 10 };
    expect(await connection.sendRequest(DefinitionRequest.type, { textDocument, position })).toEqual([
      { uri: target, range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } } },
    ]);
    expect(await connection.sendRequest(DocumentLinkRequest.type, { textDocument })).toEqual([
      { target, range: { start: { line: 1, character: 8 }, end: { line: 1, character: 17 } } },
    ]);
  });

  test("give the outline", async () => {
    const { connection, textDocument } = await editing(debian);
    const symbols = await connection.sendRequest(DocumentSymbolRequest.type, { textDocument });
    expect(symbols?.map(({ name }) => name)).toEqual(["Distribution"]);
  });

  test("format", async () => {
    const { connection, textDocument } = await editing("[Output]\nFormat = disk\n");
    const options = { tabSize: 8, insertSpaces: true };
    expect(await connection.sendRequest(DocumentFormattingRequest.type, { textDocument, options })).toEqual([
      {
        newText: "[Output]\nFormat=disk\n",
        range: { start: { line: 0, character: 0 }, end: { line: 2, character: 0 } },
      },
    ]);
  });

  test("about a document that is not open have empty answers", async () => {
    const { connection } = await editing(debian);
    const request = { textDocument: { uri: "file:///nowhere/mkosi.conf" }, position: { line: 3, character: 3 } };
    expect(await connection.sendRequest(HoverRequest.type, request)).toBeNull();
    expect(await connection.sendRequest(CompletionRequest.type, request)).toEqual([]);
  });
});

describe("the end", () => {
  test("is 0 after shutdown", async () => {
    const { editor } = await editing(debian);
    await editor.shutDown();
    expect(await editor.exitCode).toBe(0);
  });

  test("is 1 without shutdown", async () => {
    const { editor } = await editing(debian);
    await editor.exit();
    expect(await editor.exitCode).toBe(1);
  });

  test("is 1 when the editor is gone", async () => {
    const { editor } = await editing(debian);
    editor.child.stdin?.end();
    expect(await editor.exitCode).toBe(1);
  });

  test("is 130 when it is interrupted", async () => {
    const { editor } = await editing(debian);
    editor.child.kill("SIGTERM");
    expect(await editor.exitCode).toBe(130);
  });
});

test.each([
  ["no JSON", "Content-Length: 3\r\n\r\n{]}"],
  ["no message", "Content-Length: 4\r\n\r\nnull"],
  ["a message of no kind", contentOf({ jsonrpc: "2.0" })],
  ["an unknown method", contentOf({ jsonrpc: "2.0", method: "unknown" })],
  ["a length that is no number", "Content-Length: long\r\n\r\n"],
  ["a header without a colon", "garbage\r\n\r\n"],
  ["a header without a length", "Content-Type: text/plain\r\n\r\n"],
  ["parameters of the wrong kind", contentOf({ jsonrpc: "2.0", method: "textDocument/didOpen", params: [1] })],
  ["a position out of the text", contentOf(hoverAt({ line: 1e9, character: -1 }))],
])("%s does not end the server", async (_, message) => {
  const { editor, connection, textDocument } = await editing(debian);
  editor.child.stdin?.write(message);
  const hover = await connection.sendRequest(HoverRequest.type, { textDocument, position: { line: 1, character: 1 } });
  expect(hover).toMatchObject({ range: { start: { line: 1, character: 0 } } });
  await editor.shutDown();
  expect(await editor.exitCode).toBe(0);
});

function hoverAt(position: { line: number; character: number }) {
  const params = { textDocument: { uri: "file:///nowhere" }, position };
  return { jsonrpc: "2.0", method: "textDocument/hover", id: "own", params };
}

function contentOf(message: unknown): string {
  const text = JSON.stringify(message);
  return `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
}
