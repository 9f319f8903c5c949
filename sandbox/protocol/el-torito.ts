import * as z from "zod";
import { Feature } from "./sources.ts";

/** Whether firmware boots a disk from a CD-ROM drive too, and what the drive is told of it. */
export const ElToritoPart = z.object({
  elTorito: z.object({
    wanted: Feature,
    /** Fields of the ISO 9660 volume; empty where they say nothing. */
    system: z.string(),
    volume: z.string(),
    publisher: z.string(),
  }),
});
