import type { Environment } from "./root.ts";

/** What happens while a tools image is made, for whoever shows it. */
export interface ToolsProgress {
  title: string;
  current?: number;
  total?: number;
  unit?: "bytes" | "items";
  /** A sentence to print once, not a step. */
  notice?: true;
}

/** What every part of making a tools image needs. */
export interface ToolsContext {
  environment: Environment;
  /** URL of a Debian mirror without a trailing slash. */
  mirror: string;
  onProgress: (progress: ToolsProgress) => void;
  signal?: AbortSignal;
}
