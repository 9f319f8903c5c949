import { lstatSync } from "node:fs";
import { symlink } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "../context.ts";
import { step } from "../events.ts";
import { setModes, writeBeside } from "../outputs/beside.ts";
import { type Delivery, isIntact, lastDelivery, recordDelivery } from "../outputs/delivery.ts";
import { moveIntoPlace, outputExists } from "../outputs/move.ts";
import { signatureInputs } from "../outputs/signature.ts";
import { withStaging } from "../outputs/staging.ts";
import { DeliveryPart, OUTPUT_PATH } from "../protocol.ts";
import { postOutputInputs, postOutputScripts, stageScriptOutputs } from "../scripts/post-output.ts";
import { valueHash } from "../tree/hash.ts";
import { partInputs } from "../tree/inputs.ts";
import { type Artifact, artifactKey, type Parts, writeOutput } from "./artifact.ts";

/** Puts everything that an image delivers into the user's folder: each file whole, or not at all. */
export async function deliver(context: Context, parts: Parts): Promise<Artifact> {
  const { image, emit, plan } = context;
  refuseExisting(context);
  const content = await artifactKey(context, parts);
  const scripts = await postOutputInputs(context);
  const beside = { ...(await partInputs(image, DeliveryPart)), signer: await signatureInputs(context) };
  const key = valueHash({ content, scripts, ...beside }).slice(0, 32);
  const last = await lastDelivery(plan.project, image.output);
  const current = plan.rebuild === "none" && last?.key === key && isIntact(last);
  emit({ type: "layer", image: image.name, layer: "output", key, cached: current, changed: [] });
  const make = () =>
    withStaging(context, async (staging) => {
      await stage(context, parts, staging);
      return moveIntoPlace(context, { staging, key, last });
    });
  const delivery = current ? last : await step(emit, image.name, `Writing ${image.outputFile}`, make);
  if (!current) await recordDelivery(context, delivery);
  announce(context, delivery);
  // What the next image is made of is this one's content, whatever else was delivered with it.
  const main = delivery.files.find(({ name }) => name === image.outputFile);
  return { key: main?.sha256 ?? content, path: join(OUTPUT_PATH, image.outputFile) };
}

/** Everything that is delivered, in one folder. What is in it at the end is moved to the output directory, and nothing else. */
async function stage(context: Context, parts: Parts, staging: string): Promise<void> {
  await stageScriptOutputs(context, parts.beside, staging);
  await writeOutput(context, parts, staging);
  await writeBeside(context, parts.tree.stack, staging);
  await linkName(context, staging);
  await postOutputScripts(context, staging);
  await setModes(context, staging);
}

function refuseExisting({ plan, image }: Context): void {
  if (plan.force || !lstatSync(join(OUTPUT_PATH, image.outputFile), { throwIfNoEntry: false })) return;
  throw outputExists(image.outputFile);
}

/** The name without extensions always leads to the newest output. */
async function linkName({ image }: Context, staging: string): Promise<void> {
  const path = join(staging, image.output);
  if (!lstatSync(path, { throwIfNoEntry: false })) await symlink(image.outputFile, path);
}

function announce({ emit, image }: Context, { files }: Delivery): void {
  for (const { name: file, kind, size, sha256 } of files) {
    if (kind === "link") continue;
    emit({ type: "output", image: image.name, file, size, ...(sha256 ? { sha256 } : {}) });
  }
}
