import { missingCapabilities } from "./capabilities.ts";

/** How containers of one connection are started; empty while the engine's defaults will do. */
export interface RuntimeSettings {
  /** The OCI runtime. */
  runtime?: string;
  /** Left out of "all capabilities". */
  withoutCapabilities?: string[];
}

interface Remedy {
  symptom: RegExp;
  /** Undefined where it has been tried already. */
  apply(settings: RuntimeSettings): Promise<RuntimeSettings | undefined>;
}

/** What goes wrong where a runtime refuses this host, and what is done about it. */
const REMEDIES: readonly Remedy[] = [
  {
    // crun, where controllers of cgroup v1 and v2 are both mounted. runc is in every distribution, and supports both.
    symptom: /cgroups? in hybrid mode/i,
    apply: async (settings) => (settings.runtime === undefined ? { ...settings, runtime: "runc" } : undefined),
  },
  {
    // Docker asks for every capability that the kernel knows, podman for those that there are.
    symptom: /unable to apply caps/i,
    apply: async (settings) =>
      settings.withoutCapabilities === undefined
        ? { ...settings, withoutCapabilities: await missingCapabilities() }
        : undefined,
  },
];

/** What one connection has learnt about its engine. */
export interface RuntimeChoice {
  readonly settings: RuntimeSettings;
  /** Runs `use` with the settings found so far, and again with others where the runtime refuses this host. */
  attempt<T>(use: (settings: RuntimeSettings) => Promise<T>): Promise<T>;
}

export function chooseRuntime(): RuntimeChoice {
  const choice = {
    settings: {} as RuntimeSettings,
    async attempt<T>(use: (settings: RuntimeSettings) => Promise<T>): Promise<T> {
      try {
        return await use(choice.settings);
      } catch (error) {
        const remedied = await remedy(error, choice.settings);
        if (remedied === undefined) throw error;
        choice.settings = remedied;
        return choice.attempt(use);
      }
    },
  };
  return choice;
}

async function remedy(error: unknown, settings: RuntimeSettings): Promise<RuntimeSettings | undefined> {
  return REMEDIES.find(({ symptom }) => error instanceof Error && symptom.test(error.message))?.apply(settings);
}

/** Whether an engine's error says that its runtime cannot work on this host at all. */
export function refusesHost(error: unknown): error is Error {
  return error instanceof Error && REMEDIES.some(({ symptom }) => symptom.test(error.message));
}
