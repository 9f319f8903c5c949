import { pathToFileURL } from "node:url";
import {
  type Connection,
  DidChangeWatchedFilesNotification,
  type InitializeResult,
  type Location,
  MarkupKind,
  type Position,
  TextDocumentSyncKind,
  TextDocuments,
  TextEdit,
} from "vscode-languageserver";
import { TextDocument } from "vscode-languageserver-textdocument";
import { formatIni } from "../config/format.ts";
import { completionAt } from "./completion.ts";
import { hoverAt } from "./hover.ts";
import { projectFacts } from "./project.ts";
import { contains } from "./range.ts";
import { symbolsOf } from "./symbols.ts";
import { type Surroundings, targetsIn } from "./targets.ts";
import { diagnose, filesOf, pathOf } from "./workspace.ts";

export interface ServerOptions {
  version: string;
  environment: Readonly<Record<string, string | undefined>>;
  /** Milliseconds from a change to its diagnostics, so that typing does not wait for them. */
  delay?: number;
}

/** Files that configuration consists of, whether or not they are open. */
const watchers = ["**/mkosi.*", "**/mkosi.*/**", "**/*.conf"].map((globPattern) => ({ globPattern }));

/** Answers what an editor asks for over the connection, which is not listening yet. */
export function serve(connection: Connection, { version, environment, delay = 200 }: ServerOptions): void {
  const documents = new TextDocuments(TextDocument);
  let markup: MarkupKind = MarkupKind.PlainText;
  let watches = false;

  connection.onInitialize(({ capabilities }) => {
    const formats = capabilities.textDocument?.hover?.contentFormat ?? [];
    if (formats.includes(MarkupKind.Markdown)) markup = MarkupKind.Markdown;
    watches = capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration === true;
    return abilities(version);
  });
  connection.onInitialized(() => {
    if (watches) void connection.client.register(DidChangeWatchedFilesNotification.type, { watchers });
  });
  connection.onHover(({ textDocument, position }) => hoverAt(textOf(textDocument.uri), position, markup));
  connection.onDocumentSymbol(({ textDocument }) => symbolsOf(textOf(textDocument.uri)));
  connection.onDocumentFormatting(({ textDocument }) => format(documents.get(textDocument.uri)));
  connection.onCompletion(({ textDocument, position }) =>
    completionAt(textOf(textDocument.uri), position, surroundings(textDocument.uri)),
  );
  connection.onDefinition(({ textDocument, position }) =>
    definitions(textOf(textDocument.uri), position, surroundings(textDocument.uri)),
  );
  connection.onDocumentLinks(({ textDocument }) => {
    const found = targetsIn(textOf(textDocument.uri), surroundings(textDocument.uri));
    return found.flatMap(({ range, paths: [path] }) => (path === undefined ? [] : [{ range, target: uriOf(path) }]));
  });

  const check = checker(connection, documents, environment, delay);
  documents.onDidChangeContent(check);
  documents.onDidSave(check);
  connection.onDidChangeWatchedFiles(check);
  documents.onDidClose(({ document: { uri } }) => {
    void connection.sendDiagnostics({ uri, diagnostics: [] });
    check();
  });
  documents.listen(connection);

  function textOf(uri: string): string {
    return documents.get(uri)?.getText() ?? "";
  }

  /** A document that is no file yet has what a file in the root folder would have. */
  function surroundings(uri: string): Surroundings {
    const files = filesOf(documents.all());
    const file = pathOf(uri) ?? "/mkosi.conf";
    return { file, facts: projectFacts(file, files), files, environment };
  }
}

function abilities(version: string): InitializeResult {
  return {
    serverInfo: { name: "caisson", version },
    capabilities: {
      textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
      completionProvider: { triggerCharacters: ["[", "=", "%", "/", "|", "!"] },
      hoverProvider: true,
      definitionProvider: true,
      documentLinkProvider: {},
      documentFormattingProvider: true,
      documentSymbolProvider: true,
    },
  };
}

/** Sends diagnostics a while after the last of several calls. */
function checker(
  connection: Connection,
  documents: TextDocuments<TextDocument>,
  environment: ServerOptions["environment"],
  delay: number,
): () => void {
  let timer: NodeJS.Timeout | undefined;
  const check = async () => {
    const versions = new Map(documents.all().map(({ uri, version }) => [uri, version]));
    const found = await diagnose(documents.all(), environment, (directory, error) =>
      connection.console.error(`${directory}: ${error instanceof Error ? (error.stack ?? error.message) : error}`),
    );
    for (const [uri, diagnostics] of found) {
      const version = documents.get(uri)?.version;
      // It was changed or closed meanwhile.
      if (version === undefined || version !== versions.get(uri)) continue;
      await connection.sendDiagnostics({ uri, version, diagnostics });
    }
  };
  return () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      check().catch((error: Error) => connection.console.error(error.stack ?? error.message));
    }, delay);
  };
}

function format(document: TextDocument | undefined): TextEdit[] {
  if (document === undefined) return [];
  const text = document.getText();
  const formatted = formatIni(text);
  if (formatted === text) return [];
  return [TextEdit.replace({ start: document.positionAt(0), end: document.positionAt(text.length) }, formatted)];
}

/** Folders are no place to go to. */
function definitions(text: string, position: Position, surroundings: Surroundings): Location[] {
  const start = { line: 0, character: 0 };
  return targetsIn(text, surroundings)
    .filter(({ range }) => contains(range, position))
    .flatMap(({ paths }) => paths)
    .filter((path) => !surroundings.files.isDirectory(path))
    .map((path) => ({ uri: uriOf(path), range: { start, end: start } }));
}

function uriOf(path: string): string {
  return pathToFileURL(path).href;
}
