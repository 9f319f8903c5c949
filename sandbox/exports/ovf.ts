import type { ExportPlan } from "../protocol.ts";

export type OvfFacts = ExportPlan["machine"] & {
  disk: {
    file: string;
    /** Bytes of the file. */
    size: number;
    /** Bytes of the disk in it. */
    capacity: number;
  };
};

const NAMESPACES = {
  "": "http://schemas.dmtf.org/ovf/envelope/1",
  ":ovf": "http://schemas.dmtf.org/ovf/envelope/1",
  ":rasd": "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_ResourceAllocationSettingData",
  ":vssd": "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_VirtualSystemSettingData",
  ":vmw": "http://www.vmware.com/schema/ovf",
};
const STREAM_OPTIMIZED = "http://www.vmware.com/interfaces/specifications/vmdk.html#streamOptimized";

/** Of CIM_OperatingSystem.OsType: LINUX, Linux 64-Bit. */
const LINUX = { 32: 36, 64: 101 };
const NARROW: readonly string[] = ["x86", "arm", "mips-le", "ppc", "riscv32"];

/** Of CIM_ResourceAllocationSettingData.ResourceType. */
const RESOURCE = { processor: 3, memory: 4, scsi: 6, network: 10, disk: 17 };

/** The descriptor of one machine with one disk and one network (DSP0243 1.1, "OVF descriptor"). */
export function ovfDescriptor({ name, memory, cpus, firmware, architecture, disk }: OvfFacts): string {
  const namespaces = Object.entries(NAMESPACES).map(([prefix, uri]) => ` xmlns${prefix}="${uri}"`);
  const system = LINUX[NARROW.includes(architecture) ? 32 : 64];
  const items = [
    item(1, RESOURCE.processor, {
      ElementName: `${cpus} virtual CPUs`,
      VirtualQuantity: cpus,
      AllocationUnits: "hertz * 10^6",
    }),
    item(2, RESOURCE.memory, {
      ElementName: `${memory} MiB of memory`,
      VirtualQuantity: memory,
      AllocationUnits: "byte * 2^20",
    }),
    item(3, RESOURCE.scsi, { ElementName: "SCSI controller", ResourceSubType: "lsilogic", Address: 0 }),
    item(4, RESOURCE.disk, { ElementName: "Disk 1", HostResource: "ovf:/disk/vmdisk1", Parent: 3, AddressOnParent: 0 }),
    item(5, RESOURCE.network, {
      ElementName: "Network adapter",
      ResourceSubType: "E1000",
      Connection: "network",
      AutomaticAllocation: "true",
    }),
  ];
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<Envelope${namespaces.join("")}>`,
    "  <References>",
    `    <File ovf:id="file1" ovf:href="${escapeXml(disk.file)}" ovf:size="${disk.size}"/>`,
    "  </References>",
    "  <DiskSection>",
    "    <Info>Disks</Info>",
    `    <Disk ovf:diskId="vmdisk1" ovf:fileRef="file1" ovf:capacity="${disk.capacity}" ovf:format="${STREAM_OPTIMIZED}"/>`,
    "  </DiskSection>",
    "  <NetworkSection>",
    "    <Info>Networks</Info>",
    '    <Network ovf:name="network"><Description>The network of the machine</Description></Network>',
    "  </NetworkSection>",
    `  <VirtualSystem ovf:id="${escapeXml(name)}">`,
    "    <Info>A virtual machine</Info>",
    `    <Name>${escapeXml(name)}</Name>`,
    `    <OperatingSystemSection ovf:id="${system}"><Info>The operating system</Info></OperatingSystemSection>`,
    "    <VirtualHardwareSection>",
    "      <Info>Virtual hardware</Info>",
    "      <System>",
    "        <vssd:ElementName>Virtual hardware family</vssd:ElementName>",
    "        <vssd:InstanceID>0</vssd:InstanceID>",
    `        <vssd:VirtualSystemIdentifier>${escapeXml(name)}</vssd:VirtualSystemIdentifier>`,
    "        <vssd:VirtualSystemType>vmx-14</vssd:VirtualSystemType>",
    "      </System>",
    ...items,
    `      <vmw:Config ovf:required="false" vmw:key="firmware" vmw:value="${firmware}"/>`,
    "    </VirtualHardwareSection>",
    "  </VirtualSystem>",
    "</Envelope>",
    "",
  ].join("\n");
}

/** Elements in the order of the schema, which is that of their names. */
function item(instance: number, type: number, elements: Record<string, string | number>): string {
  const all = Object.entries({ ...elements, InstanceID: instance, ResourceType: type });
  const lines = all
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `        <rasd:${name}>${escapeXml(String(value))}</rasd:${name}>`);
  return ["      <Item>", ...lines, "      </Item>"].join("\n");
}

function escapeXml(text: string): string {
  const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? character);
}
