import { afterAll, expect, test } from "vitest";
import { makePlan } from "../../../src/plan/index.ts";
