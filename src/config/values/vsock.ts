import { didYouMean } from "./near.ts";
import { readInteger } from "./numbers.ts";
import { scalar } from "./scalar.ts";
import { invalid, type ValueType } from "./value-type.ts";

/** Not connection IDs: one that is free, one made from the image's path. */
export const vsockAuto = -1;
export const vsockHash = -2;

const [lowest, highest] = [3, 0xffffffff - 1];

/** A VSOCK connection ID, or `vsockAuto` or `vsockHash`; vsock(7). */
export const vsockCid: ValueType<number> = scalar({
  name: "vsock_cid",
  metavar: "CID",
  form: { kind: "integer", minimum: vsockHash, maximum: highest },
  read: (text, context) => {
    if (text === "auto") return vsockAuto;
    if (text === "hash") return vsockHash;
    const cid = readInteger(text);
    if (cid !== undefined && cid >= lowest && cid <= highest) return cid;
    const guess = didYouMean(text, ["auto", "hash"]);
    throw invalid(context, text, `expected auto, hash or a number from ${lowest} to ${highest}${guess}`);
  },
});
