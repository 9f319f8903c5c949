import type { ResolvedImage } from "../../config/index.ts";
import { distributionOf } from "./distribution.ts";

export function identityPart({ config }: ResolvedImage) {
  return {
    osRelease: distributionOf(config).osRelease(config.Release),
    makeInitrd: config.MakeInitrd,
    imageId: config.ImageId,
    imageVersion: config.ImageVersion,
    rootPassword: config.RootPassword,
    rootShell: config.RootShell,
    hostname: config.Hostname,
    locale: config.Locale,
    localeMessages: config.LocaleMessages,
    timezone: config.Timezone,
    keymap: config.Keymap,
    machineId: config.MachineId?.replaceAll("-", ""),
    autologin: config.Autologin,
    ssh: config.Ssh,
  };
}
