import { textList } from "../values/collections.ts";
import { path } from "../values/paths.ts";
import { text } from "../values/scalars.ts";
import { Environment } from "./environment.ts";
import { type Get, type Surroundings, setting } from "./setting.ts";

const certificateBundles = ["/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/certs/ca-certificates.crt"];

const ProxyClientCertificate = setting({
  name: "ProxyClientCertificate",
  section: "Build",
  scope: "multiversal",
  type: path({ required: true, secret: true }),
  long: "--proxy-client-certificate",
  help: "Certificate that the proxy knows this client by",
});

export const proxySettings = [
  setting({
    name: "ProxyUrl",
    section: "Build",
    scope: "multiversal",
    type: text,
    default: (get, surroundings): string | undefined =>
      variable(["http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"], get, surroundings),
    defaultText: "http_proxy, https_proxy or the like in the environment",
    clearable: true,
    long: "--proxy-url",
    metavar: "URL",
    help: "Proxy for all that a build fetches",
  }),
  setting({
    name: "ProxyExclude",
    section: "Build",
    scope: "multiversal",
    type: textList({ metavar: "HOST" }),
    default: (get, surroundings): string[] | undefined =>
      variable(["no_proxy", "NO_PROXY"], get, surroundings)?.split(","),
    defaultText: "no_proxy or NO_PROXY in the environment",
    long: "--proxy-exclude",
    help: "Hosts that are asked without the proxy",
  }),
  setting({
    name: "ProxyPeerCertificate",
    section: "Build",
    scope: "multiversal",
    type: path({ required: true }),
    default: (_get, { exists }): string | undefined => certificateBundles.find((bundle) => exists(bundle)),
    defaultText: "this machine's certificate authorities",
    clearable: true,
    long: "--proxy-peer-certificate",
    help: "Certificates that the proxy is checked with",
  }),
  ProxyClientCertificate,
  setting({
    name: "ProxyClientKey",
    section: "Build",
    scope: "multiversal",
    type: path({ required: true, secret: true }),
    default: (get): string | undefined => get(ProxyClientCertificate),
    defaultText: "the file of ProxyClientCertificate=",
    clearable: true,
    long: "--proxy-client-key",
    help: "Private key of ProxyClientCertificate=",
  }),
] as const;

/**
 * The first variable of these names in the environment. Where Environment= has one, the reference's configuration has
 * an empty text, and tools take the value from Environment= itself.
 */
function variable(names: readonly string[], get: Get, { environment }: Surroundings): string | undefined {
  if (Object.keys(get(Environment)).some((name) => names.includes(name))) return "";
  return Object.entries(environment).find(([name, value]) => value !== undefined && names.includes(name))?.[1];
}
