"""Accelerators other than GPUs, by PCI identity: what they are called and who drives them.

Sources: pci.ids of 2023-04-11, and the makers' drivers for what came later: habanalabs, ivpu,
amdxdna and qaic (Linux, drivers/accel), aws-neuron-driver, tt-kmd, JAX (cloud_tpu_init), Huawei's
NPU driver guide. Date of the table: 2026-11.
"""

# Vendor, device -> name. A name is a chip's, as its maker calls it.
NAMES = {
    (0x1DA3, 0x0001): "Habana Goya",
    (0x1DA3, 0x0030): "Habana Greco",
    (0x1DA3, 0x1000): "Intel Gaudi",
    (0x1DA3, 0x1010): "Intel Gaudi",
    (0x1DA3, 0x1020): "Intel Gaudi 2",
    (0x1DA3, 0x1021): "Intel Gaudi 2",
    (0x1DA3, 0x1060): "Intel Gaudi 3",
    (0x1DA3, 0x1063): "Intel Gaudi 3",
    (0x1AE0, 0x0027): "Google TPU v2 or v3",
    (0x1AE0, 0x005E): "Google TPU v4",
    (0x1AE0, 0x0062): "Google TPU v5p",
    (0x1AE0, 0x0063): "Google TPU v5e",
    (0x1AE0, 0x006F): "Google TPU v6e",
    (0x1AE0, 0x0076): "Google TPU7x",
    (0x1AC1, 0x089A): "Google Coral Edge TPU",
    (0x1D0F, 0x7064): "AWS Inferentia",
    (0x1D0F, 0x7065): "AWS Inferentia",
    (0x1D0F, 0x7066): "AWS Inferentia",
    (0x1D0F, 0x7067): "AWS Inferentia",
    (0x1D0F, 0x7164): "AWS Trainium",
    (0x1D0F, 0x7264): "AWS Inferentia2",
    (0x1D0F, 0x7364): "AWS Trainium2",
    (0x1D0F, 0x7564): "AWS Trainium3",
    (0x1E52, 0xFACA): "Tenstorrent Grayskull",
    (0x1E52, 0x401E): "Tenstorrent Wormhole",
    (0x1E52, 0xB140): "Tenstorrent Blackhole",
    (0x1E60, 0x2864): "Hailo-8",
    (0x1BCF, 0x001C): "NEC Vector Engine 1.0",
    (0x17CB, 0xA100): "Qualcomm Cloud AI 100",
    (0x17CB, 0xA080): "Qualcomm Cloud AI 080",
    (0x1D95, 0x0001): "Graphcore Colossus GC2",
    (0x1D95, 0x0002): "Graphcore Colossus GC1",
    (0x1ED2, 0x0000): "FuriosaAI Warboy",
    (0x19E5, 0xD100): "Huawei Ascend 310",
    (0x19E5, 0xD500): "Huawei Ascend 310P",
    (0x19E5, 0xD801): "Huawei Ascend 910",
    (0x19E5, 0xD802): "Huawei Ascend 910B",
    (0x8086, 0x7D1D): "Intel NPU (Meteor Lake)",
    (0x8086, 0xAD1D): "Intel NPU (Arrow Lake)",
    (0x8086, 0x643E): "Intel NPU (Lunar Lake)",
    (0x8086, 0xB03E): "Intel NPU (Panther Lake)",
    (0x1022, 0x1502): "AMD XDNA NPU (Phoenix, Hawk Point)",
    (0x1022, 0x17F0): "AMD XDNA 2 NPU (Strix, Krackan)",
}

# Vendors that make nothing else, so that a new device id of theirs is an accelerator as well.
VENDORS = {
    0x1DA3: "Habana", 0x1E52: "Tenstorrent", 0x1E60: "Hailo", 0x1D95: "Graphcore",
    0x1ED2: "FuriosaAI", 0x1EFF: "Rebellions", 0xCABC: "Cambricon", 0x1E36: "Enflame",
    0x1FE9: "MemryX", 0x1F9D: "Axelera", 0x1FF4: "DeepX",
}  # fmt: skip
MAKERS = {
    0x1AE0: "Google", 0x1AC1: "Google", 0x1D0F: "AWS", 0x1BCF: "NEC", 0x17CB: "Qualcomm",
    0x19E5: "Huawei", 0x8086: "Intel", 0x1022: "AMD", 0x1DA3: "Intel",
}  # fmt: skip
# On these, a virtual machine's pass-through driver is how the maker's own library drives the chip.
BY_VFIO = {0x1AE0}
