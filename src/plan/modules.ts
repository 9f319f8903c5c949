import type { Config } from "../config/index.ts";

type ModuleSettings = Pick<Config, "KernelInitrdModules" | "KernelModulesInitrdExclude">;

/**
 * Which kernel modules the modules initrd gets. Later patterns win; `re:` starts a regular expression, `-` takes out.
 *
 * Where nothing is configured it gets `defaults`, the list of the built-in initrd configuration. The reference takes
 * every module then, which makes an initrd of some 100 MB that is slow to build and to load; `*` asks for that.
 */
export function modulePatterns(config: ModuleSettings, defaults: () => readonly string[]): string[] {
  const included = config.KernelInitrdModules.flatMap((glob) => (glob === "default" ? defaults() : [glob]));
  // What is excluded is taken out of all modules; what is included as well stays.
  const excluded = config.KernelModulesInitrdExclude.map((regex) => `-${regex}`);
  if (excluded.length > 0) return ["*", ...excluded, ...included];
  return included.length > 0 ? included : [...defaults()];
}
