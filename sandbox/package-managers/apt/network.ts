import type { Context } from "../../context.ts";
import { SOURCES_PATH } from "../../protocol.ts";
import type { Bind } from "../../run.ts";

/** Where tools see what they need for a proxy; as in mkosi, where scripts may know it. */
const PLACES = { authorities: "/proxy.cacert", certificate: "/proxy.clientcert", key: "/proxy.clientkey" } as const;

/** What apt is told of the proxy (apt-transport-http(1), apt-transport-https(1)). In no key: it changes nothing that comes. */
export function networkConfiguration({ image: { proxy } }: Context): string {
  if (!proxy) return "";
  const settings = ["http", "https"].flatMap((scheme) => [
    [`Acquire::${scheme}::Proxy`, proxy.url],
    ...proxy.exclude.map((host) => [`Acquire::${scheme}::Proxy::${host.replace(/^\.|:\d+$/g, "")}`, "DIRECT"]),
  ]);
  if (proxy.authorities) settings.push(["Acquire::https::CAInfo", PLACES.authorities]);
  if (proxy.certificate) settings.push(["Acquire::https::SslCert", PLACES.certificate]);
  if (proxy.key) settings.push(["Acquire::https::SslKey", PLACES.key]);
  return settings.map(([name, value]) => `${name} "${value}";\n`).join("");
}

/** The files that the proxy's settings name, for a tool's namespace. */
export function proxyBinds({ image: { proxy } }: Context): Bind[] {
  if (!proxy) return [];
  const files = [
    [proxy.authorities?.source, PLACES.authorities],
    [proxy.certificate?.secret, PLACES.certificate],
    [proxy.key?.secret, PLACES.key],
  ] as const;
  return files.flatMap(([name, target]) =>
    name === undefined ? [] : [{ source: `${SOURCES_PATH}/${name}`, target, readOnly: true }],
  );
}

/** curl(1) words that do the same. */
export function proxyWords({ image: { proxy } }: Context): string[] {
  if (!proxy) return [];
  const words = ["--proxy", proxy.url, "--noproxy", proxy.exclude.join(",")];
  if (proxy.authorities) words.push("--cacert", PLACES.authorities, "--proxy-cacert", PLACES.authorities);
  if (proxy.certificate) words.push("--proxy-cert", PLACES.certificate, "--cert", PLACES.certificate);
  if (proxy.key) words.push("--proxy-key", PLACES.key, "--key", PLACES.key);
  return words;
}
