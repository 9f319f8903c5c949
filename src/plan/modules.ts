import type { Config } from "../config/index.ts";

type InitrdSettings = Pick<
  Config,
  "KernelInitrdModules" | "KernelModulesInitrdExclude" | "KernelModulesInitrdIncludeHost"
>;
type ImageSettings = Pick<Config, "KernelModules" | "KernelModulesExclude" | "KernelModulesIncludeHost">;

/** What the words in lists of modules stand for. */
export interface ModuleWords {
  /** `default`: the list of the built-in initrd configuration. */
  defaults: () => readonly string[];
  /** `host`: names of the modules that this machine has loaded. */
  host: () => readonly string[];
}

/**
 * Which kernel modules the modules initrd gets. Later patterns win; `re:` starts a regular expression, `-` takes out.
 *
 * Where nothing is configured it gets the default list. The reference takes every module then, which makes an initrd of
 * some 100 MB that is slow to build and to load; `*` asks for that.
 */
export function initrdModules(config: InitrdSettings, words: ModuleWords): string[] {
  const { KernelInitrdModules, KernelModulesInitrdExclude, KernelModulesInitrdIncludeHost } = config;
  const included = expand(KernelInitrdModules, KernelModulesInitrdIncludeHost, words);
  const patterns = combine(included, KernelModulesInitrdExclude);
  return patterns.length > 0 ? patterns : [...words.defaults()];
}

/** Which kernel modules the image keeps, in the same words; none keeps all. */
export function imageModules(config: ImageSettings, words: ModuleWords): string[] {
  return combine(expand(config.KernelModules, config.KernelModulesIncludeHost, words), config.KernelModulesExclude);
}

function expand(patterns: readonly string[], host: boolean, words: ModuleWords): string[] {
  const all = patterns.flatMap((pattern) => {
    if (pattern === "default") return [...words.defaults()];
    return pattern === "host" ? [...words.host()] : [pattern];
  });
  return host ? [...words.host(), ...all] : all;
}

/** What is excluded is taken out of all modules; what is included as well stays. */
function combine(included: readonly string[], excluded: readonly string[]): string[] {
  return excluded.length > 0 ? ["*", ...excluded.map((regex) => `-${regex}`), ...included] : [...included];
}
