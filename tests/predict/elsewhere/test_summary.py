"""Networks by their three numbers: kinds by name, sane speeds, software that matters."""

import pytest

from advisor.predict.elsewhere import summary
from advisor.predict.elsewhere.forecast import Run, Software
from advisor.predict.elsewhere.summary import Summary, family_of, kind_of

RESNET = Summary(macs=4.11e9, activations=11.1e6, params=25.6e6, name="resnet50.a1_in1k")


def run(**changes):
    return Run(**({"phase": "inference", "dtype": "amp", "batch": 256.0} | changes))


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("resnet50", "conv"),
        ("timm/vit_base_patch16_224.augreg", "plain-vit"),
        ("swin_tiny_patch4_window7_224", "attention"),
        ("tf_efficientnet_b0", "padded"),
        ("mobilenetv3_large_100", "depthwise"),
        ("regnety_032", "grouped"),
        ("maxvit_tiny_tf_224", "hybrid"),
        ("densenet121", "dense"),
        ("poolformer_s12", "former"),
        ("convnext_tiny", "former"),
        ("gmlp_s16_224", "mixer"),
        (None, "conv"),
    ],
)
def test_kinds(name, kind):
    assert kind_of(name) == kind


def test_families():
    assert family_of("resnet50.a1_in1k") == "resnet"
    assert family_of("50net") == ""


def test_resnet50_on_an_rtx_3090(device, figures):
    """2,600 to 3,000 images/s in fp16 autocast, as timm's results have it."""
    made = summary.forecast(RESNET, device("NVIDIA GeForce RTX 3090"), run(), figures)
    assert 2300 < 256 / made.seconds < 3400


@pytest.mark.parametrize(
    ("changed", "low", "high"),
    [
        ({"software": Software(compile=True)}, 0.4, 0.9),
        ({"software": Software(torch="1.13")}, 0.8, 1.5),
        ({"phase": "training"}, 2.5, 4.5),
        ({"dtype": "fp32"}, 1.3, 4.0),
        ({"batch": 512.0}, 1.7, 2.2),
    ],
)
def test_conditions_matter(device, figures, changed, low, high):
    card = device("NVIDIA GeForce RTX 3090")
    base = summary.forecast(RESNET, card, run(), figures).seconds
    assert low < summary.forecast(RESNET, card, run(**changed), figures).seconds / base < high


# Medians over some 1,400 networks of timm's published tables, in fp16 autocast.
@pytest.mark.parametrize(
    ("name", "than", "ratio"),
    [
        ("NVIDIA GeForce RTX 4090", "NVIDIA GeForce RTX 3090", 1.41),
        ("NVIDIA GeForce RTX 5090", "NVIDIA GeForce RTX 4090", 1.46),
        (
            "NVIDIA RTX PRO 6000 Blackwell Max-Q Workstation Edition",
            "NVIDIA GeForce RTX 5090",
            1.0,
        ),
    ],
)
def test_ratios_of_cards_are_near_the_published_ones(device, figures, name, than, ratio):
    seconds = [summary.forecast(RESNET, device(n), run(), figures).seconds for n in (than, name)]
    assert seconds[0] / seconds[1] == pytest.approx(ratio, rel=0.15)


def test_wider_matrix_units_alone_gain_less_than_their_rate(device, figures):
    """An A100 has 4.4 times the matrix rate of a 3090 and 1.7 times its bandwidth."""
    cards = [device(n) for n in ("NVIDIA GeForce RTX 3090", "NVIDIA A100-SXM4-40GB")]
    seconds = [summary.forecast(RESNET, card, run(), figures).seconds for card in cards]
    assert 1.4 < seconds[0] / seconds[1] < 2.4


def test_extremes_stay_finite(device, figures):
    tiny = Summary(macs=1.0, activations=1.0, params=0.0)
    huge = Summary(macs=1e15, activations=1e12, params=1e12)
    for net in (tiny, huge):
        made = summary.forecast(net, device("NVIDIA L4"), run(), figures)
        assert 0 < made.seconds < 1e12


def test_one_sample_waits_for_the_host(device, figures):
    card = device("NVIDIA H100 80GB HBM3")
    one, compiled, many = (
        summary.forecast(RESNET, card, run(batch=batch, software=software), figures)
        for batch, software in ((1, Software()), (1, Software(compile=True)), (256, Software()))
    )
    assert one.bound == "launch"
    assert one.seconds == pytest.approx(figures["summary.host"], rel=0.2)
    assert compiled.seconds < 0.5 * one.seconds
    assert many.fixed < 0.05 * many.seconds
