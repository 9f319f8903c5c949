import type { Origin, SettingAssignment, Skipped } from "./resolved.ts";
import { findSetting, type SettingName } from "./settings/index.ts";
import type { Get, Setting, Surroundings } from "./settings/setting.ts";
import type { ValueContext } from "./values/value-type.ts";

/** `strong`: the command line, local files, what the main image imposes; `weak`: configuration files. */
export type Layer = "strong" | "weak" | "default";

/** A setting that was assigned. A value of undefined means that the last assignment was empty. */
interface Slot {
  value: unknown;
  origins: Origin[];
  /** Nobody else has the value, so that it may be added to in place. */
  isOwn: boolean;
  /** It was put in order since the last assignment. */
  isArranged: boolean;
  /** An empty assignment was among them, so what weaker sources say does not count. */
  wasEmptied: boolean;
}

/**
 * The values of one image while files are read. Collections of the strong and the weak layer add up; of other values
 * the strong one wins.
 */
export class Namespace {
  readonly surroundings: Surroundings;
  readonly assignments: SettingAssignment[] = [];
  readonly skipped: Skipped[] = [];
  readonly #strong = new Map<Setting, Slot>();
  readonly #weak = new Map<Setting, Slot>();
  /** A default that was looked at stays, even where it would be another later. */
  readonly #defaults = new Map<Setting, unknown>();

  constructor(surroundings: Surroundings) {
    this.surroundings = surroundings;
  }

  /** Adds one assignment, from its text. */
  assign(layer: "strong" | "weak", setting: Setting, text: string, origin: Origin, context: ValueContext): void {
    const slots = this.#slots(layer);
    const target = setting.addsTo === undefined ? setting : (findSetting(setting.addsTo) ?? setting);
    const old = slots.get(target);
    const value = setting.type.parse(text, ownValue(old), context);
    const isReset = value === undefined;
    const wasEmptied = isReset || old?.wasEmptied === true;
    const origins = setting.type.collection && !isReset ? withOrigin(old, origin) : [origin];
    slots.set(target, { value, origins, isOwn: true, isArranged: false, wasEmptied });
    this.assignments.push({ setting: target.name as SettingName, origin, isReset });
  }

  /** Puts a value in place that was read elsewhere; undefined as an empty assignment does. */
  put(layer: Layer, setting: Setting, value: unknown, origins: readonly Origin[], wasEmptied = false): void {
    if (layer === "default") this.#defaults.set(setting, value);
    else this.#slots(layer).set(setting, { value, origins: [...origins], isOwn: false, isArranged: true, wasEmptied });
  }

  /** The strongest layer that says something about it. */
  layerOf(setting: Setting): Layer {
    return this.#strong.has(setting) ? "strong" : this.#weak.has(setting) ? "weak" : "default";
  }

  /** Whether an empty assignment of the strong layer keeps out what files say. */
  wasEmptied(setting: Setting): boolean {
    return this.#strong.get(setting)?.wasEmptied === true;
  }

  /** What one layer alone says. */
  layerValue<V>(layer: "strong" | "weak", setting: Setting<string, V>): V | undefined {
    return this.#slots(layer).get(setting as Setting)?.value as V | undefined;
  }

  /** Makes all that files said so far stronger than files that are read from now on. */
  strengthen(): void {
    for (const setting of this.#weak.keys()) {
      this.put("strong", setting, this.get(setting), this.origins(setting), this.wasEmptied(setting));
    }
    this.#weak.clear();
  }

  /** The value as it stands, or the default. */
  readonly get: Get = <V>(setting: Setting<string, V>): V => this.#find(setting as Setting) as V;

  /** Empty where the value is the default. */
  origins(setting: Setting): readonly Origin[] {
    const [strong, weak] = [this.#strong.get(setting), this.#weak.get(setting)];
    if (strong === undefined) return weak?.origins ?? [];
    return addsUp(setting, strong, weak) ? [...(weak?.origins ?? []), ...strong.origins] : strong.origins;
  }

  #slots(layer: "strong" | "weak"): Map<Setting, Slot> {
    return layer === "strong" ? this.#strong : this.#weak;
  }

  #find(setting: Setting): unknown {
    const [strong, weak] = [arranged(setting, this.#strong.get(setting)), arranged(setting, this.#weak.get(setting))];
    if (strong?.value !== undefined) {
      return addsUp(setting, strong, weak) ? setting.type.merge?.(weak?.value, strong.value) : strong.value;
    }
    if (strong === undefined && weak?.value !== undefined) return weak.value;
    const isSet = strong !== undefined || weak !== undefined;
    return isSet && setting.clearable ? setting.type.empty : this.#default(setting);
  }

  #default(setting: Setting): unknown {
    if (!this.#defaults.has(setting)) this.#defaults.set(setting, setting.fallback(this.get, this.surroundings));
    return this.#defaults.get(setting);
  }
}

/** What may be added to in place: a copy where others have it too. */
function ownValue(slot: Slot | undefined): unknown {
  const value = slot?.value;
  if (slot === undefined || slot.isOwn || typeof value !== "object" || value === null) return value;
  return Array.isArray(value) ? [...value] : { ...value };
}

function withOrigin(slot: Slot | undefined, origin: Origin): Origin[] {
  if (slot === undefined) return [origin];
  if (!slot.isOwn) return [...slot.origins, origin];
  slot.origins.push(origin);
  return slot.origins;
}

function arranged(setting: Setting, slot: Slot | undefined): Slot | undefined {
  if (slot === undefined || slot.isArranged || slot.value === undefined) return slot;
  slot.value = setting.type.arrange?.(slot.value) ?? slot.value;
  slot.isArranged = true;
  return slot;
}

function addsUp(setting: Setting, strong: Slot, weak: Slot | undefined): boolean {
  return setting.type.collection && strong.value !== undefined && weak?.value !== undefined && !strong.wasEmptied;
}
