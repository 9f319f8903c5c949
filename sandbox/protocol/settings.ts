import * as z from "zod";

/** Settings by name, in the reference's JSON. */
export const Settings = z.record(z.string(), z.unknown());
