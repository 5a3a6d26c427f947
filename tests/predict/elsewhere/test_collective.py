"""Several devices wait for their gradients, more so without a link of their own."""

from advisor.predict.elsewhere import collective

GRADIENTS = 4 * 340e6  # bytes: BERT large in fp32


def test_one_device_waits_for_nobody(device, figures):
    assert collective.exposed(device("NVIDIA L4"), 1, GRADIENTS, 1.0, figures) == 0


def test_a_link_is_faster_than_pcie(device, figures):
    linked = collective.bus(device("NVIDIA A100-SXM4-80GB"), figures)
    assert 180e9 < linked < 300e9  # NCCL reaches some 230 GB/s of its 300 one way
    assert collective.bus(device("NVIDIA L40S"), figures) < 0.1 * linked


def test_a_short_step_cannot_hide_the_sum(device, figures):
    card = device("NVIDIA L40S")
    long, short = (collective.exposed(card, 8, GRADIENTS, t, figures) for t in (10.0, 0.01))
    assert short > long > 0
