/** makedev(3) of the C library, taken apart. */
export function deviceNumbers(device: number): { major: number; minor: number } {
  const value = BigInt(device);
  return {
    major: Number(((value >> 8n) & 0xfffn) | ((value >> 32n) & 0xfffff000n)),
    minor: Number((value & 0xffn) | ((value >> 12n) & 0xffffff00n)),
  };
}
