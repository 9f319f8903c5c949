/**
 * The environment in which a tool's clock stands still, from libfaketime. sbsign(1) and systemd-sbsign(1) write the
 * time of signing into a signature, and ask nobody but the clock for it. Nothing checks it: UEFI firmware looks neither
 * at it nor at the dates of a certificate.
 *
 * `epoch` in seconds. Files keep their own times.
 */
export function stoppedClock(epoch: number): Record<string, string> {
  const time = new Date(epoch * 1000).toISOString().replace("T", " ").slice(0, 19);
  // $LIB is for ld.so(8), which knows where the architecture's libraries are.
  return { LD_PRELOAD: "/usr/$LIB/faketime/libfaketime.so.1", FAKETIME: time, NO_FAKE_STAT: "1" };
}
