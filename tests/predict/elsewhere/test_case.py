"""Cases are decoded strictly where they are read, and leniently where they are not."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.errors import AdvisorError
from advisor.predict.elsewhere import case as cases
from advisor.predict.elsewhere.case import OpLine, decoded, name_of

GOOD = b'{"id": "a", "device": "X", "phase": "inference", "workload": {"opaque": "w"}, "more": [1]}'


def test_defaults():
    case = decoded(GOOD)
    assert (case.count, case.dtype, case.batch, case.known) == (1, "fp32", 1.0, ())
    assert (case.software.compile, case.software.layout) == (False, "nchw")
    assert cases.run(case).phase == "inference"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b"", "truncated"),
        (b"nonsense", "malformed"),
        (b"[]", "Expected `object`"),
        (GOOD.replace(b"inference", b"sleeping"), "Invalid enum"),
        (GOOD.replace(b'"opaque": "w"', b'"macs": -1'), "workload.macs"),
        (GOOD.replace(b'"opaque": "w"', b'"macs": 1e999'), "."),
        (GOOD.replace(b'"device": "X", ', b""), "device"),
        (GOOD.replace(b'"X"', b'"' + b"X" * 501 + b'"'), "length"),
        (b'{"id":' * 5000, "."),
        (b"\xff\xfe", "."),
    ],
)
def test_bad_lines(line, message):
    with pytest.raises(AdvisorError, match=message):
        decoded(line)


@pytest.mark.parametrize(
    ("line", "name"),
    [(b'{"id": 7, "phase": 3}', 7), (b'{"id": "x"}', "x"), (b"no", None), (b'{"id": []}', None)],
)
def test_a_bad_case_keeps_its_name(line, name):
    assert name_of(line) == name


@given(st.binary(max_size=200))
def test_no_line_raises_anything_else(line):
    name_of(line)
    with contextlib.suppress(AdvisorError):
        assert decoded(line).device


def test_forms():
    form = cases.Form(macs=1e9, activations=1e6, params=1e6, name="n")
    assert cases.summary(form).macs == 1e9
    assert cases.summary(cases.Form(name="cnn")) is None
    model = cases.Model(params=1e9, active_params=5e8)
    assert cases.language(model, "bf16").bytes == 2e9
    assert cases.language(model, "bf16").active == 5e8


def test_activations_that_are_not_given_are_guessed():
    made = cases.summary(cases.Form(macs=4.1e9))
    assert made.guessed
    assert made.activations == pytest.approx(11.1e6, rel=0.2)  # resnet50's


@pytest.mark.parametrize(
    ("old", "new", "field", "value"),
    [
        (b'"id": "a"', b'"id": "a", "batch": null, "known": null, "software": null', "batch", 1),
        (b"inference", b"Train", "phase", "training"),
        (b'"id": "a"', b'"id": "a", "count": 4.0, "dtype": null', "count", 4),
    ],
)
def test_what_is_meant_is_plain(old, new, field, value):
    assert getattr(decoded(GOOD.replace(old, new)), field) == value


def test_torch_may_be_a_number():
    line = GOOD.replace(b'"id": "a"', b'"id": "a", "software": {"torch": 2.4, "layout": null}')
    assert decoded(line).software.torch == 2.4


@pytest.mark.parametrize("name", ["gemm", "Linear", "matmul", "bmm"])
def test_products_by_any_name(name):
    made = cases.op(OpLine(op=name, m=2, n=3, k=4), 4.0)
    assert (made.op, made.weights) == ("gemm", 12.0)


def test_bytes_become_elements():
    made = cases.op(OpLine(op="softmax", bytes=400.0), 4.0)
    assert (made.op, made.kernel, made.reads) == ("elementwise", "softmax", 100.0)


@pytest.mark.parametrize("bad", [{"r": 9}, {"groups": 3}])
def test_an_impossible_convolution_is_an_error(bad):
    line = OpLine(**({"op": "conv", "c": 4, "k": 4, "h": 4, "w": 4} | bad))
    with pytest.raises(AdvisorError, match="conv"):
        cases.op(line, 4.0)
