import type { ImagePlan } from "../protocol.ts";
import { apt } from "./apt/index.ts";
import type { PackageManager } from "./package-manager.ts";

export const packageManagers: Record<ImagePlan["packageManager"], PackageManager> = { apt };
