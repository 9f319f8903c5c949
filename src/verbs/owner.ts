import type { VerbContext } from "./verb.ts";

export interface Owner {
  uid: number;
  gid: number;
}

/** Whom delivered files belong to: the caller, and under sudo(8) the one who called that. */
export function outputOwner({ environment, user }: Pick<VerbContext, "environment" | "user">): Owner | undefined {
  const { SUDO_UID: uid, SUDO_GID: gid } = environment;
  if (user?.uid === 0 && isId(uid) && isId(gid)) return { uid: Number(uid), gid: Number(gid) };
  return user;
}

function isId(text: string | undefined): boolean {
  return text !== undefined && /^\d+$/.test(text);
}
