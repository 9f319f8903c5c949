import type { ResolvedImage } from "../../config/index.ts";
import { configError } from "../../config/values/value-type.ts";

/** Characters that fields of an ISO 9660 volume hold. */
const LENGTHS = { ElToritoSystem: 32, ElToritoVolume: 32, ElToritoPublisher: 128 } as const;

/** Throws UserError `el-torito`, where a field does not fit. */
export function elToritoPart({ config }: ResolvedImage) {
  const field = (name: keyof typeof LENGTHS) => checked(name, config[name] ?? "");
  return {
    elTorito: {
      wanted: config.ElTorito,
      system: field("ElToritoSystem"),
      volume: field("ElToritoVolume"),
      publisher: field("ElToritoPublisher"),
    },
  };
}

function checked(name: keyof typeof LENGTHS, value: string): string {
  if (value.length <= LENGTHS[name] && /^[ -~]*$/.test(value)) return value;
  throw configError("el-torito", `${name}=${value}: expected at most ${LENGTHS[name]} characters of ASCII`);
}
