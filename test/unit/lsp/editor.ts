import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { onTestFinished } from "vitest";
import {
  createProtocolConnection,
  DidChangeTextDocumentNotification,
  DidCloseTextDocumentNotification,
  DidOpenTextDocumentNotification,
  ExitNotification,
  InitializedNotification,
  type InitializeParams,
  InitializeRequest,
  MarkupKind,
  type ProtocolConnection,
  PublishDiagnosticsNotification,
  type PublishDiagnosticsParams,
  RegistrationRequest,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver/node";

const banner = 'import { createRequire } from "node:module";\nconst require = createRequire(import.meta.url);';

/** Bundles the program as it is now below the package's folder; the bundle's folder. */
export async function bundle(): Promise<string> {
  const cache = resolve("node_modules/.cache");
  mkdirSync(cache, { recursive: true });
  const outdir = mkdtempSync(join(cache, "lsp-"));
  await build({
    entryPoints: { caisson: "src/main.ts" },
    outdir,
    bundle: true,
    splitting: true,
    platform: "node",
    target: "node20",
    format: "esm",
    outExtension: { ".js": ".mjs" },
    external: ["cpu-features", "*.node"],
    banner: { js: banner },
    logLevel: "error",
  });
  return outdir;
}

/** An editor that has started `caisson lsp`; it is gone after the test. */
export class Editor {
  readonly child: ChildProcess;
  readonly connection: ProtocolConnection;
  readonly exitCode: Promise<number | null>;
  readonly registered: string[] = [];
  readonly published: PublishDiagnosticsParams[] = [];
  #version = 0;

  constructor(program: string, folder: string) {
    this.child = spawn(process.execPath, [join(program, "caisson.mjs"), "lsp", "--stdio"], {
      cwd: folder,
      stdio: ["pipe", "pipe", "ignore"],
    });
    const { stdin, stdout } = this.child;
    if (stdin === null || stdout === null) throw new Error("the child has no pipes");
    this.exitCode = new Promise((done) => this.child.once("exit", done));
    this.connection = createProtocolConnection(new StreamMessageReader(stdout), new StreamMessageWriter(stdin));
    this.connection.onNotification(PublishDiagnosticsNotification.type, (params) => {
      this.published.push(params);
    });
    this.connection.onRequest(RegistrationRequest.type, ({ registrations }) => {
      this.registered.push(...registrations.map(({ method }) => method));
    });
    this.connection.listen();
    onTestFinished(async () => {
      this.connection.dispose();
      this.child.kill("SIGKILL");
      await this.exitCode;
    });
  }

  async initialize() {
    const capabilities = {
      textDocument: { hover: { contentFormat: [MarkupKind.Markdown] } },
      workspace: { didChangeWatchedFiles: { dynamicRegistration: true } },
    };
    const params: InitializeParams = { processId: process.pid, rootUri: null, capabilities };
    const result = await this.connection.sendRequest(InitializeRequest.type, params);
    await this.connection.sendNotification(InitializedNotification.type, {});
    return result;
  }

  async open(path: string, text: string): Promise<string> {
    const uri = pathToFileURL(path).href;
    const textDocument = { uri, languageId: "mkosi", version: ++this.#version, text };
    await this.connection.sendNotification(DidOpenTextDocumentNotification.type, { textDocument });
    return uri;
  }

  /** Replaces the whole text. */
  async change(uri: string, text: string): Promise<void> {
    const textDocument = { uri, version: ++this.#version };
    const params = { textDocument, contentChanges: [{ text }] };
    await this.connection.sendNotification(DidChangeTextDocumentNotification.type, params);
  }

  async close(uri: string): Promise<void> {
    await this.connection.sendNotification(DidCloseTextDocumentNotification.type, { textDocument: { uri } });
  }

  /** The diagnostics of the document that come next, from now on. */
  async diagnostics(uri: string): Promise<PublishDiagnosticsParams["diagnostics"]> {
    for (;;) {
      const index = this.published.findIndex((params) => params.uri === uri);
      if (index >= 0) return this.published.splice(0, index + 1).at(-1)?.diagnostics ?? [];
      await new Promise((done) => setTimeout(done, 20));
    }
  }

  async shutDown(): Promise<void> {
    await this.connection.sendRequest(ShutdownRequest.type);
    await this.exit();
  }

  async exit(): Promise<void> {
    await this.connection.sendNotification(ExitNotification.type);
  }
}

export async function removeBundle(program: string): Promise<void> {
  await rm(program, { recursive: true, force: true });
}
