import type { Origin } from "./resolved.ts";
import type { Get, Setting, Surroundings } from "./settings/setting.ts";
import type { ValueContext } from "./values/value-type.ts";

/** A setting that was assigned. A value of undefined means that the last assignment was empty. */
interface Slot {
  value: unknown;
  origins: Origin[];
  /** An empty assignment was among them, so what weaker sources say does not count. */
  wasEmptied: boolean;
}

/**
 * The values of one image while files are read: a strong layer (the command line, local files, what the main image
 * imposes), and a weak one (configuration files). Collections of both add up; else the strong one wins.
 */
export class Namespace {
  readonly surroundings: Surroundings;
  readonly #strong = new Map<Setting, Slot>();
  readonly #weak = new Map<Setting, Slot>();
  /** A default that was looked at stays, even where it would be another later. */
  readonly #defaults = new Map<Setting, unknown>();

  constructor(surroundings: Surroundings) {
    this.surroundings = surroundings;
  }

  /** Adds one assignment, from its text. */
  assign(layer: "strong" | "weak", setting: Setting, text: string, origin: Origin, context: ValueContext): void {
    const slots = layer === "strong" ? this.#strong : this.#weak;
    const old = slots.get(setting);
    const value = setting.type.parse(text, old?.value, context);
    const origins = setting.type.collection && value !== undefined ? [...(old?.origins ?? []), origin] : [origin];
    slots.set(setting, { value, origins, wasEmptied: value === undefined || old?.wasEmptied === true });
  }

  /** Puts a value in place that was read elsewhere. */
  put(layer: "strong" | "weak", setting: Setting, value: unknown, origins: Origin[]): void {
    (layer === "strong" ? this.#strong : this.#weak).set(setting, { value, origins, wasEmptied: false });
  }

  /** Whether a file or the command line says something about it. */
  has(layer: "strong" | "weak", setting: Setting): boolean {
    return (layer === "strong" ? this.#strong : this.#weak).has(setting);
  }

  /** Makes all that files said so far stronger than files that are read from now on. */
  strengthen(): void {
    for (const setting of this.#weak.keys()) {
      const wasEmptied = this.#strong.get(setting)?.wasEmptied === true;
      this.#strong.set(setting, { value: this.get(setting), origins: this.origins(setting), wasEmptied });
    }
    this.#weak.clear();
  }

  /** The value as it stands, or the default. */
  readonly get: Get = <V>(setting: Setting<string, V>): V => this.#find(setting) as V;

  /** Empty where the value is the default. */
  origins(setting: Setting): Origin[] {
    const [strong, weak] = [this.#strong.get(setting), this.#weak.get(setting)];
    if (strong === undefined) return weak?.origins ?? [];
    return this.#addsUp(setting, strong, weak) ? [...(weak?.origins ?? []), ...strong.origins] : strong.origins;
  }

  #find(setting: Setting): unknown {
    const [strong, weak] = [this.#strong.get(setting), this.#weak.get(setting)];
    if (strong?.value !== undefined) {
      return this.#addsUp(setting, strong, weak) ? setting.type.merge?.(weak?.value, strong.value) : strong.value;
    }
    if (strong === undefined && weak?.value !== undefined) return weak.value;
    const isSet = strong !== undefined || weak !== undefined;
    return isSet && (setting.type.collection || setting.clearable) ? setting.type.empty : this.#default(setting);
  }

  #addsUp(setting: Setting, strong: Slot, weak: Slot | undefined): boolean {
    return setting.type.collection && strong.value !== undefined && weak?.value !== undefined && !strong.wasEmptied;
  }

  #default(setting: Setting): unknown {
    if (!this.#defaults.has(setting)) this.#defaults.set(setting, setting.fallback(this.get, this.surroundings));
    return this.#defaults.get(setting);
  }
}
