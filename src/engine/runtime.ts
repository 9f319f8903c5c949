/**
 * A runtime that refuses a host where another one works: crun does so where controllers of cgroup v1 and v2 are both
 * mounted ("cgroups in hybrid mode not supported").
 */
const REFUSAL = /cgroups? in hybrid mode|hybrid cgroup|unknown version specified/i;

/** What is used instead. It is in every distribution, and supports both versions of cgroups. */
const SUBSTITUTE = "runc";

/** The runtime that one connection names for its containers; `undefined` while the engine's default will do. */
export interface RuntimeChoice {
  readonly name: string | undefined;
  /** Runs `use` with the runtime chosen so far, and once more with the substitute where that one refuses this host. */
  attempt<T>(use: (runtime: string | undefined) => Promise<T>): Promise<T>;
}

/** `first` is the runtime to begin with; undefined: the engine's default. */
export function chooseRuntime(first?: string): RuntimeChoice {
  let chosen = first;
  return {
    get name() {
      return chosen;
    },
    async attempt(use) {
      try {
        return await use(chosen);
      } catch (error) {
        if (chosen !== undefined || !refusesHost(error)) throw error;
        const result = await use(SUBSTITUTE);
        chosen = SUBSTITUTE;
        return result;
      }
    },
  };
}

/** Whether an engine's error says that its runtime cannot work on this host at all. */
export function refusesHost(error: unknown): boolean {
  return error instanceof Error && REFUSAL.test(error.message);
}
