import { debian } from "./debian.ts";
import type { Distribution } from "./distribution.ts";
import { ubuntu } from "./ubuntu.ts";

/** Every distribution that Caisson builds. */
export const distributions = { debian, ubuntu } as const satisfies Record<string, Distribution>;
export type DistributionName = keyof typeof distributions;
