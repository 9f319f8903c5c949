import type { ResolvedImage } from "../../config/index.ts";
import type { ImageOptions } from "./options.ts";

/** The names that programs look for, the first one first. */
const PROXY = ["http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"];
const EXCLUDE = ["no_proxy", "NO_PROXY"];

export function networkPart({ config }: ResolvedImage, { sources }: ImageOptions) {
  const { CacheOnly: cacheOnly, Environment: environment } = config;
  const variable = (names: string[]) => names.map((name) => environment[name]).find((value) => value !== undefined);
  const url = config.ProxyUrl || variable(PROXY);
  if (!url) return { cacheOnly };
  const exclude = (config.ProxyExclude ?? []).filter((host) => host !== "");
  const shared = <T>(make: (prefix: string, path: string) => T, path: string | undefined) =>
    path === undefined ? undefined : make("proxy", path);
  return {
    cacheOnly,
    proxy: {
      url,
      exclude: exclude.length > 0 ? exclude : (variable(EXCLUDE)?.split(",") ?? []),
      authorities: shared((prefix, path) => sources.source(prefix, path), config.ProxyPeerCertificate),
      certificate: shared((prefix, path) => sources.secret(prefix, path), config.ProxyClientCertificate),
      key: shared((prefix, path) => sources.secret(prefix, path), config.ProxyClientKey),
    },
  };
}
