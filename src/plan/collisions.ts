import { ExitCode } from "../../sandbox/exit-code.ts";
import type { ResolvedImage } from "../config/index.ts";
import { UserError } from "../errors.ts";
import { listNames } from "./image/delivery.ts";
import { outputFile, outputNames } from "./image/index.ts";

/** Throws UserError `outputs-collide` where two things of a build would be one file of the output directory. */
export function refuseCollisions(images: readonly ResolvedImage[]): void {
  const owners = new Map<string, string>();
  for (const { image, config } of images) {
    if (listNames(config).includes(outputFile(config)))
      throw collision(`the image ${image} and a list of what is in it are both called ${outputFile(config)}`);
    for (const name of outputNames(config)) {
      const other = owners.get(name);
      if (other !== undefined) throw collision(`the images ${other} and ${image} both deliver ${name}`);
      owners.set(name, image);
    }
  }
}

function collision(message: string): UserError {
  const hint = "Give them different names with Output=, ImageId= or OutputExtension=";
  return new UserError("outputs-collide", message, { exitCode: ExitCode.usage, hint });
}
